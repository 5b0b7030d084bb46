import { type Change, changesEndpoint } from '@realtime/contracts'
import { afterEach, expect, test, vi } from 'vitest'
import { serviceCaller } from './callers.ts'
import { type ChangesFollower, followChanges } from './changes.ts'
import { createLog } from './log.ts'
import { answer, router } from './routes.ts'
import { type Running, serve } from './serve.ts'
import { eventually } from './testing.ts'

const log = createLog('test', 'silent')
const secret = 's'.repeat(32)
const rows: Change[] = []
let running: Running | undefined
let follower: ChangesFollower | undefined

/** How often the newest cursor was asked for. */
let asked = 0
/** Changes are answered up to here: what is beyond comes late. */
let shown = Number.POSITIVE_INFINITY

const row = (type: string): void => void rows.push({ cursor: rows.length + 1, type, subject: {}, at: '' })

async function startOwner(listen = '127.0.0.1:0'): Promise<Running> {
  const routes = [
    answer(changesEndpoint, async ({ query, request }) => {
      if (query.after > rows.length) asked++
      const newer = () => rows.filter(({ cursor }) => cursor > query.after && cursor <= shown).slice(0, query.limit)
      const until = Date.now() + query.wait * 1000
      while (newer().length === 0 && Date.now() < until && !request.destroyed)
        await new Promise((go) => setTimeout(go, 10))
      const changes = newer()
      return { changes, cursor: changes.at(-1)?.cursor ?? Math.min(query.after, rows.length) }
    }),
  ]
  return serve({ name: 'owner', log, listen, routes: router(routes, { service: { name: 'owner', secret } }) })
}

afterEach(async () => {
  follower?.stop()
  await running?.stop()
})

test('changes come in order from now on; a silence of the owner is a gap', async () => {
  row('before')
  running = await startOwner()
  const { url } = running
  const seen: string[] = []
  const silent = vi.spyOn(log, 'debug')
  follower = followChanges({
    caller: serviceCaller({ from: 'reader', to: 'owner', url, secret }),
    log,
    onChange: (change) => void seen.push(change.type),
    onGap: () => void seen.push('gap'),
  })
  expect(follower.silentMs()).toBe(Number.POSITIVE_INFINITY)
  await eventually(() => seen.length > 0)
  for (let index = 0; index < 20; index++) row(`${index}`)
  const all = ['gap', ...Array.from({ length: 20 }, (_, index) => `${index}`)]
  await eventually(() => seen.length === all.length)
  expect(seen).toEqual(all)
  expect(follower.silentMs()).toBeLessThan(3_000)

  await running.stop()
  await eventually(() => silent.mock.calls.some(([, text]) => text === 'changes of owner cannot be read'))
  row('missed')
  running = await startOwner(new URL(url).host)
  await eventually(() => seen.length > all.length)
  row('after')
  await eventually(() => seen.at(-1) === 'after')
  expect(seen).toEqual([...all, 'gap', 'after'])
})

test('whoever wants to be caught up waits for what was changed before they asked, and for no more', async () => {
  running = await startOwner()
  const { url } = running
  const seen: string[] = []
  const caller = serviceCaller({ from: 'reader', to: 'owner', url, secret })
  follower = followChanges({ caller, log, onChange: (change) => void seen.push(change.type), onGap: () => undefined })
  await follower.caughtUp()
  expect(follower.silentMs()).toBeLessThan(3_000)
  shown = rows.length
  row('late')
  asked = 0
  let caught = 0
  const both = [follower, follower].map((one) => one.caughtUp().then(() => caught++))
  await eventually(() => asked > 0)
  expect([caught, seen]).toEqual([0, []])
  shown = Number.POSITIVE_INFINITY
  await Promise.all(both)
  expect(seen).toEqual(['late'])

  await running.stop()
  await expect(follower.caughtUp()).rejects.toMatchObject({ key: 'unavailable' })
})
