import type { Heard, Room } from './room.ts'

/** Milliseconds without any delivery after which what is missing is missing. */
const PATIENCE_MS = 8_000

/** What was typed in a span of time, and whether all of it came. */
export interface Typed {
  sent: number
  /** Updates × (clients of their room − 1). */
  expected: number
  delivered: number
  doubled: number
  strange: number
  /** From the first update to the last delivery. */
  seconds: number
}

/**
 * Types in all rooms, each writer `perSecond` updates spread evenly, then waits until everything was delivered (or
 * nothing came any more for a while). What was heard before is forgotten.
 */
export async function typeFor(
  rooms: Room[],
  heard: Heard,
  options: { perSecond: number; ms: number; meanwhile?: (ms: number) => void },
): Promise<Typed> {
  heard.clear()
  const before = rooms.map((room) => sum(room.sent))
  const began = performance.now()
  await paced(rooms, options.perSecond, options.ms, options.meanwhile)
  const sentBy = rooms.map((room, index) => sum(room.sent) - (before[index] as number))
  const expected = rooms.reduce(
    (total, room, index) => total + (sentBy[index] as number) * (room.clients.length - 1),
    0,
  )
  await settled(() => heard.delivered, expected)
  const { delivered, doubled, strange } = heard
  return { sent: sum(sentBy), expected, delivered, doubled, strange, seconds: (performance.now() - began) / 1000 }
}

/** Resolves once `count` has reached `expected`, or has not risen for a while. */
export async function settled(count: () => number, expected: number, patienceMs = PATIENCE_MS): Promise<void> {
  let last = count()
  let since = performance.now()
  while (count() < expected) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (count() !== last) {
      last = count()
      since = performance.now()
    } else if (performance.now() - since > patienceMs) return
  }
}

/** Lets every writer of every room type at an even pace, each at moments of one's own. */
async function paced(rooms: Room[], perSecond: number, ms: number, meanwhile?: (ms: number) => void): Promise<void> {
  const period = 1000 / perSecond
  const all = rooms.flatMap((room) => Array.from({ length: room.pacing }, (_, writer) => ({ room, writer })))
  const due = all.map((who, index) => ({ ...who, at: ((index * 0.618034) % 1) * period }))
  due.sort((a, b) => a.at - b.at)
  const began = performance.now()
  // In the order of their moments all writers come round once a period.
  for (let next = 0; ; ) {
    const now = performance.now() - began
    meanwhile?.(now)
    for (;;) {
      const one = due[next % due.length] as (typeof due)[number]
      const at = one.at + Math.floor(next / due.length) * period
      if (at >= ms) return
      if (at > now) break
      one.room.type(one.writer)
      next++
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
