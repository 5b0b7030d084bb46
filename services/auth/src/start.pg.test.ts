import { authApi } from '@realtime/contracts'
import { expect, it } from 'vitest'
import { start } from './index.ts'
import { openBrowser, setUpServer, startAuth } from './testing.ts'

it('finds everything again after a restart, and names a wrong AUTH_SECRET', async () => {
  const auth = await startAuth()
  try {
    const browser = openBrowser(auth)
    await setUpServer(browser)
    await auth.running.stop()
    await expect(start({ ...auth.config, AUTH_SECRET: 'another secret of auth, long enough' })).rejects.toThrow(
      /AUTH_SECRET/,
    )
    const again = await start(auth.config)
    const response = await fetch(`${again.url}/auth/token`, {
      headers: { cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    expect(response.status).toBe(200)
    expect((await fetch(`${again.internalUrl}/ready`)).status).toBe(200)
    await again.stop()
  } finally {
    await auth.stop()
  }
})

it('does not take a database that fails for a session that is over', async () => {
  const auth = await startAuth()
  try {
    const browser = openBrowser(auth)
    await setUpServer(browser)
    for (const table of ['sessions', 'users', 'signing_keys']) {
      await auth.database.sql(`ALTER TABLE ${table} RENAME TO away`)
      const statuses = []
      for (const endpoint of [authApi.token, authApi.session]) {
        const response = await browser.send(endpoint, {})
        statuses.push(response.status >= 500 || (table === 'signing_keys' && response.status === 200))
      }
      const signIn = { body: { email: 'admin@example.com', password: 'correct horse battery' } }
      if (table !== 'signing_keys') statuses.push((await browser.send(authApi.signIn, signIn)).status >= 500)
      expect([table, ...statuses]).not.toContain(false)
      expect(browser.cookies.size).toBe(1)
      await auth.database.sql(`ALTER TABLE away RENAME TO ${table}`)
    }
    expect((await browser.send(authApi.token, {})).status).toBe(200)
  } finally {
    await auth.stop()
  }
})
