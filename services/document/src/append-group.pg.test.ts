import {
  type Actor,
  type AppendFrame,
  type AppendResult,
  type Caller,
  call,
  documentInternal,
  encodeGroup,
  type GroupedAppend,
} from '@realtime/contracts'
import { serviceCaller } from '@realtime/kit'
import { bearer, eventually } from '@realtime/kit/testing'
import { SEED_CLIENT_ID } from '@realtime/resources'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appendResults } from './append-group.ts'
import type { Resource } from './database/client.ts'
import { append, type Bench, load, replay, SECRET, sendGroup, startBench, typed } from './testing.ts'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
}, 30_000)
afterAll(() => bench?.stop())

const send = (
  body: Uint8Array,
  { by = bench.internal, ...rest }: { by?: Caller } & Parameters<typeof sendGroup>[2] = {},
) => sendGroup(by, body, rest)

const to = ({ id, epoch }: Resource, ...frames: AppendFrame[]): GroupedAppend => ({ document: id, epoch, frames })

async function documents(count: number): Promise<Resource[]> {
  const all: Resource[] = []
  while (all.length < count) all.push(await bench.document())
  return all
}

const problem = (index: number, key: string, extra: Record<string, unknown> = {}) => ({
  index,
  problem: expect.objectContaining({ type: `/problems/${key}`, ...extra }),
})

/** What the notes of a document say, by its log. */
async function notesOf(id: string): Promise<string> {
  return replay((await load(bench, id)).frames)
    .getText('notes')
    .toString()
}

async function idsOf(id: string): Promise<number[]> {
  const { clientIds } = await call(bench.internal, documentInternal.clientIds, { params: { id } })
  return clientIds.map((one) => one.clientId).sort((a, b) => a - b)
}

/** Keeps a document locked, as a restore does, until the answer is called. */
async function hold({ id }: Resource): Promise<() => Promise<void>> {
  const client = await bench.ctx.pool.connect()
  await client.query('BEGIN')
  await client.query('SELECT 1 FROM resources WHERE id = $1 FOR UPDATE', [id])
  return async () => {
    await client.query('COMMIT')
    client.release()
  }
}

/** The connections whose last statement was a group: what they wait for, and how many seconds ago it began. */
function statements(): Promise<Record<string, unknown>[]> {
  return bench.sql(
    `SELECT pid, wait_event_type, extract(epoch FROM clock_timestamp() - query_start) AS ago FROM pg_stat_activity
     WHERE application_name = $1 AND query LIKE 'SELECT * FROM append_group%'`,
    [`realtime-${bench.schema}`],
  )
}

const COLLABORATION: Actor = { type: 'service', name: 'collaboration' }
const stays = new AbortController().signal

async function lastOf(pieces: AsyncIterable<AppendResult[]>): Promise<AppendResult | undefined> {
  let last: AppendResult | undefined
  for await (const piece of pieces) last = piece.at(-1)
  return last
}

