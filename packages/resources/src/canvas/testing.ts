import * as Y from 'yjs'
import type { CanvasElement, CanvasElementType } from './element.ts'
import { readElement } from './reading.ts'
import { type CanvasScene, changed, type SceneElement, sceneElement } from './scene.ts'

/** A scene in memory that is edited as Excalidraw edits its own: new objects with a higher version. */
export class MemoryScene implements CanvasScene {
  list: SceneElement[] = []
  inHand = new Set<string>()
  drawn: string | null = null
  /** How often something was shown. */
  shows = 0
  onChange = () => {}

  elements = () => this.list
  drawing = () => this.drawn
  busy = () => (this.drawn === null ? this.inHand : new Set([...this.inHand, this.drawn]))

  show(elements: SceneElement[]): void {
    this.shows++
    this.list = elements
  }

  get(id: string): SceneElement {
    const found = this.list.find((element) => element.id === id)
    if (!found) throw new Error(`no element ${id} in the scene`)
    return found
  }

  /** Those that can be seen, from back to front. */
  visible(): SceneElement[] {
    return this.list.filter((element) => !element.isDeleted)
  }

  add(element: CanvasElement): SceneElement {
    const added = sceneElement(element)
    this.list = [...this.list, added]
    this.bind(added)
    this.onChange()
    return added
  }

  edit(id: string, changes: Partial<SceneElement>): void {
    this.list = this.list.map((element) => (element.id === id ? changed(element, changes) : element))
    this.bind(this.get(id))
    this.onChange()
  }

  /** Notes an arrow on the shapes that it ends at, as far as it still is there. */
  private bind(arrow: SceneElement): void {
    if (arrow.type !== 'arrow') return
    const ends = [arrow.startBinding, arrow.endBinding].map((end) => (end as { elementId: string } | null)?.elementId)
    this.list = this.list.map((element) => {
      if (!ends.includes(element.id) || element.isDeleted) return element
      const others = (element.boundElements ?? []).filter(({ id }) => id !== arrow.id)
      const boundElements = arrow.isDeleted ? others : [...others, { id: arrow.id, type: 'arrow' as const }]
      return changed(element, { boundElements })
    })
  }
}

let count = 0

/** An element with everything that its type needs; `given` overrides any of it. */
export function element(type: CanvasElementType, given: Record<string, unknown> = {}): CanvasElement {
  const { id = `${type}-${++count}`, index = null, isDeleted = false, ...properties } = given
  const map = new Y.Doc().getMap('one')
  const points = [
    [0, 0],
    [100, 50],
  ]
  map.set('geometry', { x: 10, y: 20, width: 100, height: 50, points, ...properties })
  map.set('text', { width: 100, height: 50, text: 'Words', originalText: 'Words', ...properties })
  map.set('style', properties)
  map.set('rest', { ...properties, type })
  map.set('index', index)
  const read = readElement(String(id), map)
  if (!read) throw new Error(`not an element: ${JSON.stringify(given)}`)
  return { ...read, isDeleted: isDeleted === true }
}

/** Writes an element into a map of elements as one part each, without a binding. */
export function put(map: Y.Map<unknown>, id: string, parts: Record<string, unknown>): void {
  map.set(id, new Y.Map(Object.entries(parts)))
}

/** A generator of random numbers in [0, 1) that a seed repeats. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
