import { type CallOptions, call, documentInternal } from '@realtime/contracts'
import { readEvents } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { append as appendDirectly } from './append.ts'
import { append, type Bench, startBench, typed } from './testing.ts'

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
  const state = { events, ended: false, stop: () => stopping.abort() }
  void (async () => {
    for await (const event of readEvents(response)) events.push(event)
  })()
    .catch(() => undefined)
    .finally(() => {
      state.ended = true
    })
  return state
}

describe('the stream of appends', () => {
  it('tells every append of every process, the newest seq last, and beats', async () => {
    const [one, two] = [await bench.document(), await bench.document()]
    const stream = await follow()
    const seen = (id: string) =>
      stream.events
        .filter(({ event }) => event === 'appended')
        .map(({ data }) => JSON.parse(data) as { id: string; seq: number })
        .filter((row) => row.id === id)
        .map((row) => row.seq)
    await Promise.all(Array.from({ length: 20 }, (_, index) => append(bench, one, [typed(`${index}`)])))
    await eventually(() => seen(one.id).at(-1) === 21)
    expect(seen(one.id)).toEqual([...seen(one.id)].sort((a, b) => a - b))
    await appendDirectly(bench.ctx, { type: 'service', name: 'collaboration' }, { ...two, frames: [typed('two')] })
    await eventually(() => seen(two.id).at(-1) === 2)
    await eventually(() => stream.events.some(({ event, data }) => event === 'comment' && data.trim() === 'beat'))
    stream.stop()
  })

  it('ends when the database can no longer be listened to, and opens again after it', async () => {
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

  it('is for services', async () => {
    await expect(call({ baseUrl: bench.internalUrl }, documentInternal.roomNews, {})).rejects.toMatchObject({
      status: 401,
    })
  })
})
