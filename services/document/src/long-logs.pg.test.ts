import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as Y from 'yjs'
import { appendServerEdit } from './server-edits.ts'
import { newestState } from './state.ts'
import { type Bench, replay, startBench } from './testing.ts'
import { load } from './updates.ts'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
}, 60_000)
afterAll(() => bench?.stop())

const ROWS = 60_000

/** What somebody typed, a row a keystroke, written to the log faster than anybody folds it. */
async function typedLong(): Promise<{ id: string; epoch: string; text: string }> {
  const { id, epoch } = await bench.document()
  const doc = new Y.Doc()
  doc.clientID = 11
  const rows: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => void rows.push(update))
  const text = doc.getText('notes')
  for (let step = 0; step < ROWS; step++) {
    if (step % 7 === 6) text.delete(Math.floor(text.length / 2), 1)
    else text.insert(step % 100 < 90 ? text.length : Math.floor(text.length / 3), 'abcdefg '.charAt(step % 8))
  }
  // By the pool, so that no announcement lets anybody fold it before it is asked for.
  for (let from = 0; from < rows.length; from += 5_000) {
    const part = rows.slice(from, from + 5_000)
    const names = part.map(() => 'user:ada')
    const origins = part.map(() => 'user')
    const values = [id, epoch, names, origins, part, [11], ['user:ada'], [0]]
    await bench.ctx.pool.query('SELECT append_updates($1, $2, $3, $4, $5, $6, $7, $8)', values)
  }
  return { id, epoch, text: text.toString() }
}

it('a long log is folded beside the service, and whoever opens it waits for that', async () => {
  const { id, text } = await typedLong()
  // The thread starts at the first need; that is not what is measured.
  await bench.ctx.compaction.fold((await bench.document()).id)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const began = performance.now()
  const askers = await Promise.all([0, 0, 500].map((after) => load(bench.ctx, { id, after })))
  const took = performance.now() - began
  delay.disable()
  for (const { frames, seq } of askers) {
    expect(seq).toBe(ROWS + 1)
    expect(frames.map((frame) => [frame.seq, frame.origin])).toEqual([[ROWS + 1, 'snapshot']])
  }
  expect(
    replay(askers[0]?.frames ?? [])
      .getText('notes')
      .toString(),
  ).toBe(text)
  // Folded on the loop, nearly all of the time would be one pause.
  expect(delay.max / 1e6).toBeLessThan(took / 2)
  const snapshots = await bench.sql('SELECT seq::int FROM snapshots WHERE resource_id = $1', [id])
  expect(snapshots).toEqual([{ seq: ROWS + 1 }])
}, 120_000)

it('states and edits of the server begin with a long log folded, too', async () => {
  const { id, epoch, text } = await typedLong()
  const { bytes } = await newestState(bench.ctx, { id, epoch, seq: ROWS + 1 })
  const doc = new Y.Doc()
  Y.applyUpdate(doc, bytes)
  expect(doc.getText('notes').toString()).toBe(text)
  const by = { principal: 'user:ada', origin: 'api' } as const
  await appendServerEdit(bench.ctx, id, by, (edited) => edited.getText('notes').insert(0, 'Title: '))
  const { frames } = await load(bench.ctx, { id, after: 0 })
  expect(replay(frames).getText('notes').toString()).toBe(`Title: ${text}`)
}, 120_000)
