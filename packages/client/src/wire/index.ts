export * from './chunks.ts'
export * from './digest.ts'
export * from './messages.ts'
export * from './parser.ts'
