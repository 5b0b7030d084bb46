import { authApi } from '@realtime/contracts'
import { userTokens } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { decodeProtectedHeader } from 'jose'
import { afterEach, expect, it } from 'vitest'
import { start } from './index.ts'
import { openBrowser, setUpServer, startAuth, type TestAuth } from './testing.ts'

let auth: TestAuth
afterEach(() => auth.stop())

it('signing keys rotate, and tokens from before and after hold at one verifier', async () => {
  auth = await startAuth()
  const browser = openBrowser(auth)
  await setUpServer(browser)
  const verifier = userTokens({ authUrl: auth.running.url, publicUrl: auth.config.PUBLIC_URL })
  const published = async () => (await browser.ask(authApi.jwks, {})).keys.map(({ kid }) => kid)
  const issue = async () => {
    const { token } = await browser.ask(authApi.token, {})
    return { token, kid: decodeProtectedHeader(token).kid ?? '' }
  }
  const others = []
  try {
    const before = await issue()
    expect(await published()).toEqual([before.kid])
    await verifier.verify(before.token)

    // Two processes start at once when it is time: one of them makes the key.
    await auth.database.sql("UPDATE signing_keys SET created_at = now() - interval '31 days'")
    others.push(...(await Promise.all([start(auth.config), start(auth.config)])))
    expect(await published()).toHaveLength(2)
    const [next] = (await published()).filter((kid) => kid !== before.kid)

    // It is published for a while before it signs, so that whoever keeps the keys knows it.
    expect((await issue()).kid).toBe(before.kid)
    await auth.database.sql("UPDATE signing_keys SET created_at = now() - interval '6 minutes' WHERE id = $1", [next])
    const after = await issue()
    expect(after.kid).toBe(next)
    await eventually(() => verifier.verify(after.token))
    expect((await verifier.verify(before.token)).actor).toEqual((await verifier.verify(after.token)).actor)

    // The old one signs no more, and stays published while a token of it may live.
    await auth.database.sql("UPDATE signing_keys SET expires_at = now() - interval '30 minutes' WHERE id = $1", [
      before.kid,
    ])
    expect((await issue()).kid).toBe(next)
    expect((await published()).sort()).toEqual([before.kid, next].sort())
    const fresh = userTokens({ authUrl: auth.running.url, publicUrl: auth.config.PUBLIC_URL })
    expect((await fresh.verify(before.token)).sessionId).toBeTruthy()
    fresh.stop()

    await auth.database.sql("UPDATE signing_keys SET expires_at = now() - interval '61 minutes' WHERE id = $1", [
      before.kid,
    ])
    expect(await published()).toEqual([next])
    const late = userTokens({ authUrl: auth.running.url, publicUrl: auth.config.PUBLIC_URL })
    await expect(late.verify(before.token)).rejects.toMatchObject({ key: 'unauthenticated' })
    late.stop()
    expect((await browser.ask(authApi.session, {})).user.administrator).toBe(true)
  } finally {
    verifier.stop()
    for (const other of others) await other.stop()
  }
})

it('a young key stays the only one', async () => {
  auth = await startAuth()
  const browser = openBrowser(auth)
  await setUpServer(browser)
  await auth.database.sql("UPDATE signing_keys SET created_at = now() - interval '29 days'")
  const again = await start(auth.config)
  expect((await browser.ask(authApi.jwks, {})).keys).toHaveLength(1)
  await again.stop()
})
