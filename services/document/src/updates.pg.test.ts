import { createHmac } from 'node:crypto'
import { type AppendFrame, call, documentInternal, encodeAppend } from '@realtime/contracts'
import { signServiceToken } from '@realtime/kit'
import { bearer, eventually } from '@realtime/kit/testing'
import { SEED_CLIENT_ID } from '@realtime/resources'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { appendServerEdit } from './server-edits.ts'
import { append, type Bench, load, replay, SECRET, startBench, typed } from './testing.ts'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
}, 30_000)
afterAll(() => bench?.stop())

describe('the update log', () => {
  it('begins with the first content, written once by the service', async () => {
    const document = await bench.document()
    const { epoch, seq, frames } = await load(bench, document.id)
    expect({ epoch, seq }).toEqual({ epoch: document.epoch, seq: 1 })
    expect(frames).toMatchObject([{ seq: 1, principal: 'user:ada', origin: 'create' }])
    expect(replay(frames).getXmlFragment('content').toString()).toBe('<paragraph></paragraph>')
    const { clientIds } = await call(bench.internal, documentInternal.clientIds, { params: { id: document.id } })
    expect(clientIds).toEqual([{ clientId: SEED_CLIENT_ID, principal: 'service:document' }])
  })

  it('takes 50 batches at once without holes or doubles', async () => {
    const document = await bench.document()
    const batches = Array.from({ length: 50 }, (_, index) =>
      Array.from({ length: 1 + (index % 3) }, (_, part) => typed(`<${index}.${part}>`)),
    )
    const answers = await Promise.all(batches.map((frames) => append(bench, document, frames)))
    const total = batches.flat().length
    const taken = answers.flatMap(({ firstSeq, lastSeq }, index) => {
      expect(lastSeq - firstSeq + 1).toBe(batches[index]?.length)
      return Array.from({ length: lastSeq - firstSeq + 1 }, (_, part) => firstSeq + part)
    })
    const expected = Array.from({ length: total }, (_, index) => index + 2)
    expect(taken.sort((a, b) => a - b)).toEqual(expected)
    const { seq, frames } = await load(bench, document.id)
    expect(seq).toBe(total + 1)
    expect(frames.map((frame) => frame.seq)).toEqual([1, ...expected])
    const text = replay(frames).getText('notes').toString()
    expect(text.match(/<\d+\.\d>/g)?.sort()).toEqual(
      batches.flatMap((batch, index) => batch.map((_, part) => `<${index}.${part}>`)).sort(),
    )
    const later = await load(bench, document.id, { after: seq - 3, epoch: document.epoch })
    expect(later.frames).toEqual(frames.slice(-3))
  })

  it('keeps the bytes exactly, however many', async () => {
    const document = await bench.document()
    const frame = typed('grown '.repeat(200_000))
    await append(bench, document, [frame])
    const { frames } = await load(bench, document.id, { after: 1 })
    expect(Buffer.from(frames[0]?.update ?? []).equals(frame.update)).toBe(true)
  })

  it('takes a batch that is sent again, and the state stays the same', async () => {
    const document = await bench.document()
    const frames = [typed('once'), typed(' more')]
    expect(await append(bench, document, frames)).toEqual({ firstSeq: 2, lastSeq: 3 })
    const before = replay((await load(bench, document.id)).frames)
    expect(await append(bench, document, frames)).toEqual({ firstSeq: 4, lastSeq: 5 })
    const after = replay((await load(bench, document.id)).frames)
    expect(Y.encodeStateAsUpdate(after)).toEqual(Y.encodeStateAsUpdate(before))
  })

  it('refuses another epoch and says which holds', async () => {
    const document = await bench.document()
    const refused = { key: 'epoch-changed', extra: { epoch: document.epoch } }
    await expect(append(bench, { ...document, epoch: 'older' }, [typed('late')])).rejects.toMatchObject(refused)
    await expect(load(bench, document.id, { epoch: 'older' })).rejects.toMatchObject(refused)
    expect((await load(bench, document.id)).seq).toBe(1)
  })

  it('knows neither unknown nor trashed documents', async () => {
    const document = await bench.document()
    await bench.ctx.db.resource.update({ where: { id: document.id }, data: { trashedAt: new Date() } })
    for (const id of ['nowhere', document.id]) {
      await expect(append(bench, { id, epoch: document.epoch }, [typed('x')])).rejects.toMatchObject({
        key: 'not-found',
      })
      await expect(load(bench, id)).rejects.toMatchObject({ key: 'not-found' })
      await expect(call(bench.internal, documentInternal.clientIds, { params: { id } })).rejects.toMatchObject({
        key: 'not-found',
      })
    }
  })

  it('refuses a client id of somebody else, names the frame, and writes nothing of the batch', async () => {
    const document = await bench.document()
    await append(bench, document, [typed('mine', { clientId: 77 })])
    const batch = [
      typed('fine', { clientId: 78, principal: 'user:eve' }),
      typed('not fine', { clientId: 77, principal: 'user:eve' }),
    ]
    const refused = { key: 'foreign-client-id', extra: { frame: 1 } }
    await expect(append(bench, document, batch)).rejects.toMatchObject(refused)
    expect((await load(bench, document.id)).seq).toBe(2)
    const { clientIds } = await call(bench.internal, documentInternal.clientIds, { params: { id: document.id } })
    expect(clientIds.map((one) => one.clientId)).toEqual([SEED_CLIENT_ID, 77])
    // Neither may a person write as the server did.
    await expect(append(bench, document, [typed('seed', { clientId: SEED_CLIENT_ID })])).rejects.toMatchObject({
      extra: { frame: 0 },
    })
    // Nor two people under one new id, in one batch or in two at once.
    const both = [typed('a', { clientId: 79 }), typed('b', { clientId: 79, principal: 'user:eve' })]
    await expect(append(bench, document, both)).rejects.toMatchObject(refused)
    const race = await Promise.allSettled(both.map((frame) => append(bench, document, [frame])))
    expect(race.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('does not let commits of different documents wait for each other', async () => {
    const [busy, free] = [await bench.document(), await bench.document()]
    const client = await bench.ctx.pool.connect()
    try {
      await client.query('BEGIN')
      await client.query('SELECT seq FROM resources WHERE id = $1 FOR UPDATE', [busy.id])
      const waiting = append(bench, busy, [typed('later')])
      expect(await append(bench, free, [typed('now')])).toEqual({ firstSeq: 2, lastSeq: 2 })
      await client.query('COMMIT')
      expect(await waiting).toEqual({ firstSeq: 2, lastSeq: 2 })
    } finally {
      client.release()
    }
  })

  it('goes on after its connections were cut', async () => {
    const document = await bench.document()
    await bench.sql(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()',
      [`realtime-${bench.schema}`],
    )
    const { lastSeq } = await eventually(() => append(bench, document, [typed('after')]))
    expect((await load(bench, document.id)).seq).toBe(lastSeq)
  })

  it('refuses what is no batch', async () => {
    const document = await bench.document()
    const send = (body: Uint8Array) =>
      call(bench.internal, documentInternal.append, {
        params: { id: document.id },
        query: { epoch: document.epoch },
        body,
      })
    const whole = encodeAppend([typed('whole'), typed('cut')])
    for (const body of [whole.subarray(0, -1), whole.subarray(0, 20), Uint8Array.from([0xff, 0xff, 0xff])]) {
      await expect(send(body)).rejects.toMatchObject({ key: 'invalid-input', status: 400 })
    }
    const wrong: [AppendFrame, string][] = [
      [{ ...typed('x'), origin: 'nobody' }, 'invalid-input'],
      [{ ...typed('x'), principal: 'ada' }, 'invalid-input'],
      [{ ...typed('x'), clientIds: [] }, 'invalid-input'],
      [{ ...typed('x'), update: Uint8Array.from([1, 2, 3]) }, 'invalid-update'],
      [{ ...typed('x'), update: new Uint8Array() }, 'invalid-update'],
    ]
    for (const [frame, key] of wrong) {
      await expect(send(encodeAppend([typed('good'), frame]))).rejects.toMatchObject({ key, extra: { frame: 1 } })
    }
    expect((await load(bench, document.id)).seq).toBe(1)
  })

  it('refuses a wrong content type, a missing epoch and a body beyond the limit', async () => {
    const document = await bench.document()
    const url = `${bench.internalUrl}/internal/documents/${document.id}/log`
    const authorization = `Bearer ${await signServiceToken('collaboration', 'document', SECRET)}`
    const send = async (path: string, type: string, body: Uint8Array<ArrayBuffer>) => {
      const answer = await fetch(path, { method: 'POST', headers: { authorization, 'content-type': type }, body })
      await answer.arrayBuffer()
      return answer.status
    }
    const body = new Uint8Array(encodeAppend([typed('x')]))
    expect(await send(`${url}?epoch=${document.epoch}`, 'application/json', body)).toBe(415)
    expect(await send(url, 'application/octet-stream', body)).toBe(400)
    const large = new Uint8Array(32 * 1024 * 1024 + 1)
    expect(await send(`${url}?epoch=${document.epoch}`, 'application/octet-stream', large)).toBe(413)
  })

  it('opens its internal routes to services only', async () => {
    const { id } = await bench.document()
    const now = Math.floor(Date.now() / 1000)
    const good = bearer(bench.internalUrl, serviceToken(now))
    expect((await call(good, documentInternal.load, { params: { id }, query: {} })).status).toBe(200)
    const expired = serviceToken(now - 120)
    const tokens = [
      'nonsense',
      expired,
      await signServiceToken('collaboration', 'document', `${SECRET}-another`),
      await signServiceToken('collaboration', 'organization', SECRET),
      await bench.authority.token('ada'),
    ]
    for (const token of tokens) {
      const caller = bearer(bench.internalUrl, token)
      await expect(call(caller, documentInternal.load, { params: { id }, query: {} })).rejects.toMatchObject({
        key: 'unauthenticated',
      })
    }
    const bare = { baseUrl: bench.internalUrl }
    await expect(call(bare, documentInternal.changes, { query: {} })).rejects.toMatchObject({ status: 401 })
    const outside = { ...bench.internal, baseUrl: bench.url }
    await expect(call(outside, documentInternal.load, { params: { id }, query: {} })).rejects.toMatchObject({
      key: 'not-found',
    })
  })

  it('takes edits of the server as it takes everybody’s, and only what they change', async () => {
    const document = await bench.document()
    await append(bench, document, [typed('hello '.repeat(1000))])
    const by = { principal: 'user:ada', origin: 'ai' } as const
    const edit = (text: string) =>
      appendServerEdit(bench.ctx, document.id, by, (doc) => doc.getText('notes').insert(0, text))
    const seqs = await Promise.all(['one ', 'two ', 'three '].map(edit))
    expect(seqs.sort()).toEqual([3, 4, 5])
    expect(await appendServerEdit(bench.ctx, document.id, by, () => undefined)).toBeNull()
    const { frames } = await load(bench, document.id)
    const written = frames.slice(2)
    expect(written.map(({ principal, origin }) => ({ principal, origin }))).toEqual([by, by, by])
    for (const frame of written) expect(frame.update.length).toBeLessThan(60)
    const doc = replay(frames)
    expect(doc.getText('notes').toString()).toContain('two ')
    expect(doc.store.pendingStructs).toBeNull()
    const { clientIds } = await call(bench.internal, documentInternal.clientIds, { params: { id: document.id } })
    expect(clientIds.filter((one) => one.principal === 'service:document')).toHaveLength(4)
    await appendServerEdit(bench.ctx, document.id, by, (doc) => doc.getText('notes').delete(0, 3))
    await expect(appendServerEdit(bench.ctx, 'nowhere', by, () => undefined)).rejects.toMatchObject({
      key: 'not-found',
    })
  })
})

/** A service token that was made at `issued` (seconds since 1970), signed with the right secret. */
function serviceToken(issued: number): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { iss: 'collaboration', aud: 'document', iat: issued, exp: issued + 60, jti: '1' }
  const text = `${part({ alg: 'HS256', typ: 'service+jwt' })}.${part(claims)}`
  return `${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`
}
