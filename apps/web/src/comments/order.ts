import type { Thread } from '@realtime/contracts'

/** Which threads are shown. */
export type Filter = 'open' | 'resolved'

/**
 * The threads of a filter: the open ones as their texts follow each other, then what is about the whole document, then
 * those whose text is gone; before the text is there, and in kinds without one, the oldest first. Of the resolved ones
 * the latest first. `order` is the threads whose text there is, null where that is not known.
 */
export function threadsIn(threads: readonly Thread[], filter: Filter, order: readonly string[] | null): Thread[] {
  if (filter === 'resolved')
    return threads
      .filter((one) => one.resolvedAt !== null)
      .sort((one, other) => Date.parse(other.resolvedAt ?? '') - Date.parse(one.resolvedAt ?? ''))
  const places = new Map(order?.map((id, index) => [id, index]))
  const placeOf = (one: Thread) =>
    order === null ? 0 : (places.get(one.id) ?? (one.anchor === null ? places.size : places.size + 1))
  return threads
    .filter((one) => one.resolvedAt === null)
    .sort((one, other) => placeOf(one) - placeOf(other) || Date.parse(one.at) - Date.parse(other.at))
}

/** Whether the text that a thread belongs to is known to be gone. */
export function isTextGone(thread: Thread, order: readonly string[] | null): boolean {
  return thread.anchor !== null && order !== null && !order.includes(thread.id)
}
