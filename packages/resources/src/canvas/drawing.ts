import { generateNKeysBetween } from 'fractional-indexing'
import * as Y from 'yjs'
import { type CanvasElementType, elementParts, partsOf } from './element.ts'
import { canvasElements } from './reading.ts'

/** An element as programs draw it; readers fill in what is left out. */
export interface Drawn {
  id: string
  type: CanvasElementType
  x: number
  y: number
  width: number
  height: number
  /** What depends on the type. */
  [property: string]: unknown
}

/** Draws elements on an empty canvas, from back to front. The caller opens the transaction. */
export function drawElements(doc: Y.Doc, elements: readonly Drawn[]): void {
  const map = doc.getMap(canvasElements)
  const keys = generateNKeysBetween(null, null, elements.length)
  for (const [at, element] of elements.entries()) {
    const whole = { ...element, angle: 0, isDeleted: false, index: keys[at] ?? null }
    const parts = partsOf(whole)
    const fields = elementParts.filter((part) => parts[part] !== undefined)
    map.set(element.id, new Y.Map(fields.map((part) => [part, parts[part]])))
  }
}
