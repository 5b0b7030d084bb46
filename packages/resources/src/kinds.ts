import type { Kind } from '@realtime/contracts'
import { document } from './document/document.ts'
import type { ResourceKind } from './kind.ts'

/** Every kind; the compiler asks for each word of the contract. */
export const resourceKinds: Record<Kind, ResourceKind> = { document }
