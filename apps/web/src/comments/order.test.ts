import type { Thread } from '@realtime/contracts'
import { expect, test } from 'vitest'
import { isTextGone, threadsIn } from './order.ts'

function thread(id: string, minute: number, { anchored = true, resolved = null as number | null } = {}): Thread {
  const time = (at: number) => new Date(Date.UTC(2026, 5, 1, 12, at)).toISOString()
  return {
    id,
    documentId: 'd',
    anchor: anchored ? { from: 'a', to: 'b', quote: id } : null,
    at: time(minute),
    resolvedAt: resolved === null ? null : time(resolved),
    resolvedBy: null,
    comments: [],
  } as Thread
}

const threads = [
  thread('gone', 1),
  thread('last', 2),
  thread('whole', 3, { anchored: false }),
  thread('first', 4),
  thread('whole-later', 5, { anchored: false }),
  thread('done', 6, { resolved: 10 }),
  thread('done-later', 7, { resolved: 20 }),
]
const ids = (found: Thread[]) => found.map(({ id }) => id)

test('open threads follow the text, then those about all of it, then those whose text is gone', () => {
  expect(ids(threadsIn(threads, 'open', ['first', 'done', 'last']))).toEqual([
    'first',
    'last',
    'whole',
    'whole-later',
    'gone',
  ])
})

test('before the text is there the oldest is the first', () => {
  expect(ids(threadsIn(threads, 'open', null))).toEqual(['gone', 'last', 'whole', 'first', 'whole-later'])
})

test('of the resolved ones the latest is the first', () => {
  expect(ids(threadsIn(threads, 'resolved', ['done']))).toEqual(['done-later', 'done'])
})

test('a text is gone only where one knows that', () => {
  const [gone, last, whole] = threads as [Thread, Thread, Thread]
  expect([gone, last, whole].map((one) => isTextGone(one, ['last']))).toEqual([true, false, false])
  expect([gone, last, whole].map((one) => isTextGone(one, null))).toEqual([false, false, false])
})
