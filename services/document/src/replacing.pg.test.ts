import { call, documentInternal, type GrownLogs } from '@realtime/contracts'
import { signServiceToken } from '@realtime/kit'
import { bearer, eventually } from '@realtime/kit/testing'
import { resourceKinds } from '@realtime/resources'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { readAnnouncement } from './announcer.ts'
import type { Resource } from './database/client.ts'
import { unpack } from './keeping.ts'
import { newestState } from './state.ts'
import { append, type Bench, load, replay, SECRET, startBench, typed } from './testing.ts'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
}, 60_000)
afterAll(() => bench?.stop())

const replace = (id: string, body: Uint8Array) =>
  call(bench.internal, documentInternal.replace, { params: { id }, body })

/** A whole state with a paragraph. */
function stateWith(text: string, clientId = 4711): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = clientId
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText(text)])
  doc.getXmlFragment('content').insert(0, [paragraph])
  return Y.encodeStateAsUpdate(doc)
}

const contentOf = (doc: Y.Doc) => doc.getXmlFragment('content').toString()
const versionsOf = (document: Resource) =>
  bench.sql('SELECT id, epoch, seq::int, reason, principals, bytes FROM versions WHERE resource_id = $1 ORDER BY seq', [
    document.id,
  ])
async function read(bytes: unknown): Promise<Y.Doc> {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, await unpack(bytes as Uint8Array))
  return doc
}

describe('a replaced state', () => {
  it('begins a new epoch; what was there is a version', async () => {
    const document = await bench.document()
    await append(bench, document, [typed('before'), typed('too', { principal: 'user:bob' })])
    const answer = await replace(document.id, stateWith('anew'))
    expect(answer).toEqual({ epoch: expect.any(String), seq: 4 })
    expect(answer.epoch).not.toBe(document.epoch)
    const loaded = await load(bench, document.id)
    expect(loaded).toMatchObject({ epoch: answer.epoch, seq: 4 })
    expect(contentOf(replay(loaded.frames))).toContain('anew')
    expect(replay(loaded.frames).getText('notes').toString()).toBe('')
    const [version, ...others] = await versionsOf(document)
    expect(others).toEqual([])
    expect(version).toMatchObject({
      epoch: answer.epoch,
      seq: 3,
      reason: 'before-restore',
      principals: ['user:ada', 'user:bob'],
    })
    expect((await read(version?.bytes)).getText('notes').toString()).toMatch(/beforetoo|toobefore/)
    const state = await newestState(bench.ctx, { id: document.id, epoch: answer.epoch, seq: 4 })
    expect(state).toMatchObject({ epoch: answer.epoch, seq: 4 })
  })

  it('never merges with what somebody still has of the old', async () => {
    const document = await bench.document()
    await append(bench, document, [typed('old')])
    const heard: GrownLogs = []
    const unsubscribe = bench.ctx.appended.subscribe({
      message: (payload) => void heard.push(...(readAnnouncement(payload) ?? [])),
      state: () => undefined,
    })
    const { epoch, seq } = await replace(document.id, stateWith('anew'))
    const refused = { key: 'epoch-changed', extra: { epoch } }
    await expect(append(bench, document, [typed('late')])).rejects.toMatchObject(refused)
    await expect(load(bench, document.id, { after: 2, epoch: document.epoch })).rejects.toMatchObject(refused)
    // Rooms hear that there is something to look for.
    await eventually(() => heard.some(([id, reached]) => id === document.id && reached === seq))
    unsubscribe()
    expect(await append(bench, { ...document, epoch }, [typed('goes on')])).toEqual({ firstSeq: 4, lastSeq: 4 })
    const { frames } = await load(bench, document.id, { after: 1, epoch })
    expect(frames.map((frame) => [frame.seq, frame.origin])).toEqual([
      [3, 'snapshot'],
      [4, 'user'],
    ])
    expect(replay(frames).getText('notes').toString()).toBe('goes on')
  })

  it('takes all that is written until the last moment into the version', async () => {
    const document = await bench.document()
    let written = 0
    const write = async () => {
      try {
        for (;;) {
          await append(bench, document, [typed('x')])
          written++
        }
      } catch (error) {
        return error
      }
    }
    const writing = [write(), write(), write()]
    await eventually(() => written > 20)
    await replace(document.id, stateWith('anew'))
    for (const ended of await Promise.all(writing)) expect(ended).toMatchObject({ key: 'epoch-changed' })
    const [version] = await versionsOf(document)
    expect((await read(version?.bytes)).getText('notes').length).toBe(written)
  })

  it('belongs to somebody: nobody may go on writing under its client ids', async () => {
    const document = await bench.document()
    await append(bench, document, [typed('mine', { clientId: 77 })])
    const both = new Y.Doc()
    Y.applyUpdate(both, stateWith('theirs', 88))
    Y.applyUpdate(both, typed('mine', { clientId: 77 }).update)
    const { epoch } = await replace(document.id, Y.encodeStateAsUpdate(both))
    const { clientIds } = await call(bench.internal, documentInternal.clientIds, { params: { id: document.id } })
    expect(clientIds).toContainEqual({ clientId: 77, principal: 'user:ada' })
    expect(clientIds).toContainEqual({ clientId: 88, principal: 'service:collaboration' })
    const forged = append(bench, { ...document, epoch }, [typed('forged', { clientId: 88 })])
    await expect(forged).rejects.toMatchObject({ key: 'foreign-client-id' })
    const authors = await bench.sql(
      'SELECT client_id::int AS client, principal FROM authorship WHERE resource_id = $1 AND epoch = $2 ORDER BY 1',
      [document.id, epoch],
    )
    expect(authors).toEqual([
      { client: 77, principal: 'user:ada' },
      { client: 88, principal: 'service:collaboration' },
    ])
  })

  it('keeps the versions of before, and the log of before for a week', async () => {
    const document = await bench.document()
    await append(bench, document, [typed('old')])
    const first = await replace(document.id, stateWith('second'))
    const second = await replace(document.id, stateWith('third'))
    const versions = await versionsOf(document)
    expect(versions.map((row) => [row.epoch, row.seq])).toEqual([
      [second.epoch, 2],
      [second.epoch, 3],
    ])
    expect(contentOf(await read(versions[1]?.bytes))).toContain('second')
    const epochs = () =>
      bench.sql(
        `SELECT epoch FROM updates WHERE resource_id = $1 UNION SELECT epoch FROM snapshots WHERE resource_id = $1`,
        [document.id],
      )
    const never = new AbortController().signal
    await bench.ctx.compaction.find(never)
    expect((await epochs()).map((row) => row.epoch).sort()).toEqual([document.epoch, first.epoch, second.epoch].sort())
    await bench.sql(`UPDATE resources SET replaced_at = now() - interval '8 days' WHERE id = $1`, [document.id])
    await bench.ctx.compaction.find(never)
    expect(await epochs()).toEqual([{ epoch: second.epoch }])
  })

  it('is refused when it is none, and nothing changes', async () => {
    const document = await bench.document()
    await append(bench, document, [typed('stays')])
    const late = new Y.Doc()
    late.getText('notes').insert(0, 'first')
    const before = Y.encodeStateVector(late)
    late.getText('notes').insert(5, 'second')
    const wrongKind = new Y.Doc()
    wrongKind.getXmlFragment('content').insert(0, [new Y.XmlText('outside of any block')])
    const bodies = [
      Uint8Array.from([1, 2, 3]),
      stateWith('cut').subarray(0, -3),
      Y.encodeStateAsUpdateV2(replay((await load(bench, document.id)).frames)),
      Y.encodeStateAsUpdate(late, before),
      Y.encodeStateAsUpdate(wrongKind),
    ]
    expect(resourceKinds.document.check(wrongKind)).not.toBeNull()
    for (const [index, body] of bodies.entries()) {
      await expect(replace(document.id, body), `body ${index}`).rejects.toMatchObject({ key: 'invalid-update' })
    }
    expect(await load(bench, document.id)).toMatchObject({ epoch: document.epoch, seq: 2 })
    expect(await versionsOf(document)).toEqual([])
  })

  it('is for services, and for documents that there are', async () => {
    const document = await bench.document()
    const input = { params: { id: document.id }, body: stateWith('x') }
    for (const token of ['nonsense', await bench.authority.token('ada')]) {
      const caller = bearer(bench.internalUrl, token)
      await expect(call(caller, documentInternal.replace, input)).rejects.toMatchObject({ status: 401 })
    }
    await expect(replace('nowhere', stateWith('x'))).rejects.toMatchObject({ key: 'not-found' })
    await bench.sql('UPDATE resources SET trashed_at = now() WHERE id = $1', [document.id])
    await expect(replace(document.id, stateWith('x'))).rejects.toMatchObject({ key: 'not-found' })
    const authorization = `Bearer ${await signServiceToken('ai', 'document', SECRET)}`
    const large = await fetch(`${bench.internalUrl}/internal/documents/${document.id}/state`, {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/octet-stream' },
      body: new Uint8Array(32 * 1024 * 1024 + 1),
    })
    await large.arrayBuffer()
    expect(large.status).toBe(413)
  })
})

