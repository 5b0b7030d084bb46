export * from './outbox.ts'
export * from './provider.ts'
export * from './state.ts'
