export { fragmentsOf, type PrivateCopy, type SetAside, setAsideKept } from './copies.ts'
export { type KeptBase, type KeptUpdate, memoryStore, type OutboxStore } from './outbox.ts'
export * from './provider.ts'
export * from './state.ts'
