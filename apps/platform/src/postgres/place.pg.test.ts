import { chmodSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PostgresFailed } from './failure.ts'
import { folder, lines, sql, start } from './testing.ts'

const asRoot = process.getuid?.() === 0

describe.runIf(asRoot)('as root', () => {
  test('below a folder only root may enter, it runs', async () => {
    chmodSync(folder, 0o700)
    const elsewhere = join(folder, 'never')
    const server = await start({ identities: ['namespace'], elsewhere }).catch((error: unknown) => error)
    // Where user namespaces are forbidden there is only the other way, tested next.
    if (server instanceof PostgresFailed) return expect(server.message).toMatch(/cannot run here/)
    expect(lines.at(-1)).toContain('in a user namespace, because it refuses to run as root')
    expect(existsSync(elsewhere)).toBe(false)
  })

  test('as another user it moves out of such a folder with its data, stays there, and says so', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'))
    chmodSync(elsewhere, 0o755)
    try {
      const before = await start()
      await sql(before.adminUrl, 'CREATE TABLE kept AS SELECT 1 AS n')
      await before.stop()
      chmodSync(folder, 0o700)
      const outside = await start({ identities: ['user'], elsewhere })
      expect(lines.at(-1)).toMatch(/from .*elsewhere-.*as user \w+, because it refuses to run as root/)
      expect(await sql(outside.adminUrl, 'SELECT n FROM kept')).toEqual([{ n: 1 }])
      await sql(outside.adminUrl, 'UPDATE kept SET n = 2')
      await outside.stop()
      expect(existsSync(join(folder, 'postgres/cluster'))).toBe(false)
      const again = await start({ elsewhere })
      expect(await sql(again.adminUrl, 'SELECT n FROM kept')).toEqual([{ n: 2 }])
      await again.stop()
    } finally {
      rmSync(elsewhere, { recursive: true, force: true })
    }
  })

  test('as another user it stays where it is when that user can go there', async () => {
    const server = await start({ identities: ['user'], elsewhere: join(folder, 'never') })
    expect(lines.at(-1)).toMatch(/^PostgreSQL \S+ on 127.0.0.1:\d+, as user/)
    expect(statSync(join(folder, 'postgres/cluster')).uid).not.toBe(0)
    expect(await sql(server.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
  })
})
