import * as Y from 'yjs'
import { type CanvasElement, type ElementPart, elementParts, isElementType, partsOf } from './element.ts'
import { canvasElements, readElement } from './reading.ts'
import { type CanvasScene, changed, ordered, type SceneElement, sceneElement, settle } from './scene.ts'
import { isWorthSharing, thinned } from './sharing.ts'

/** How long local edits are gathered before they are written, in milliseconds. */
const FLUSH_MS = 40
/** How often a stroke that is being drawn is written, in milliseconds: each time all of it is. */
const STROKE_MS = 100
/** How long others' edits are gathered before they are shown, in milliseconds. */
const SHOW_MS = 16

/** Keeps a scene and the Yjs map of its elements equal. */
export interface CanvasBinding {
  /** Something in the scene may have changed: writes it soon. */
  changed(): void
  /** Writes what changed, now. */
  flush(): void
  /** Whether edits of the scene are written. What was made before is, in any case. */
  setEditable(editable: boolean): void
  /** Writes what changed, and lets go. */
  destroy(): void
}

export interface CanvasBindingOptions {
  doc: Y.Doc
  scene: CanvasScene
  editable: boolean
}

/** What the scene and the state were last known to agree on, for one element. */
interface Seen {
  version: number
  versionNonce: number
  /** Each part as JSON. */
  parts: Partial<Record<ElementPart, string>>
}

/**
 * Binds a scene to a document, beginning with showing all that is in it. Local edits are found by comparing the scene
 * with what was last seen, part by part; so an element that is missing in the scene says nothing, and comes back.
 */
