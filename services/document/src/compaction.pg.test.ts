import { kind as kinds, type LogFrame } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { resourceKinds, SEED_CLIENT_ID } from '@realtime/resources'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { compaction, PACE } from './compaction.ts'
import { compactor } from './compactor.ts'
import type { Resource } from './database/client.ts'
import { unpack } from './keeping.ts'
import { keepSpells } from './spells.ts'
import { newestState } from './state.ts'
import { append, type Bench, load, replay, startBench, typed } from './testing.ts'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
}, 60_000)
afterAll(() => bench?.stop())

const never = new AbortController().signal
const compact = (document: Resource) => bench.ctx.compaction.compact(document.id)
const rowsOf = async (document: Resource) =>
  (await bench.sql('SELECT seq FROM updates WHERE resource_id = $1 ORDER BY seq', [document.id])).map((row) =>
    Number(row.seq),
  )
const snapshotsOf = async (document: Resource) =>
  (await bench.sql('SELECT seq FROM snapshots WHERE resource_id = $1 ORDER BY seq', [document.id])).map((row) =>
    Number(row.seq),
  )
const state = (doc: Y.Doc) => ({
  text: doc.getText('notes').toString(),
  vector: Y.decodeStateVector(Y.encodeStateVector(doc)),
  json: doc.getXmlFragment('content').toString(),
})
const stateOf = async (document: Resource) => state(replay((await load(bench, document.id)).frames))

/** Makes all of a log as old as if it had been written an hour ago, and lets history decide about it. */
async function settle(document: Resource): Promise<void> {
  await bench.sql(`UPDATE updates SET at = at - interval '1 hour' WHERE resource_id = $1`, [document.id])
  await keepSpells(bench.ctx, never)
}

/** Another process at the same logs, as far as the database can tell. */
function another() {
  const { pool, log, troubles } = bench.ctx
  return compaction({ pool, log, troubles, compactor: compactor() })
}

/** Somebody who types: their frames, each with what they wrote since the one before. */
function person(clientId: number, principal: string) {
  const doc = new Y.Doc()
  doc.clientID = clientId
  return (text: string, deletes = 0) => {
    const before = Y.encodeStateVector(doc)
    const notes = doc.getText('notes')
    doc.transact(() => {
      notes.insert(notes.length, text)
      if (deletes > 0) notes.delete(0, deletes)
    })
    return { principal, origin: 'user', clientIds: [clientId], update: Y.encodeStateAsUpdate(doc, before) }
  }
}

