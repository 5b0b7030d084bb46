export { documentFragment } from './document/document.ts'
export * from './kind.ts'
export * from './kinds.ts'