export function bindCanvas({ doc, scene, editable: mayWrite }: CanvasBindingOptions): CanvasBinding {
  const map = doc.getMap<unknown>(canvasElements)
  const seen = new Map<string, Seen>()
  /** What others changed, and is not shown yet. */
  const pending = new Set<string>(map.keys())
  /** What this person began to draw in this session; may vanish again with the gesture. */
  const begun = new Set<string>()
  /** The index of each element in the state, where it has a sound one. */
  const indices = new Map<string, string | null>()
  const origin = {}
  let editable = mayWrite
  let strokeAt = 0
  let flushTimer: ReturnType<typeof setTimeout> | undefined
  let showTimer: ReturnType<typeof setTimeout> | undefined

  function observe(events: Y.YEvent<Y.AbstractType<unknown>>[], transaction: Y.Transaction): void {
    if (transaction.origin === origin) return
    for (const event of events) {
      if (event.target === map) for (const id of event.keys.keys()) pending.add(id)
      else pending.add(String(event.path[0]))
    }
    showTimer ??= setTimeout(show, SHOW_MS)
  }

  function schedule(ms: number): void {
    flushTimer ??= setTimeout(() => {
      flush()
      const busy = scene.busy()
      // The gesture that others' edits waited for may be over.
      if ([...pending].some((id) => !busy.has(id))) show()
    }, ms)
  }

  /** @param all also what of a stroke would wait */
  function flush(all = false): void {
    clearTimeout(flushTimer)
    flushTimer = undefined
    if (!editable) return
    const elements = scene.elements()
    const drawing = scene.drawing()
    if (drawing !== null) begun.add(drawing)
    const writes: { element: SceneElement; parts: ElementPart[] }[] = []
    let known = 0
    for (const element of elements) {
      const last = seen.get(element.id)
      if (last) known++
      if (last && last.version === element.version && last.versionNonce === element.versionNonce) continue
      if (!isElementType(element.type) || (!last && !isWorthSharing(element))) continue
      const parts = diff(element, last)
      const stroke = !all && element.id === drawing && element.type === 'freedraw'
      if (stroke && parts.length > 0 && last && performance.now() - strokeAt < STROKE_MS) {
        schedule(STROKE_MS)
        continue
      }
      if (stroke) strokeAt = performance.now()
      const sent = stroke ? thinned(element) : element
      if (parts.length > 0) writes.push({ element: sent, parts })
      // A thinned stroke is looked at again, whether or not its version rises.
      seen.set(element.id, seenOf(sent, sent === element ? element.version : -1))
      if (!last) known++
      if (sent !== element) schedule(STROKE_MS)
    }
    const gone = known === seen.size ? [] : vanished(elements)
    for (const id of begun) if (id !== drawing) begun.delete(id)
    if (writes.length === 0 && gone.length === 0) return
    doc.transact(() => {
      for (const { element, parts } of writes) write(element, parts)
      if (writes.some(({ parts }) => parts.includes('index'))) writeOrder(elements)
      for (const id of gone) partsIn(id)?.set('deleted', true)
    }, origin)
  }

  function diff(element: SceneElement, last: Seen | undefined): ElementPart[] {
    const now = partsOf(element)
    return elementParts.filter((part) => JSON.stringify(now[part]) !== last?.parts[part])
  }

  function write(element: SceneElement, parts: ElementPart[]): void {
    const values = partsOf(element)
    const there = partsIn(element.id)
    if (parts.includes('index')) indices.set(element.id, element.index)
    if (!there) {
      const fresh = new Y.Map<unknown>()
      for (const part of elementParts) if (values[part] !== undefined) fresh.set(part, values[part])
      map.set(element.id, fresh)
      return
    }
    for (const part of parts) {
      if (values[part] !== undefined) there.set(part, values[part])
      else if (there.has(part)) there.delete(part)
    }
    // Deleted by somebody else while this person has it in hand and works on it: it stays.
    if (pending.has(element.id) && !element.isDeleted && there.has('deleted')) there.delete('deleted')
  }

  /**
   * Indices that were only made up here, where two elements had the same, are written once somebody orders something
   * among them: else every replica would write every repair.
   */
  function writeOrder(elements: readonly SceneElement[]): void {
    for (const { id, index } of elements) {
      const there = pending.has(id) ? undefined : partsIn(id)
      if (!there || index === null || there.get('index') === index) continue
      there.set('index', index)
      indices.set(id, index)
    }
  }

  function partsIn(id: string): Y.Map<unknown> | undefined {
    const there = map.get(id)
    return there instanceof Y.Map ? there : undefined
  }

  /** Elements whose own gesture took them away again; all others that are missing are shown again. */
  function vanished(elements: readonly SceneElement[]): string[] {
    const present = new Set(elements.map(({ id }) => id))
    const gone: string[] = []
    for (const [id, { parts }] of seen) {
      if (present.has(id)) continue
      seen.delete(id)
      if (parts.deleted === undefined && begun.has(id)) gone.push(id)
      else {
        pending.add(id)
        showTimer ??= setTimeout(show, SHOW_MS)
      }
    }
    return gone
  }

  /** Shows what others changed, except below the person's hands. */
  function show(): void {
    clearTimeout(showTimer)
    showTimer = undefined
    // First, so that what is compared with the state is only what others changed.
    flush()
    const busy = scene.busy()
    const elements = new Map(scene.elements().map((element) => [element.id, element]))
    const before = new Map(elements)
    for (const id of pending) {
      const now = readElement(id, map.get(id))
      indices.set(id, now?.index ?? null)
      if (busy.has(id)) continue
      pending.delete(id)
      const next = merged(elements.get(id), now)
      if (next) elements.set(id, next)
    }
    for (const id of settle(elements, busy)) pending.add(id)
    const order = ordered([...elements.values()].map(({ id, index }) => ({ id, index: indices.get(id) ?? index })))
    for (const { id, index } of order) {
      const element = elements.get(id)
      if (element && element.index !== index && !busy.has(id)) elements.set(id, changed(element, { index }))
    }
    let different = elements.size !== before.size
    for (const [id, element] of elements) {
      const was = before.get(id)
      if (was === element) continue
      different = true
      const last = seen.get(id)
      // Of an element that is not shared yet, nothing is known to be written.
      if (!was || last || map.has(id)) seen.set(id, seenOf(element, element.version))
    }
    if (different) scene.show(order.map(({ id }) => elements.get(id) as SceneElement))
  }

  /** What an element looks like with what the state says of it; undefined when that changes nothing. */
  function merged(local: SceneElement | undefined, now: CanvasElement | null): SceneElement | undefined {
    if (!local) return now && !now.isDeleted ? sceneElement(now) : undefined
    // Gone from the state, or unreadable: as everybody who opens it now will see it.
    if (!now) return local.isDeleted || !seen.has(local.id) ? undefined : changed(local, { isDeleted: true })
    const is = partsOf(local)
    const should = partsOf(now)
    const same = elementParts.every((part) => JSON.stringify(is[part]) === JSON.stringify(should[part]))
    return same ? undefined : changed(local, local.customData ? { customData: undefined, ...now } : now)
  }

  function seenOf(element: SceneElement, version: number): Seen {
    const parts: Seen['parts'] = {}
    for (const [part, value] of Object.entries(partsOf(element))) {
      if (value !== undefined) parts[part as ElementPart] = JSON.stringify(value)
    }
    return { version, versionNonce: element.versionNonce, parts }
  }

  map.observeDeep(observe)
  show()

  return {
    changed: () => schedule(FLUSH_MS),
    flush: () => flush(true),
    setEditable(next) {
      if (!next) flush(true)
      editable = next
      if (next) schedule(0)
    },
    destroy() {
      flush(true)
      clearTimeout(flushTimer)
      clearTimeout(showTimer)
      map.unobserveDeep(observe)
    },
  }
}