describe('compaction', () => {
  it('puts one snapshot in the place of rows that history is through with, and loses nothing', async () => {
    const document = await bench.document()
    const [ada, bob] = [person(11, 'user:ada'), person(22, 'user:bob')]
    for (let step = 0; step < 30; step++) await append(bench, document, [ada(`a${step} `), bob(`b${step} `, step % 2)])
    const before = await load(bench, document.id)
    await settle(document)
    const late = person(33, 'user:eve')
    await append(bench, document, [late('late ')])
    expect(await compact(document)).toBe(true)
    expect([await rowsOf(document), await snapshotsOf(document)]).toEqual([[62], [61]])
    const after = await load(bench, document.id)
    expect(after.frames.map(({ seq, origin }) => [seq, origin])).toEqual([
      [61, 'snapshot'],
      [62, 'user'],
    ])
    expect(state(replay(after.frames))).toEqual(state(replay([...before.frames, ...after.frames.slice(1)])))
    expect(await compact(document)).toBe(false)
  })

  it('answers whoever asks for rows that are gone with the snapshot and what came after it', async () => {
    const document = await bench.document()
    const ada = person(11, 'user:ada')
    for (let step = 0; step < 9; step++) await append(bench, document, [ada(`${step}`)])
    await settle(document)
    await compact(document)
    await append(bench, document, [ada('after')])
    const gone = await load(bench, document.id, { after: 4, epoch: document.epoch })
    expect(gone.frames.map(({ seq, origin }) => [seq, origin])).toEqual([
      [10, 'snapshot'],
      [11, 'user'],
    ])
    expect(replay(gone.frames).getText('notes').toString()).toBe('012345678after')
    const there = await load(bench, document.id, { after: 10 })
    expect(there.frames.map(({ seq, origin }) => [seq, origin])).toEqual([[11, 'user']])
    expect((await load(bench, document.id, { after: 11 })).frames).toEqual([])
  })

  it('keeps who wrote what and when, in few rows', async () => {
    const document = await bench.document()
    const [ada, bob] = [person(11, 'user:ada'), person(22, 'user:bob')]
    for (let step = 0; step < 20; step++) await append(bench, document, [ada('four'), bob('xy')])
    await bench.sql(`UPDATE updates SET at = at - interval '3 hours' WHERE resource_id = $1 AND seq <= 21`, [
      document.id,
    ])
    await settle(document)
    await compact(document)
    const written = () =>
      bench.sql(
        `SELECT client_id::int AS client, clock::int, length::int, principal,
           round(extract(epoch FROM now() - at) / 3600)::int AS hours
         FROM authorship WHERE resource_id = $1 AND client_id <> $2 ORDER BY client_id, clock`,
        [document.id, SEED_CLIENT_ID],
      )
    expect(await written()).toEqual([
      { client: 11, clock: 0, length: 40, principal: 'user:ada', hours: 4 },
      { client: 11, clock: 40, length: 40, principal: 'user:ada', hours: 1 },
      { client: 22, clock: 0, length: 20, principal: 'user:bob', hours: 4 },
      { client: 22, clock: 20, length: 20, principal: 'user:bob', hours: 1 },
    ])
    // What goes on in the same hour prolongs the record of the time before.
    await append(bench, document, [ada('more')])
    await bench.sql(`UPDATE updates SET at = now() - interval '50 minutes' WHERE resource_id = $1`, [document.id])
    await keepSpells(bench.ctx, never)
    await compact(document)
    expect((await written())[1]).toMatchObject({ clock: 40, length: 44, hours: 1 })
    expect(await written()).toHaveLength(4)
  })

  it('leaves history what it needs: versions, their people, and ways back', async () => {
    const document = await bench.document()
    const write = (text: string, principal: string) => {
      const doc = new Y.Doc()
      const paragraph = new Y.XmlElement('paragraph')
      paragraph.insert(0, [new Y.XmlText(text)])
      doc.getXmlFragment('content').insert(0, [paragraph])
      const update = Y.encodeStateAsUpdate(doc)
      return append(bench, document, [{ principal, origin: 'user', clientIds: [doc.clientID], update }])
    }
    await write('first', 'user:ada')
    await settle(document)
    expect(await compact(document)).toBe(true)
    await write('second', 'user:bob')
    await write('third', 'user:eve')
    await settle(document)
    const versions = await bench.sql(
      'SELECT seq::int, principals, bytes FROM versions WHERE resource_id = $1 ORDER BY seq',
      [document.id],
    )
    expect(versions.map(({ seq, principals }) => [seq, principals])).toEqual([
      [2, ['user:ada']],
      [4, ['user:bob', 'user:eve']],
    ])
    const texts = await Promise.all(
      versions.map(async ({ bytes }) => {
        const doc = new Y.Doc()
        Y.applyUpdate(doc, await unpack(bytes as Uint8Array))
        return [
          ...doc
            .getXmlFragment('content')
            .toString()
            .matchAll(/first|second|third/g),
        ]
          .flat()
          .sort()
      }),
    )
    expect(texts).toEqual([['first'], ['first', 'second', 'third']])
    expect(await compact(document)).toBe(true)
    expect(await rowsOf(document)).toEqual([])
    expect((await stateOf(document)).json).toContain('second')
  })

  it('folds at once what history still needs, and leaves its rows', async () => {
    const document = await bench.document()
    await append(
      bench,
      document,
      Array.from({ length: 600 }, (_, index) => typed(`<${index}>`)),
    )
    await eventually(async () => (await snapshotsOf(document)).includes(601))
    expect(await rowsOf(document)).toHaveLength(601)
    expect(await compact(document)).toBe(false)
    await settle(document)
    expect(await compact(document)).toBe(true)
    expect([await rowsOf(document), await snapshotsOf(document)]).toEqual([[], [601]])
  })

  it('folds a log of few rows that has many bytes', async () => {
    const document = await bench.document()
    await append(bench, document, [typed('0123456789'.repeat(110_000))])
    await eventually(async () => (await snapshotsOf(document)).includes(2))
  })

  it('goes by itself once history has decided, also for a document that is edited for hours', async () => {
    const document = await bench.document()
    const ada = person(11, 'user:ada')
    await append(
      bench,
      document,
      Array.from({ length: 700 }, (_, index) => ada(`${index} `)),
    )
    // One edit every six seconds, up to now: no spell ever ends by idleness.
    await bench.sql(
      `UPDATE updates SET at = now() - (701 - seq) * interval '6 seconds' - interval '1 second' WHERE resource_id = $1`,
      [document.id],
    )
    await keepSpells(bench.ctx, never)
    await eventually(async () => (await rowsOf(document)).length < 450, 20_000)
    const left = await rowsOf(document)
    expect(left.at(-1)).toBe(701)
    expect(left.length).toBeGreaterThan(1)
    expect((await stateOf(document)).text).toBe(Array.from({ length: 700 }, (_, index) => `${index} `).join(''))
  })
})

