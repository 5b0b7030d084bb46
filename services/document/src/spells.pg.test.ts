import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AppendFrame, type Limits, plans } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Resource } from './database/client.ts'
import { entitlements } from './entitlements.ts'
import { unpack } from './keeping.ts'
import { pruneVersions } from './pruning.ts'
import { keepSpells } from './spells.ts'
import { append, type Bench, startBench } from './testing.ts'

// Automatic versions are decided from the times in the log, so that a test writes times instead of waiting.

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
}, 30_000)
afterAll(() => bench?.stop())

const never = new AbortController().signal
const MINUTE = 60_000

/** Says how many minutes ago each row of a log was written, from row 1 on. */
async function minutesAgo(document: Resource, minutes: number[]): Promise<void> {
  for (const [index, ago] of minutes.entries()) {
    await bench.sql(`UPDATE updates SET at = now() - $1 * interval '1 minute' WHERE resource_id = $2 AND seq = $3`, [
      ago,
      document.id,
      index + 1,
    ])
  }
}

/** A document with an edit, by somebody, for each given time. */
async function edited(edits: [minutesAgo: number, principal?: string][]): Promise<Resource> {
  const document = await bench.document()
  for (const [index, [, principal = 'user:ada']] of edits.entries()) {
    await append(bench, document, [wrote(`<${index}>`, principal)])
  }
  await minutesAgo(document, [500, ...edits.map(([ago]) => ago)])
  return document
}

/** A frame that adds a paragraph. */
function wrote(text: string, principal: string): AppendFrame {
  const doc = new Y.Doc()
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText(text)])
  doc.getXmlFragment('content').insert(0, [paragraph])
  return { principal, origin: 'user', clientIds: [doc.clientID], update: Y.encodeStateAsUpdate(doc) }
}

const versionsOf = (document: Resource) =>
  bench.sql('SELECT seq, reason, principals, bytes, epoch, at FROM versions WHERE resource_id = $1 ORDER BY seq, at', [
    document.id,
  ])
const seqs = async (document: Resource) => (await versionsOf(document)).map((row) => Number(row.seq))

async function textOf(bytes: unknown): Promise<string> {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, await unpack(bytes as Uint8Array))
  return doc.getXmlFragment('content').toString()
}

