import type { Resource } from '@realtime/contracts'

/** The one a favourite comes behind; null for the first place. */
export type After = string | null

/** What a step up (-1) or down (1) puts a favourite behind; undefined at the end of the list. */
export function afterStep(list: readonly Resource[], id: string, step: -1 | 1): After | undefined {
  const at = list.findIndex((one) => one.id === id)
  const to = at + step
  if (at < 0 || to < 0 || to >= list.length) return undefined
  return list[step < 0 ? to - 1 : to]?.id ?? null
}

/** What letting a favourite go above or below another one puts it behind; undefined where nothing would change. */
export function afterDrop(
  list: readonly Resource[],
  id: string,
  onto: string,
  edge: 'before' | 'behind',
): After | undefined {
  const others = list.filter((one) => one.id !== id)
  const at = others.findIndex((one) => one.id === onto)
  if (at < 0 || others.length === list.length) return undefined
  const after = others[edge === 'before' ? at - 1 : at]?.id ?? null
  return after === (list[list.findIndex((one) => one.id === id) - 1]?.id ?? null) ? undefined : after
}

/** The list with a favourite behind another one; as it was where that is none. */
export function withMoved(list: readonly Resource[], id: string, after: After): Resource[] {
  const moved = list.find((one) => one.id === id)
  const others = list.filter((one) => one.id !== id)
  const at = after === null ? 0 : others.findIndex((one) => one.id === after) + 1
  if (!moved || (at === 0 && after !== null)) return [...list]
  return [...others.slice(0, at), moved, ...others.slice(at)]
}
