import type * as Y from 'yjs'
import { copyElement, type ElementCopy, elementMap } from './copy.ts'
import type { DeckElement } from './deck.ts'
import { moveTo, newId, orderedIn, setField, takePlaces } from './place.ts'
import { elementsMap, FARTHEST, readElement, slideMap } from './read.ts'
import { readColor } from './themes.ts'

/** What somebody does with the elements of a slide. Each is one transaction; what is gone meanwhile is passed over. */

/** Where an element is. */
export type Geometry = Pick<DeckElement, 'x' | 'y' | 'width' | 'height' | 'rotation'>

function elementsOf(doc: Y.Doc, slide: string): Y.Map<unknown> | null {
  const map = slideMap(doc, slide)
  return map && elementsMap(map)
}

/** Puts elements on top of a slide, from back to front. @returns their ids; none when the slide is gone */
export function addElements(doc: Y.Doc, slide: string, copies: readonly ElementCopy[]): string[] {
  return doc.transact(() => {
    const elements = elementsOf(doc, slide)
    if (!elements || copies.length === 0) return []
    const keys = takePlaces(elements, orderedIn(elements), elements.size, copies.length)
    return copies.map((copy, at) => {
      const id = newId()
      elements.set(id, elementMap(copy, keys[at] ?? ''))
      return id
    })
  })
}

/** Copies elements on their slide, a step to the right and below. @returns the ids of the copies */
export function duplicateElements(doc: Y.Doc, slide: string, ids: readonly string[], step = 16): string[] {
  const elements = elementsOf(doc, slide)
  if (!elements) return []
  const copies = orderedIn(elements).flatMap(({ id }) => {
    const element = ids.includes(id) ? readElement(id, elements.get(id)) : null
    return element ? [copyElement({ ...element, x: element.x + step, y: element.y + step })] : []
  })
  return addElements(doc, slide, copies)
}

export function deleteElements(doc: Y.Doc, slide: string, ids: readonly string[]): void {
  doc.transact(() => {
    for (const id of ids) elementsOf(doc, slide)?.delete(id)
  })
}

/** Sets where elements are; numbers that are none are passed over, and far away is as far as readers go. */
export function setGeometry(doc: Y.Doc, slide: string, changes: Iterable<[id: string, Partial<Geometry>]>): void {
  doc.transact(() => {
    const elements = elementsOf(doc, slide)
    for (const [id, change] of changes) {
      for (const [key, value] of Object.entries(change)) {
        if (!Number.isFinite(value)) continue
        // Hundredths of a pixel are enough for anybody, and half the bytes.
        const rounded = Math.round(Math.min(FARTHEST, Math.max(-FARTHEST, value)) * 100) / 100
        setField(elements?.get(id), key, rounded)
      }
    }
  })
}

/** All that a style can set; an element takes of it what its type has. */
export type Style = Partial<{
  [K in Exclude<AllKeys<DeckElement>, 'id' | 'type' | 'order' | 'text' | keyof Geometry>]: ValueOf<DeckElement, K>
}>
type AllKeys<T> = T extends unknown ? keyof T : never
type ValueOf<T, K> = T extends unknown ? (K extends keyof T ? T[K] : never) : never

/** Sets how elements look. */
export function setStyle(doc: Y.Doc, slide: string, ids: readonly string[], style: Style): void {
  doc.transact(() => {
    const elements = elementsOf(doc, slide)
    for (const id of ids) {
      const element = readElement(id, elements?.get(id))
      if (!element) continue
      for (const [key, value] of Object.entries(style)) {
        const color = key === 'fill' || key === 'stroke' || key === 'color'
        if (key in element && (!color || readColor(value) !== undefined)) setField(elements?.get(id), key, value)
      }
    }
  })
}

export type Direction = 'front' | 'forward' | 'backward' | 'back'

/** Moves elements before or behind others; several keep their order among themselves. */
export function reorderElements(doc: Y.Doc, slide: string, ids: readonly string[], direction: Direction): void {
  doc.transact(() => {
    const elements = elementsOf(doc, slide)
    if (!elements) return
    const items = orderedIn(elements)
    const moving = items.flatMap(({ id }) => (ids.includes(id) ? [id] : []))
    const first = items.findIndex(({ id }) => moving.includes(id))
    if (first < 0) return
    const last = items.findLastIndex(({ id }) => moving.includes(id))
    const others = items.filter(({ id }) => !moving.includes(id))
    const behindLast = others.filter((item) => items.indexOf(item) < last).length
    const index = {
      front: others.length,
      forward: Math.min(others.length, behindLast + 1),
      backward: Math.max(0, first - 1),
      back: 0,
    }[direction]
    moveTo(elements, moving, index)
  })
}