describe('repair', () => {
  it('takes from a log what can be read of it', async () => {
    const document = await bench.document()
    await append(bench, document, [typed('one ', { clientId: 11 }), typed('two ', { clientId: 12 }), typed('three')])
    await bench.sql(`UPDATE updates SET bytes = '\\x010203' WHERE resource_id = $1 AND seq = 3`, [document.id])
    const at = { id: document.id, epoch: document.epoch, seq: 4 }
    await expect(newestState(bench.ctx, at)).rejects.toThrow()
    const { epoch } = await replace(document.id, new Uint8Array())
    const doc = replay((await load(bench, document.id)).frames)
    expect(doc.getText('notes').toString()).toMatch(/^(one three|threeone )$/)
    expect(contentOf(doc)).toBe('<paragraph></paragraph>')
    expect((await newestState(bench.ctx, { ...at, epoch, seq: 5 })).epoch).toBe(epoch)
    expect(await bench.sql('SELECT 1 FROM log_troubles WHERE resource_id = $1', [document.id])).toEqual([])
  })

  it('goes on without a snapshot that is not what was stored, as far as rows are there', async () => {
    const document = await bench.document()
    await append(bench, document, [typed('one')])
    await bench.ctx.compaction.fold(document.id)
    await bench.sql('UPDATE snapshots SET bytes = set_byte(bytes, 9, get_byte(bytes, 9) # 1) WHERE resource_id = $1', [
      document.id,
    ])
    await expect(load(bench, document.id)).rejects.toMatchObject({ key: 'internal' })
    await replace(document.id, new Uint8Array())
    expect(
      replay((await load(bench, document.id)).frames)
        .getText('notes')
        .toString(),
    ).toBe('one')
  })
})