describe('a snapshot that is not right', () => {
  it('removes no row, is told of, and is not tried again and again', async () => {
    const document = await bench.document()
    await append(bench, document, [typed('precious')])
    await settle(document)
    await bench.sql(`CREATE FUNCTION rot() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN NEW.bytes := set_byte(NEW.bytes, 9, get_byte(NEW.bytes, 9) # 1); RETURN NEW; END'`)
    await bench.sql('CREATE TRIGGER rot BEFORE INSERT OR UPDATE ON snapshots FOR EACH ROW EXECUTE FUNCTION rot()')
    try {
      await expect(compact(document)).rejects.toThrow('another snapshot')
    } finally {
      await bench.sql('DROP TRIGGER rot ON snapshots')
    }
    expect([await rowsOf(document), await snapshotsOf(document)]).toEqual([[1, 2], []])
    expect((await stateOf(document)).text).toBe('precious')
    const known = await bench.sql('SELECT reason FROM log_troubles WHERE resource_id = $1', [document.id])
    expect(known).toEqual([{ reason: 'verification' }])
    expect(await bench.ctx.metrics.registry.getSingleMetricAsString('document_log_troubles_total')).toMatch(
      /reason="verification".* 1/,
    )
    expect(await compact(document)).toBe(false)
    expect(await rowsOf(document)).toEqual([1, 2])
    await bench.sql(`UPDATE log_troubles SET at = now() - interval '2 hours' WHERE resource_id = $1`, [document.id])
    expect(await compact(document)).toBe(true)
    expect(await bench.sql('SELECT 1 FROM log_troubles WHERE resource_id = $1', [document.id])).toEqual([])
  })

  it('keeps nobody out of a long log whose rows are sound', async () => {
    const document = await bench.document()
    const ada = person(11, 'user:ada')
    const words = Array.from({ length: 4_500 }, (_, index) => `${index} `)
    await bench.sql(`INSERT INTO log_troubles VALUES ($1, $2, 'verification', 'as a test says')`, [
      document.id,
      document.epoch,
    ])
    for (let from = 0; from < words.length; from += 1_500) {
      await append(
        bench,
        document,
        words.slice(from, from + 1_500).map((word) => ada(word)),
      )
    }
    const { frames, seq } = await load(bench, document.id)
    expect([frames.length, seq]).toEqual([4_501, 4_501])
    expect(replay(frames).getText('notes').toString()).toBe(words.join(''))
    expect(await snapshotsOf(document)).toEqual([])
  })

  it('is an error for whoever opens it, never less than there was', async () => {
    const document = await bench.document()
    await append(bench, document, [typed('precious')])
    await settle(document)
    await compact(document)
    await bench.sql('UPDATE snapshots SET bytes = set_byte(bytes, 9, get_byte(bytes, 9) # 1) WHERE resource_id = $1', [
      document.id,
    ])
    await expect(load(bench, document.id)).rejects.toMatchObject({ key: 'internal' })
    const at = { id: document.id, epoch: document.epoch, seq: 2 }
    await expect(newestState(bench.ctx, at)).rejects.toMatchObject({ key: 'internal' })
    await bench.sql('DELETE FROM snapshots WHERE resource_id = $1', [document.id])
    await expect(load(bench, document.id)).rejects.toMatchObject({ key: 'internal' })
  })
})