describe('a spell of editing', () => {
  it('ends with a version after some minutes without an edit, and not before', async () => {
    const quiet = await edited([[20], [18, 'user:bob'], [17]])
    const busy = await edited([[4], [3], [1]])
    const fresh = await bench.document()
    await minutesAgo(fresh, [60])
    await keepSpells(bench.ctx, never)
    const [version, ...others] = await versionsOf(quiet)
    expect(others).toEqual([])
    expect(version).toMatchObject({ seq: '4', reason: 'automatic', principals: ['user:ada', 'user:bob'] })
    expect(await textOf(version?.bytes)).toContain('<0>')
    expect(Date.now() - Number(version?.at)).toBeGreaterThan(16 * MINUTE)
    expect([await seqs(busy), await seqs(fresh)]).toEqual([[], []])
  })

  it('ends after half an hour of it, and what follows is the next', async () => {
    const document = await edited([[50], [40], [30], [21], [12], [3]])
    const spell = { idleMs: 15 * MINUTE, longestMs: 30 * MINUTE }
    await keepSpells(bench.ctx, never, spell)
    expect(await seqs(document)).toEqual([5])
    await minutesAgo(document, [500, 90, 80, 70, 61, 52, 43])
    await keepSpells(bench.ctx, never, spell)
    expect(await seqs(document)).toEqual([5, 7])
  })

  it('is found however late: each spell has its version, of the state at its end', async () => {
    const document = await edited([[300], [299], [200], [100], [99], [1]])
    await keepSpells(bench.ctx, never)
    const versions = await versionsOf(document)
    expect(versions.map((row) => Number(row.seq))).toEqual([3, 4, 6])
    const texts = await Promise.all(versions.map((row) => textOf(row.bytes)))
    expect(texts.map((text) => text.match(/\d/g)?.sort().join(''))).toEqual(['01', '012', '01234'])
  })

  it('has one version, however many look for it at once', async () => {
    const documents = await Promise.all([1, 2, 3, 4].map(() => edited([[20], [19], [18]])))
    await Promise.all([1, 2, 3].map(() => keepSpells(bench.ctx, never)))
    for (const document of documents) expect(await seqs(document)).toEqual([4])
    await keepSpells(bench.ctx, never)
    for (const document of documents) expect(await seqs(document)).toEqual([4])
  })

  it('that changed nothing has none', async () => {
    const document = await edited([[60]])
    await keepSpells(bench.ctx, never)
    const doc = new Y.Doc()
    doc.clientID = 4711
    const write = async (work: () => void): Promise<void> => {
      const before = Y.encodeStateVector(doc)
      work()
      const update = Y.encodeStateAsUpdate(doc, before)
      await append(bench, document, [{ principal: 'user:ada', origin: 'user', clientIds: [4711], update }])
    }
    const content = doc.getXmlFragment('content')
    await write(() => content.insert(0, [new Y.XmlElement('heading')]))
    await write(() => content.delete(0, 1))
    await minutesAgo(document, [500, 60, 20, 19])
    await keepSpells(bench.ctx, never)
    expect(await seqs(document)).toEqual([2])
    await write(() => content.insert(0, [new Y.XmlElement('heading')]))
    await minutesAgo(document, [500, 60, 20, 19, 10])
    await keepSpells(bench.ctx, never)
    expect(await seqs(document)).toEqual([2, 5])
  })

  it('of a state that was replaced is passed over', async () => {
    const document = await edited([[60], [59]])
    await bench.ctx.db.resource.update({ where: { id: document.id }, data: { epoch: 'second' } })
    await keepSpells(bench.ctx, never)
    await append(bench, { id: document.id, epoch: 'second' }, [wrote('anew', 'user:ada')])
    await minutesAgo(document, [500, 60, 59, 10])
    await keepSpells(bench.ctx, never)
    expect(await versionsOf(document)).toMatchObject([{ seq: '4', epoch: 'second' }])
  })

  it('of one document that cannot be read does not hold up the others', async () => {
    const broken = await edited([[60]])
    await bench.sql(`UPDATE updates SET bytes = '\\x010203' WHERE resource_id = $1`, [broken.id])
    const sound = await edited([[60]])
    await keepSpells(bench.ctx, never)
    expect([await seqs(broken), await seqs(sound)]).toEqual([[], [2]])
  })

  it('has its version also when the one before it is damaged', async () => {
    const document = await edited([[60], [30]])
    await minutesAgo(document, [500, 60, 1])
    await keepSpells(bench.ctx, never)
    await bench.sql(`UPDATE versions SET bytes = '\\x0102' WHERE resource_id = $1`, [document.id])
    await minutesAgo(document, [500, 60, 30])
    await keepSpells(bench.ctx, never)
    expect(await seqs(document)).toEqual([2, 3])
  })

  it('comes to its turn behind any number of documents that cannot be read', async () => {
    const broken = await Promise.all([1, 2, 3].map(() => edited([[60]])))
    await bench.sql(`UPDATE updates SET bytes = '\\x010203' WHERE resource_id = ANY($1)`, [broken.map(({ id }) => id)])
    const sound = await edited([[60]])
    await eventually(async () => {
      await keepSpells(bench.ctx, never, undefined, 2)
      return (await seqs(sound)).length > 0
    })
  })

  it('is looked for by the service itself', async () => {
    const document = await edited([[60]])
    // The running service looks at its start; a second one stands for its next start.
    const again = await bench.restart()
    await eventually(async () => (await seqs(document)).length > 0)
    await again.stop()
  })
})

it('any number of versions is cleaned up, however slowly the database forgets them', async () => {
  const document = await edited([[60], [30]])
  await keepSpells(bench.ctx, never)
  await bench.sql(
    `INSERT INTO versions (id, resource_id, epoch, seq, reason, principals, bytes, at)
     SELECT 'old' || n, resource_id, epoch, 1, 'named', principals, bytes, now() - interval '90 days'
     FROM versions, generate_series(1, 600) n WHERE resource_id = $1 AND seq = 2`,
    [document.id],
  )
  await bench.sql(`CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_sleep(0.01); RETURN OLD; END'`)
  await bench.sql('CREATE TRIGGER slowly BEFORE DELETE ON versions FOR EACH ROW EXECUTE FUNCTION slowly()')
  const organization = await plansOf({ historyDays: 30 })
  try {
    await pruneVersions({ ...bench.ctx, entitlements: organization.entitlements }, never)
    expect(await seqs(document)).toEqual([2, 3])
  } finally {
    organization.stop()
    await bench.sql('DROP TRIGGER slowly ON versions')
  }
}, 30_000)

/** Stands for the organization service: answers what everybody's plan includes. */
async function plansOf(limits: Partial<Limits>) {
  const server = createServer((_request, response) => {
    const usage = { members: 1, storageBytes: 0, aiCredits: 0 }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ mode: 'stripe', plan: 'free', limits: { ...plans.free.limits, ...limits }, usage }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { entitlements: entitlements({ baseUrl }), stop: () => server.close() }
}

it('no version is cleaned up while the plan cannot be asked for', async () => {
  const document = await edited([[60], [30]])
  await keepSpells(bench.ctx, never)
  await bench.sql(`UPDATE versions SET at = now() - interval '900 days' WHERE resource_id = $1`, [document.id])
  await pruneVersions(bench.ctx, never)
  expect(await seqs(document)).toEqual([2, 3])
})
