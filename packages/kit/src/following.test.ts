import { type Change, changesEndpoint } from '@realtime/contracts'
import { afterEach, expect, test } from 'vitest'
import { serviceCaller } from './callers.ts'
import { type EveryChange, followEvery } from './following.ts'
import { createLog } from './log.ts'
import { answer, router } from './routes.ts'
import { type Running, serve } from './serve.ts'
import { eventually } from './testing.ts'

const log = createLog('test', 'silent')
const secret = 's'.repeat(32)
let rows: Change[] = []
let running: Running | undefined
let follower: EveryChange | undefined

async function startOwner(listen = '127.0.0.1:0'): Promise<Running> {
  const routes = [
    answer(changesEndpoint, ({ query: { after, limit } }) => {
      const changes = rows.filter(({ cursor }) => cursor > after).slice(0, limit)
      return { changes, cursor: changes.at(-1)?.cursor ?? Math.min(after, rows.length) }
    }),
  ]
  return serve({ name: 'owner', log, listen, routes: router(routes, { service: { name: 'owner', secret } }) })
}

const add = (...types: string[]) => {
  for (const type of types) rows.push({ cursor: rows.length + 1, type, subject: {}, at: '' })
}

/** What follows, and keeps its place as a table would. */
function follow(
  url: string,
  kept: { cursor: number; seen: string[] },
  fails: () => boolean = () => false,
): EveryChange {
  return followEvery({
    caller: serviceCaller({ from: 'reader', to: 'owner', url, secret }),
    log,
    load: async () => kept.cursor,
    async take(changes, cursor) {
      if (fails()) throw new Error('not now')
      kept.seen.push(...changes.map(({ type }) => type))
      kept.cursor = cursor
    },
  })
}

afterEach(async () => {
  await follower?.stop()
  await running?.stop()
  rows = []
})

test('every change is worked on once, in order, from before the first start and after pauses of either side', async () => {
  add('before', 'start')
  running = await startOwner()
  const { url } = running
  const kept = { cursor: 0, seen: [] as string[] }
  follower = follow(url, kept)
  await eventually(() => kept.seen.length === 2)
  await follower.stop()
  add('reader', 'away')
  follower = follow(url, kept)
  await eventually(() => kept.seen.length === 4)
  await running.stop()
  add('owner', 'away')
  running = await startOwner(new URL(url).host)
  await eventually(() => kept.seen.length === 6)
  expect(kept).toEqual({ cursor: 6, seen: ['before', 'start', 'reader', 'away', 'owner', 'away'] })
})

test('what could not be worked on comes again', async () => {
  add('once')
  running = await startOwner()
  const kept = { cursor: 0, seen: [] as string[] }
  let tries = 0
  follower = follow(running.url, kept, () => ++tries < 3)
  await eventually(() => kept.seen.length === 1)
  expect([tries, kept.cursor]).toEqual([3, 1])
})

test('an owner who was set back to an earlier day is followed from there', async () => {
  add('one')
  running = await startOwner()
  const kept = { cursor: 100, seen: [] as string[] }
  follower = follow(running.url, kept)
  await eventually(() => kept.cursor === 1)
  add('two')
  await eventually(() => kept.seen.length === 1)
  expect(kept).toEqual({ cursor: 2, seen: ['two'] })
})
