import { expect, it } from 'vitest'
import { openContext } from './context.ts'
import { sweep } from './expiry.ts'
import { openBrowser, setUpServer, startAuth } from './testing.ts'

it('deletes what has expired, and nothing else', async () => {
  const auth = await startAuth()
  const ctx = await openContext(auth.config)
  try {
    const user = await setUpServer(openBrowser(auth))
    const later = `now() + interval '1 minute'`
    for (const [name, at] of [
      ['old', `now() - interval '1 minute'`],
      ['new', later],
    ]) {
      const day = name === 'old' ? `now() - interval '366 days'` : `now() - interval '364 days'`
      await auth.database.sql(
        `INSERT INTO mail_tokens (hash, purpose, user_id, email, expires_at) VALUES ('${name}', 'magic-link', $1, 'a@example.com', ${at})`,
        [user.id],
      )
      await auth.database.sql(
        `INSERT INTO pending_sign_ups (hash, name, email, password_hash, expires_at) VALUES ('${name}', 'A', 'a@example.com', 'x', ${at})`,
      )
      await auth.database.sql(`INSERT INTO sign_up_passes (hash, expires_at) VALUES ('${name}', ${at})`)
      await auth.database.sql(
        `INSERT INTO security_events (id, user_id, type, at) VALUES ('${name}', $1, 'x', ${day})`,
        [user.id],
      )
    }
    await sweep(ctx)
    for (const [table, column] of [
      ['mail_tokens', 'hash'],
      ['pending_sign_ups', 'hash'],
      ['sign_up_passes', 'hash'],
      ['security_events', 'id'],
    ]) {
      const rows = await auth.database.sql(`SELECT ${column} AS name FROM ${table} WHERE ${column} IN ('old', 'new')`)
      expect([table, rows]).toEqual([table, [{ name: 'new' }]])
    }
    expect((await auth.database.sql('SELECT 1 FROM sessions')).length).toBe(1)
  } finally {
    await ctx.post.stop()
    await ctx.changed.stop()
    await ctx.revocations.stop()
    await ctx.db.$disconnect()
    await auth.stop()
  }
})
