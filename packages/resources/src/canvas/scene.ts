import { generateNKeysBetween } from 'fractional-indexing'
import type { CanvasElement } from './element.ts'
import { byIndex } from './reading.ts'

/** An element as a scene holds it: with what only this replica knows. */
export interface SceneElement extends CanvasElement {
  /** Rises with every change. */
  version: number
  versionNonce: number
  updated: number
  /** What is bound to it: arrows that end here, and the text inside. */
  boundElements: readonly BoundElement[] | null
}

export interface BoundElement {
  id: string
  type: 'arrow' | 'text'
}

/** Where elements are drawn and edited. */
export interface CanvasScene {
  /** All elements, with those deleted, from back to front. */
  elements(): readonly SceneElement[]
  /** The element being drawn right now. */
  drawing(): string | null
  /** The elements under the person's hands, that one included: what others change of them waits. */
  busy(): ReadonlySet<string>
  /** Shows these elements instead, from back to front, without a trace in the person's history of undoing. */
  show(elements: SceneElement[]): void
}

/** A changed element: a new object, since scenes tell changes by identity and version. */
export function changed<T extends SceneElement>(element: T, changes: Partial<SceneElement>): T {
  const versionNonce = Math.floor(Math.random() * 2 ** 31)
  return { ...element, ...changes, version: element.version + 1, versionNonce, updated: Date.now() }
}

/** An element of the state as a new one of a scene. */
export function sceneElement(element: CanvasElement): SceneElement {
  const versionNonce = Math.floor(Math.random() * 2 ** 31)
  const added: Record<string, unknown> = {}
  if (element.type === 'image') added.status = 'saved'
  if (element.type === 'line' || element.type === 'arrow' || element.type === 'freedraw')
    added.lastCommittedPoint = null
  return { ...element, ...added, boundElements: null, version: 1, versionNonce, updated: Date.now() }
}

/**
 * What is bound to which element, by the arrows and texts themselves: the lists on the shapes are not shared, since two
 * people who bind to one shape at once would overwrite each other's.
 */
export function boundTo(elements: Iterable<SceneElement>): Map<string, BoundElement[]> {
  const bound = new Map<string, BoundElement[]>()
  const bind = (to: unknown, id: string, type: BoundElement['type']) => {
    if (typeof to !== 'string') return
    const list = bound.get(to)
    if (!list) bound.set(to, [{ id, type }])
    else if (!list.some((one) => one.id === id)) list.push({ id, type })
  }
  for (const element of elements) {
    if (element.isDeleted) continue
    if (element.type === 'text') bind(element.containerId, element.id, 'text')
    if (element.type === 'arrow') {
      bind((element.startBinding as { elementId?: unknown } | null)?.elementId, element.id, 'arrow')
      bind((element.endBinding as { elementId?: unknown } | null)?.elementId, element.id, 'arrow')
    }
  }
  return bound
}

/** Whether two lists name the same, in whatever order. */
export function sameBound(is: readonly BoundElement[] | null, should: readonly BoundElement[] | undefined): boolean {
  if ((is?.length ?? 0) !== (should?.length ?? 0)) return false
  return (is ?? []).every(({ id }) => should?.some((one) => one.id === id))
}

/** Gives shapes the lists of what is bound to them. @returns those that wait since they are busy */
export function settle(elements: Map<string, SceneElement>, busy: ReadonlySet<string>): string[] {
  const bound = boundTo(elements.values())
  const waiting: string[] = []
  for (const element of elements.values()) {
    const should = bound.get(element.id)
    if (element.isDeleted || sameBound(element.boundElements, should)) continue
    if (busy.has(element.id)) {
      waiting.push(element.id)
      continue
    }
    const kept = (element.boundElements ?? []).filter(({ id }) => should?.some((one) => one.id === id))
    const added = (should ?? []).filter(({ id }) => !kept.some((one) => one.id === id))
    const boundElements: BoundElement[] | null = should ? [...kept, ...added] : null
    elements.set(element.id, changed(element, { boundElements }))
  }
  return waiting
}

/**
 * Ids from back to front, with indices that rise from each to the next, as scenes ask for: where two have the same, the
 * later ones get new ones in between. The same elements always come to the same result.
 */
export function ordered(elements: { id: string; index: string | null }[]): { id: string; index: string }[] {
  const sorted = [...elements].sort(byIndex)
  const order: { id: string; index: string }[] = []
  let last: string | null = null
  for (let at = 0; at < sorted.length; at = order.length) {
    const { id, index } = sorted[at] as { id: string; index: string | null }
    if (index !== null && (last === null || index > last)) order.push({ id, index })
    else {
      let end = at + 1
      while (end < sorted.length && !((sorted[end]?.index ?? '') > (last ?? ''))) end++
      const keys: string[] = generateNKeysBetween(last, sorted[end]?.index ?? null, end - at)
      for (const [offset, key] of keys.entries()) order.push({ id: sorted[at + offset]?.id ?? '', index: key })
    }
    last = order.at(-1)?.index ?? null
  }
  return order
}
