import * as Y from 'yjs'
import { byOrder, type Ordered, placesAt, readOrder } from './order.ts'

/** A new id of a slide or an element: 62 random bits. Works where `crypto.randomUUID` does not, as over plain http. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join('')
}

/** What stands in a map of slides or elements, in its order, readable or not. */
export function orderedIn(parent: Y.Map<unknown>): Ordered[] {
  const items: Ordered[] = []
  for (const [id, map] of parent) if (map instanceof Y.Map) items.push({ id, order: readOrder(map.get('order')) })
  return items.sort(byOrder)
}

/** Keys for `count` newcomers at `index` of `items`, after who is in the way has moved aside. */
export function takePlaces(parent: Y.Map<unknown>, items: readonly Ordered[], index: number, count: number): string[] {
  const { keys, moved } = placesAt(items, index, count)
  for (const { id, order } of moved) setField(parent.get(id), 'order', order)
  return keys
}

/** Puts items of a map at `index` among the others, in the order in which they are given. */
export function moveTo(parent: Y.Map<unknown>, ids: readonly string[], index: number): void {
  const all = orderedIn(parent)
  const moving = ids.filter((id) => all.some((item) => item.id === id))
  const others = all.filter((item) => !moving.includes(item.id))
  const next = [...others.slice(0, index).map(({ id }) => id), ...moving, ...others.slice(index).map(({ id }) => id)]
  if (moving.length === 0 || next.every((id, at) => id === all[at]?.id)) return
  const keys = takePlaces(parent, others, Math.min(index, others.length), moving.length)
  moving.forEach((id, at) => {
    setField(parent.get(id), 'order', keys[at])
  })
}

/** Writes a field of a map where it differs, so that nothing is sent for nothing. */
export function setField(map: unknown, key: string, value: unknown): void {
  if (map instanceof Y.Map && map.get(key) !== value) map.set(key, value)
}
