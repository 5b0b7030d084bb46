import { type CallOptions, call, documentInternal, encodeGroup, grownLogs } from '@realtime/contracts'
import { readEvents } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { append as appendDirectly } from './append.ts'
import type { Resource } from './database/client.ts'
import { append, type Bench, sendGroup, startBench, typed } from './testing.ts'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench?.stop())

/** Collects the events of the stream until `stop`; resolves when it is open. */
async function follow() {
  const stopping = new AbortController()
  const options: CallOptions = { signal: stopping.signal }
  // The service listens a moment after it starts.
  const response = await eventually(() => call(bench.internal, documentInternal.roomNews, {}, options))
  const events: { event: string; data: string }[] = []
  const grown = () =>
    events.flatMap(({ event, data }) => (event === 'appended' ? grownLogs.parse(JSON.parse(data)) : []))
  const state = { events, grown, ended: false, stop: () => stopping.abort() }
  void (async () => {
    for await (const event of readEvents(response)) events.push(event)
  })()
    .catch(() => undefined)
    .finally(() => {
      state.ended = true
    })
  return state
}

describe('the news of rooms', () => {
  it('ends when the database can no longer be listened to, and opens again after it', async () => {
    // First of all: ten seconds after it began to listen, its last query is another.
    const stream = await follow()
    const document = await bench.document()
    await bench.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = $1`, [
      `LISTEN "${bench.schema}_appended"`,
    ])
    await eventually(() => stream.ended)
    const again = await follow()
    await append(bench, document, [typed('after')])
    await eventually(() => again.events.some(({ data }) => data.includes(document.id)))
    again.stop()
  })

  it('tells how far each log has grown, by every process, and beats', async () => {
    const [one, two] = [await bench.document(), await bench.document()]
    const stream = await follow()
    const seen = (id: string) => stream.grown().flatMap(([grown, seq]) => (grown === id ? [seq] : []))
    await Promise.all(Array.from({ length: 20 }, (_, index) => append(bench, one, [typed(`${index}`)])))
    await eventually(() => seen(one.id).includes(21))
    expect(seen(one.id).length).toBeLessThanOrEqual(20)
    await appendDirectly(bench.ctx, { type: 'service', name: 'collaboration' }, { ...two, frames: [typed('two')] })
    await eventually(() => seen(two.id).at(-1) === 2)
    await eventually(() => stream.events.some(({ event, data }) => event === 'comment' && data.trim() === 'beat'))
    stream.stop()
  })

  it('tells each log of a group, however many there are', async () => {
    const all: Resource[] = []
    while (all.length < 170) all.push(await bench.document())
    const stream = await follow()
    const group = all.map(({ id, epoch }) => ({ document: id, epoch, frames: [typed('one'), typed('two')] }))
    expect(await sendGroup(bench.internal, encodeGroup(group))).toHaveLength(all.length)
    await eventually(() => stream.grown().length >= all.length)
    expect(new Map(stream.grown())).toEqual(new Map(all.map(({ id }) => [id, 3])))
    expect(stream.grown()).toHaveLength(all.length)
    stream.stop()
  })

  it('tells of documents that are gone; while organization is away nobody’s access is known', async () => {
    const stream = await follow()
    const { id, organizationId } = await bench.document()
    await bench.sql(`SELECT "${bench.schema}".record_change($1, $2, $3)`, [
      organizationId,
      'document.deleted',
      JSON.stringify({ id, organizationId }),
    ])
    const told = () => stream.events.filter(({ event }) => event === 'access').map(({ data }) => JSON.parse(data))
    await eventually(() => told().some((news) => news.id === id))
    const asked = call(bench.internal, documentInternal.access, {
      params: { id },
      body: { actors: [{ type: 'user', id: 'ada', sessionId: 'one' }] },
    })
    await expect(asked).rejects.toMatchObject({ key: 'unavailable' })
    stream.stop()
  })

  it('ends at an announcement that it cannot read', async () => {
    const stream = await follow()
    await bench.sql('SELECT pg_notify($1, $2)', [`${bench.schema}_appended`, '{"id":"x","seq":1}'])
    await eventually(() => stream.ended)
  })

  it('is for services', async () => {
    await expect(call({ baseUrl: bench.internalUrl }, documentInternal.roomNews, {})).rejects.toMatchObject({
      status: 401,
    })
  })
})
