import { fileURLToPath } from 'node:url'
import { freshSchema, openPool, prepareDatabase } from '@realtime/kit/database'
import { eventually } from '@realtime/kit/testing'
import { expect, it } from 'vitest'

const migrationsDir = fileURLToPath(new URL('../prisma/migrations', import.meta.url))

it('a change that began earlier and ends later never appears behind one that readers have seen', async () => {
  const fresh = freshSchema('organization')
  const pool = openPool(await prepareDatabase({ name: 'organization', config: fresh.config, migrationsDir }))
  const record = `SELECT record_change($1, '{}')`
  try {
    const first = await pool.connect()
    const second = await pool.connect()
    await first.query('BEGIN')
    await first.query(record, ['first'])
    await second.query('BEGIN')
    const recorded = second.query(record, ['second']).then(() => second.query('COMMIT'))
    // The second waits for the first to be seen: else it would be read now, and the first after it, never.
    await eventually(async () => {
      const { rows } = await pool.query(
        `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND pid = $1`,
        [(second as unknown as { processID: number }).processID],
      )
      return rows.length === 1
    })
    expect((await pool.query('SELECT 1 FROM changes')).rows).toEqual([])
    await first.query('COMMIT')
    await recorded
    const { rows } = await pool.query('SELECT type FROM changes ORDER BY cursor')
    expect(rows.map((row) => row.type)).toEqual(['first', 'second'])
    first.release()
    second.release()
  } finally {
    await pool.end()
    await fresh.drop()
  }
})
