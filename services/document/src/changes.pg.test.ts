import { call, documentInternal } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, startBench } from './testing.ts'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
})
afterAll(() => bench?.stop())

const changes = (query: { after?: number; limit?: number; wait?: number }) =>
  call(bench.internal, documentInternal.changes, { query })

describe('the changes of this service', () => {
  it('are read after a cursor, in pages', async () => {
    const { cursor: start } = await changes({ after: Number.MAX_SAFE_INTEGER })
    const made = [await bench.document(), await bench.document(), await bench.document()]
    const first = await changes({ after: start, limit: 2 })
    const second = await changes({ after: first.cursor, limit: 2 })
    const rows = [...first.changes, ...second.changes]
    expect(rows.map((row) => row.subject.id)).toEqual(made.map((document) => document.id))
    expect(rows[0]).toMatchObject({
      type: 'document.changed',
      subject: { projectId: made[0]?.projectId, organizationId: made[0]?.organizationId },
    })
    expect(await changes({ after: second.cursor })).toEqual({ changes: [], cursor: second.cursor })
  })

  it('wake who waits, and let nobody wait for what is past the newest', async () => {
    const { cursor } = await changes({ after: Number.MAX_SAFE_INTEGER, wait: 20 })
    const waiting = changes({ after: cursor, wait: 20 })
    const document = await bench.document()
    expect((await waiting).changes.map((row) => row.subject.id)).toEqual([document.id])
    const from = performance.now()
    const newest = cursor + 1
    expect(await changes({ after: newest, wait: 1 })).toEqual({ changes: [], cursor: newest })
    expect(performance.now() - from).toBeGreaterThan(950)
  })

  it('become visible in the order of their cursors, so that a reader misses none', async () => {
    const { cursor } = await changes({ after: Number.MAX_SAFE_INTEGER })
    const [slow, quick] = [await bench.ctx.pool.connect(), await bench.ctx.pool.connect()]
    const record = `SELECT record_change('o', 'project.changed', $1::jsonb)`
    try {
      await slow.query('BEGIN')
      await slow.query(record, [{ id: 'drawn-first', organizationId: 'o' }])
      let done = false
      const later = quick.query(record, [{ id: 'drawn-second', organizationId: 'o' }]).then(() => {
        done = true
      })
      await eventually(async () => {
        const rows = await bench.sql(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`)
        return rows.length > 0
      })
      expect(done).toBe(false)
      expect((await changes({ after: cursor })).changes).toEqual([])
      await slow.query('COMMIT')
      await later
      const { changes: rows } = await changes({ after: cursor })
      expect(rows.map((row) => row.subject.id)).toEqual(['drawn-first', 'drawn-second'])
    } finally {
      slow.release()
      quick.release()
    }
  })

  it('refuses wrong input', async () => {
    await expect(changes({ after: -1 })).rejects.toMatchObject({ key: 'invalid-input' })
    await expect(changes({ limit: 5000 })).rejects.toMatchObject({ key: 'invalid-input' })
    await expect(changes({ wait: 100 })).rejects.toMatchObject({ key: 'invalid-input' })
  })
})