describe('a log that is not whole', () => {
  it.each([
    ['cannot be read', `UPDATE updates SET bytes = '\\x010203' WHERE resource_id = $1 AND seq = 9`],
    ['is missing', 'DELETE FROM updates WHERE resource_id = $1 AND seq = 9'],
  ])('because a row %s is neither folded nor compacted', async (_, damage) => {
    const document = await bench.document()
    const ada = person(11, 'user:ada')
    await append(
      bench,
      document,
      Array.from({ length: 20 }, (_, index) => ada(`${index} `)),
    )
    await settle(document)
    await bench.sql(damage, [document.id])
    await expect(bench.ctx.compaction.fold(document.id)).rejects.toMatchObject({ key: 'internal' })
    expect(await compact(document)).toBe(false)
    expect((await rowsOf(document)).length).toBeGreaterThan(19)
    expect(await snapshotsOf(document)).toEqual([])
    const at = { id: document.id, epoch: document.epoch, seq: 21 }
    await expect(newestState(bench.ctx, at)).rejects.toThrow()
  })
})

describe('while others write and compact', () => {
  it('nothing is lost', async () => {
    const document = await bench.document()
    const [ada, bob] = [person(11, 'user:ada'), person(22, 'user:bob')]
    let writing = true
    const fold = async () => {
      while (writing) {
        await settle(document)
        await compact(document)
        await bench.ctx.compaction.fold(document.id)
      }
    }
    const write = async (who: typeof ada) => {
      for (let step = 0; step < 60; step++) await append(bench, document, [who('abc', step % 3)])
    }
    const folding = fold()
    await Promise.all([write(ada), write(bob)])
    writing = false
    await folding
    expect((await rowsOf(document)).length).toBeLessThan(121)
    const doc = replay((await load(bench, document.id)).frames)
    expect(Y.decodeStateVector(Y.encodeStateVector(doc))).toEqual(
      new Map([
        [SEED_CLIENT_ID, 2],
        [11, 180],
        [22, 180],
      ]),
    )
    expect(doc.getText('notes').length).toBe(360 - 120)
  })

  it('two processes at one log come to the same, once', async () => {
    const documents = await Promise.all([1, 2, 3].map(() => bench.document()))
    for (const document of documents) {
      await append(bench, document, [typed('one', { clientId: 11 }), typed('two', { clientId: 12 })])
      await settle(document)
    }
    const second = another()
    const done = await Promise.all(
      documents.map((document) => Promise.all([compact(document), second.compact(document.id)])),
    )
    await second.stop()
    for (const [index, document] of documents.entries()) {
      expect(done[index]?.filter(Boolean)).toHaveLength(1)
      expect([await rowsOf(document), await snapshotsOf(document)]).toEqual([[], [3]])
      const authors = await bench.sql('SELECT client_id FROM authorship WHERE resource_id = $1', [document.id])
      expect(authors).toHaveLength(3)
      expect((await stateOf(document)).text).toMatch(/onetwo|twoone/)
    }
  })

  it('a process that dies in the middle leaves the log as it was', async () => {
    const document = await bench.document()
    await append(bench, document, [typed('precious')])
    await settle(document)
    await bench.sql(`CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_sleep(60); RETURN OLD; END'`)
    await bench.sql('CREATE TRIGGER wait BEFORE DELETE ON updates FOR EACH ROW EXECUTE FUNCTION wait()')
    const dying = compact(document).catch((error: Error) => error)
    try {
      await eventually(async () => {
        const ended = await bench.sql(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE application_name = $1 AND query LIKE 'DELETE FROM updates%' AND state = 'active'`,
          [`realtime-${bench.schema}`],
        )
        return ended.length > 0
      })
      expect(await dying).toBeInstanceOf(Error)
    } finally {
      await bench.sql('DROP TRIGGER wait ON updates')
    }
    expect([await rowsOf(document), await snapshotsOf(document)]).toEqual([[1, 2], []])
    expect(await bench.sql('SELECT 1 FROM authorship WHERE resource_id = $1', [document.id])).toEqual([])
    expect(await eventually(() => compact(document))).toBe(true)
    expect((await stateOf(document)).text).toBe('precious')
  })

  it('what grew while nobody looked is found', async () => {
    const document = await bench.document()
    await append(bench, document, [typed('quiet')])
    await settle(document)
    const { pool, log, troubles } = bench.ctx
    const eager = compaction({ pool, log, troubles, compactor: compactor() }, { ...PACE, rows: 2 })
    await eager.find(never)
    await eager.stop()
    expect(await rowsOf(document)).toEqual([])
  })
})

describe('random edits with compaction at random moments', () => {
  it.each([1, 2, 3, 4])('lead to what a replica has that got all of them (seed %i)', async (seed) => {
    let random = seed * 104_729
    const dice = (below: number) => {
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0
      return Math.floor((random / 2 ** 32) * below)
    }
    const document = await bench.document()
    const all = new Y.Doc()
    const heard: LogFrame[] = (await load(bench, document.id)).frames
    for (const { update } of heard) Y.applyUpdate(all, update)
    const people = ['ada', 'bob', 'eve'].map((name, index) => {
      const doc = new Y.Doc()
      doc.clientID = 100 + index
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(all), 'told')
      return { doc, principal: `user:${name}`, authored: 0 }
    })
    for (let step = 0; step < 80; step++) {
      const who = people[dice(3)]
      if (!who) throw new Error('there are three')
      const { doc, principal } = who
      if (dice(2)) Y.applyUpdate(doc, Y.encodeStateAsUpdate(all), 'told')
      const before = Y.snapshot(doc)
      const vector = Y.encodeStateVector(doc)
      doc.transact(() => {
        const notes = doc.getText('notes')
        const content = doc.getXmlFragment('content')
        const what = dice(5)
        if (what === 0 && notes.length > 2) notes.delete(dice(notes.length - 2), 1 + dice(2))
        else if (what === 1) content.insert(dice(content.length + 1), [new Y.XmlElement('paragraph')])
        else if (what === 2 && content.length > 1) content.delete(dice(content.length), 1)
        else notes.insert(dice(notes.length + 1), `${step} `)
      })
      if (Y.equalSnapshots(before, Y.snapshot(doc))) continue
      const update = Y.encodeStateAsUpdate(doc, vector)
      Y.applyUpdate(all, update)
      await append(bench, document, [{ principal, origin: 'user', clientIds: [doc.clientID], update }])
      if (dice(12) === 0) await settle(document)
      if (dice(8) === 0) await bench.ctx.compaction.fold(document.id)
      if (dice(8) === 0) await compact(document)
    }
    const { frames } = await load(bench, document.id)
    expect(frames[0]?.origin).toBe('snapshot')
    const doc = replay(frames)
    expect(state(doc)).toEqual(state(all))
    expect(doc.store.pendingStructs).toBeNull()
    expect(resourceKinds[kinds.parse(document.kind)].text(doc)).toBe(
      resourceKinds[kinds.parse(document.kind)].text(all),
    )
    await settle(document)
    await compact(document)
    const sums = await bench.sql(
      `SELECT client_id::int AS client, principal, sum(length)::int AS length FROM authorship
       WHERE resource_id = $1 AND client_id >= 100 GROUP BY client_id, principal ORDER BY client_id`,
      [document.id],
    )
    expect(sums).toEqual(
      people
        .map(({ doc: own, principal }) => {
          return { client: own.clientID, principal, length: Y.getState(all.store, own.clientID) }
        })
        .filter(({ length }) => length > 0),
    )
  })
})
