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