describe('a group of appends', () => {
  it('goes into all logs, in the order of the frames, exactly as it was', async () => {
    const all = await documents(30)
    const frames = all.map((_, index) =>
      Array.from({ length: 1 + (index % 4) }, (_, part) => typed(`<${index}.${part}>`)),
    )
    const results = await send(encodeGroup(all.map((one, index) => to(one, ...(frames[index] ?? [])))))
    expect(results).toEqual(frames.map((some, index) => ({ index, firstSeq: 2, lastSeq: 1 + some.length })))
    for (const [index, one] of all.entries()) {
      const { seq, frames: rows } = await load(bench, one.id, { after: 1 })
      expect(seq).toBe(1 + (frames[index]?.length ?? 0))
      expect(rows.map(({ principal, origin, update }) => ({ principal, origin, update: Buffer.from(update) }))).toEqual(
        frames[index]?.map(({ principal, origin, update }) => ({ principal, origin, update: Buffer.from(update) })),
      )
    }
    expect(await idsOf(all[3]?.id ?? '')).toEqual(
      [SEED_CLIENT_ID, ...(frames[3] ?? []).flatMap((frame) => frame.clientIds)].sort((a, b) => a - b),
    )
  })

  it('takes pastes beside keystrokes', async () => {
    const all = await documents(6)
    const long = 'paste '.repeat(100_000)
    const group = all.map((one, index) => to(one, typed(index % 2 ? long : 'key')))
    expect((await send(encodeGroup(group))).map((result) => 'lastSeq' in result && result.lastSeq)).toEqual([
      2, 2, 2, 2, 2, 2,
    ])
    for (const [index, one] of all.entries()) expect(await notesOf(one.id)).toBe(index % 2 ? long : 'key')
  })

  it('of two processes at once leaves no holes and no doubles', async () => {
    const other = await bench.restart()
    const callers = [
      bench.internal,
      serviceCaller({ from: 'collaboration', to: 'document', url: other.internalUrl ?? '', secret: SECRET }),
    ]
    try {
      const all = await documents(8)
      const rounds = Array.from({ length: 40 }, (_, round) =>
        send(encodeGroup(all.map((one, index) => to(one, typed(`<${index}.${round}>`)))), {
          by: callers[round % 2] as Caller,
        }),
      )
      const results = (await Promise.all(rounds)).flat()
      for (const [index, one] of all.entries()) {
        const taken = results
          .filter((result) => result.index === index)
          .map((result) => 'lastSeq' in result && result.lastSeq)
        expect(taken.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, round) => round + 2))
        const words = (await notesOf(one.id)).match(/<\d+\.\d+>/g)
        expect(words?.sort()).toEqual(Array.from({ length: 40 }, (_, round) => `<${index}.${round}>`).sort())
      }
    } finally {
      await other.stop()
    }
  })

  it('answers the others while a document is locked, and that one when it is free', async () => {
    const [busy, free] = (await documents(2)) as [Resource, Resource]
    const release = await hold(busy)
    const heard: AppendResult[] = []
    const all = send(encodeGroup([to(busy, typed('later')), to(free, typed('now'))]), {
      heard: (result) => heard.push(result),
    })
    await eventually(() => heard.length === 1)
    expect(heard).toEqual([{ index: 1, firstSeq: 2, lastSeq: 2 }])
    // Whoever waits holds no connection: many more groups to the same document leave room for everybody else.
    const more = Array.from({ length: 20 }, (_, index) => send(encodeGroup([to(busy, typed(`<${index}>`))])))
    expect(await send(encodeGroup([to(free, typed('again'))]))).toEqual([{ index: 0, firstSeq: 3, lastSeq: 3 }])
    expect((await load(bench, busy.id)).seq).toBe(1)
    await release()
    await all
    expect(heard[1]).toMatchObject({ index: 0 })
    await Promise.all(more)
    expect((await load(bench, busy.id)).seq).toBe(22)
  })

  it('goes on while all other connections are taken, as by downloads of long logs', async () => {
    const [one] = (await documents(1)) as [Resource]
    const bytes = encodeGroup([to(one, typed('now'))])
    const appendGroupOf = () => lastOf(appendResults(bench.ctx, COLLABORATION, { body: bytes, signal: stays }))
    await appendGroupOf()
    const taken = await Promise.all(
      Array.from({ length: bench.ctx.config.DATABASE_POOL }, () => bench.ctx.pool.connect()),
    )
    try {
      expect(await appendGroupOf()).toEqual({ index: 0, firstSeq: 3, lastSeq: 3 })
    } finally {
      for (const client of taken) client.release()
    }
  })

  it('says that it is unavailable when a document stays locked, and writes nothing later', async () => {
    const [busy, free] = (await documents(2)) as [Resource, Resource]
    const release = await hold(busy)
    const results = await send(encodeGroup([to(busy, typed('never')), to(free, typed('now'))]))
    await release()
    expect(results).toEqual([problem(0, 'unavailable'), { index: 1, firstSeq: 2, lastSeq: 2 }])
    expect((await load(bench, busy.id)).seq).toBe(1)
  })

  it('writes nothing for whoever went away while a document was locked', async () => {
    const [busy] = (await documents(1)) as [Resource]
    const release = await hold(busy)
    const leaving = new AbortController()
    const left = send(encodeGroup([to(busy, typed('never'))]), { signal: leaving.signal })
    await eventually(async () => (await statements()).length > 0)
    leaving.abort()
    await expect(left).rejects.toThrow()
    // Long before a document that stays locked is given up, no more is tried.
    await eventually(async () => (await statements()).every((row) => Number(row.ago) > 0.3), 2_000)
    await release()
    expect(await send(encodeGroup([to(busy, typed('mine'))]))).toEqual([{ index: 0, firstSeq: 2, lastSeq: 2 }])
    expect(await notesOf(busy.id)).toBe('mine')
  })

  it('refuses only the document with a client id of somebody else, and binds none there', async () => {
    const [one, two, three] = (await documents(3)) as [Resource, Resource, Resource]
    await append(bench, two, [typed('mine', { clientId: 77 })])
    const eve = (text: string, clientId: number) => typed(text, { clientId, principal: 'user:eve' })
    const results = await send(
      encodeGroup([
        to(one, eve('fine', 77)),
        to(two, eve('fine alone', 78), eve('not fine', 77)),
        // Two people under one new id.
        to(three, typed('a', { clientId: 78 }), typed('b', { clientId: 79 }), eve('c', 79)),
      ]),
    )
    expect(results).toEqual([
      { index: 0, firstSeq: 2, lastSeq: 2 },
      problem(1, 'foreign-client-id', { frame: 1 }),
      problem(2, 'foreign-client-id', { frame: 2 }),
    ])
    expect((await load(bench, two.id)).seq).toBe(2)
    expect((await load(bench, three.id)).seq).toBe(1)
    expect(await idsOf(one.id)).toEqual([SEED_CLIENT_ID, 77])
    expect(await idsOf(two.id)).toEqual([SEED_CLIENT_ID, 77])
    expect(await idsOf(three.id)).toEqual([SEED_CLIENT_ID])
    // Neither may a person write as the server did.
    expect(await send(encodeGroup([to(one, typed('seed', { clientId: SEED_CLIENT_ID }))]))).toEqual([
      problem(0, 'foreign-client-id', { frame: 0 }),
    ])
  })

  it('binds a new id to one of two who use it at once', async () => {
    const [one] = (await documents(1)) as [Resource]
    const both = ['user:ada', 'user:eve'].map((principal) => typed(principal, { clientId: 80, principal }))
    const results = (await Promise.all(both.map((frame) => send(encodeGroup([to(one, frame)]))))).flat()
    expect(results.filter((result) => 'lastSeq' in result)).toHaveLength(1)
    expect(results.filter((result) => 'problem' in result)).toEqual([problem(0, 'foreign-client-id', { frame: 0 })])
    expect((await load(bench, one.id)).seq).toBe(2)
  })

  it('refuses only the documents that are gone, unknown, replaced or sent broken', async () => {
    const [good, gone, old, broken, nameless] = (await documents(5)) as [
      Resource,
      Resource,
      Resource,
      Resource,
      Resource,
    ]
    await bench.ctx.db.resource.update({ where: { id: gone.id }, data: { trashedAt: new Date() } })
    const x = typed('x')
    const results = await send(
      encodeGroup([
        to(gone, x),
        to({ ...good, id: 'nowhere' }, x),
        to({ ...good, id: 'no id \u0000' }, x),
        to({ ...old, epoch: 'older' }, x),
        to({ ...old, id: 'nothing', epoch: 'no epoch' }, x),
        to(broken, x, { ...x, update: Uint8Array.from([1, 2, 3]) }),
        to(nameless, { ...x, clientIds: [] }),
        to(good, x),
        to({ ...good, id: 'empty' }),
      ]),
    )
    expect(results).toEqual([
      problem(0, 'not-found'),
      problem(1, 'not-found'),
      problem(2, 'not-found'),
      problem(3, 'epoch-changed', { epoch: old.epoch }),
      problem(4, 'invalid-input'),
      problem(5, 'invalid-update', { frame: 1 }),
      problem(6, 'invalid-input', { frame: 0 }),
      { index: 7, firstSeq: 2, lastSeq: 2 },
      problem(8, 'invalid-input'),
    ])
    for (const { id } of [old, broken, nameless]) expect((await load(bench, id)).seq).toBe(1)
  })

  it('keeps the trouble of one log from the others', async () => {
    const [good, damaged] = (await documents(2)) as [Resource, Resource]
    // The next row is there already: its insert fails, as nothing of ours would make it.
    await bench.sql(
      'INSERT INTO updates SELECT resource_id, 2, epoch, principal, origin, bytes FROM updates WHERE resource_id = $1',
      [damaged.id],
    )
    const results = await send(encodeGroup([to(good, typed('good')), to(damaged, typed('bad'))]))
    expect(results).toEqual([{ index: 0, firstSeq: 2, lastSeq: 2 }, problem(1, 'internal')])
    expect(await notesOf(good.id)).toBe('good')
  })

  it('is refused as a whole when it names a document twice, is cut, or is none', async () => {
    const [one, two] = (await documents(2)) as [Resource, Resource]
    const twice = encodeGroup([to(one, typed('a')), to(two, typed('b')), to(one, typed('c'))])
    const whole = encodeGroup([to(one, typed('a')), to(two, typed('b'))])
    for (const body of [twice, whole.subarray(0, -1), whole.subarray(0, 10), new Uint8Array([0xff, 0xff])]) {
      await expect(send(body)).rejects.toMatchObject({ key: 'invalid-input', status: 400 })
    }
    await expect(send(new Uint8Array(32 * 1024 * 1024 + 1))).rejects.toMatchObject({ key: 'payload-too-large' })
    for (const { id } of [one, two]) expect((await load(bench, id)).seq).toBe(1)
  })

  it('is for services only', async () => {
    const [one] = (await documents(1)) as [Resource]
    const body = encodeGroup([to(one, typed('a'))])
    const person = bearer(bench.internalUrl, await bench.authority.token('ada'))
    for (const by of [person, { baseUrl: bench.internalUrl }]) {
      await expect(send(body, { by })).rejects.toMatchObject({ key: 'unauthenticated', status: 401 })
    }
    await expect(send(body, { by: { ...bench.internal, baseUrl: bench.url } })).rejects.toMatchObject({
      key: 'not-found',
    })
    expect((await load(bench, one.id)).seq).toBe(1)
  })

  it('says that the database is away, and goes on after it', async () => {
    const [one, two] = (await documents(2)) as [Resource, Resource]
    const client = await bench.ctx.pool.connect()
    await client.query('BEGIN')
    await client.query('LOCK TABLE updates IN SHARE MODE')
    const lost = send(encodeGroup([to(one, typed('a')), to(two, typed('a'))]))
    const waiting = await eventually(async () => {
      const rows = await statements()
      return rows.find((row) => row.wait_event_type === 'Lock')
    })
    await bench.sql('SELECT pg_terminate_backend($1)', [waiting?.pid])
    expect(await lost).toEqual([problem(0, 'unavailable'), problem(1, 'unavailable')])
    await client.query('COMMIT')
    client.release()
    const again = await send(encodeGroup([to(one, typed('b')), to(two, typed('b'))]))
    expect(again).toEqual([
      { index: 0, firstSeq: 2, lastSeq: 2 },
      { index: 1, firstSeq: 2, lastSeq: 2 },
    ])
  })
})
