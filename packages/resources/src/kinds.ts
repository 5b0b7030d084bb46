import type { Kind } from '@realtime/contracts'
import { canvas } from './canvas/canvas.ts'
import { document } from './document/document.ts'
import type { ResourceKind } from './kind.ts'
import { slides } from './slides/slides.ts'

/** Every kind; the compiler asks for each word of the contract. */
export const resourceKinds: Record<Kind, ResourceKind> = { document, canvas, slides }
