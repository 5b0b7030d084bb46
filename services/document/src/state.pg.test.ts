import type { LogFrame } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { newestState } from './state.ts'
import { append, type Bench, load, replay, startBench, typed } from './testing.ts'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench?.stop())

const many = (count: number) => Array.from({ length: count }, (_, index) => typed(`<${index}>`))
const same = (a: Uint8Array, b: Y.Doc) => {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, a)
  expect(doc.getText('notes').toString()).toBe(b.getText('notes').toString())
  expect(Y.encodeStateVector(doc)).toEqual(Y.encodeStateVector(b))
}

describe('the newest state', () => {
  it('is folded once for many askers, and from the older state when it has grown', async () => {
    const document = await bench.document()
    await append(bench, document, many(20))
    const at = { id: document.id, epoch: document.epoch, seq: 21 }
    const states = await Promise.all([newestState(bench.ctx, at), newestState(bench.ctx, at)])
    expect(states[0]).toBe(states[1])
    expect(await newestState(bench.ctx, at)).toBe(states[0])
    await append(bench, document, many(5))
    const grown = await newestState(bench.ctx, { ...at, seq: 26 })
    expect(grown.seq).toBe(26)
    same(grown.bytes, replay((await load(bench, document.id)).frames))
  })

  it('starts anew when the state was replaced', async () => {
    const document = await bench.document()
    await newestState(bench.ctx, { id: document.id, epoch: document.epoch, seq: 1 })
    await bench.ctx.db.resource.update({ where: { id: document.id }, data: { epoch: 'second' } })
    await append(bench, { id: document.id, epoch: 'second' }, [typed('anew')])
    const state = await newestState(bench.ctx, { id: document.id, epoch: document.epoch, seq: 2 })
    expect(state).toMatchObject({ epoch: 'second', seq: 2 })
    const doc = new Y.Doc()
    Y.applyUpdate(doc, state.bytes)
    expect(doc.getText('notes').toString()).toBe('anew')
    expect(doc.getXmlFragment('content').length).toBe(0)
  })

  it('is stored when a log has grown long, and later loads begin with it', async () => {
    const document = await bench.document()
    await append(bench, document, many(600))
    const stored = () => bench.sql('SELECT seq FROM snapshots WHERE resource_id = $1', [document.id])
    const seqs = async () => (await stored()).map((row) => Number(row.seq))
    const whole = await load(bench, document.id, { after: 1 })
    expect(whole.frames).toHaveLength(600)
    await eventually(async () => (await seqs())[0] === 601)
    await append(bench, document, many(3))
    const short = await load(bench, document.id)
    expect(short.frames.map((frame) => frame.seq)).toEqual([601, 602, 603, 604])
    expect(short.frames[0]).toMatchObject({ origin: 'snapshot', principal: '' })
    const rest = await load(bench, document.id, { after: 601 })
    expect(rest.frames).toEqual(short.frames.slice(1))
    const notes = (frames: LogFrame[]) => replay(frames).getText('notes').toString()
    expect(notes(short.frames)).toBe(notes([...whole.frames, ...rest.frames]))
    await append(bench, document, many(550))
    await bench.ctx.compaction.fold(document.id)
    expect(await seqs()).toEqual([1154])
  })

  it('says which log cannot be folded, and folds others after it', async () => {
    const [broken, sound] = [await bench.document(), await bench.document()]
    await bench.sql(`UPDATE updates SET bytes = '\\x010203' WHERE resource_id = $1`, [broken.id])
    const state = (document: typeof broken) =>
      newestState(bench.ctx, { id: document.id, epoch: document.epoch, seq: 1 })
    await expect(state(broken)).rejects.toThrow(/cannot be folded/)
    expect((await state(sound)).bytes.length).toBeGreaterThan(0)
  })
})
