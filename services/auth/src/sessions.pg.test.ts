import { authApi, authInternal, call, userClaims } from '@realtime/contracts'
import { revocationHash, serviceCaller, userTokens } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { start } from './index.ts'
import { openBrowser, PASSWORD, setUpServer, signUpPerson, startAuth, type TestAuth } from './testing.ts'

let auth: TestAuth
beforeAll(async () => {
  auth = await startAuth()
  await setUpServer(openBrowser(auth))
})
afterAll(() => auth.stop())

const problem = (key: string) => expect.objectContaining({ key })
const wrong = (email: string) => ({ body: { email, password: 'not the password' } })

describe('the session cookie', () => {
  it('is HttpOnly, Lax, only for /auth, and not Secure over http', async () => {
    const browser = openBrowser(auth)
    await browser.ask(authApi.signIn, { body: { email: 'ADMIN@example.com', password: PASSWORD } })
    const cookie = browser.lastSetCookie.find((line) => line.startsWith('rc.session_token='))
    expect(cookie).toMatch(/; HttpOnly/i)
    expect(cookie).toMatch(/; SameSite=Lax/i)
    expect(cookie).toMatch(/; Path=\/auth(;|$)/i)
    expect(cookie).not.toMatch(/; (Secure|Domain)/i)
  })

  it('is Secure over https', async () => {
    const secure = await startAuth({ PUBLIC_URL: 'https://collab.example.com' })
    try {
      const browser = openBrowser(secure)
      await setUpServer(browser)
      expect(browser.lastSetCookie.join()).toMatch(/^__Secure-rc\.session_token=.*; Secure/i)
      expect((await browser.ask(authApi.token, {})).token).toBeTruthy()
    } finally {
      await secure.stop()
    }
  })

  it('never shows its token in an answer', async () => {
    const browser = openBrowser(auth)
    const signIn = await browser.send(authApi.signIn, { body: { email: 'admin@example.com', password: PASSWORD } })
    const bodies = [await signIn.text()]
    for (const endpoint of [authApi.session, authApi.sessions])
      bodies.push(await (await browser.send(endpoint, {})).text())
    const tokens = await auth.database.sql('SELECT token FROM sessions')
    for (const { token } of tokens) expect(bodies.join()).not.toContain(String(token))
  })

  it('is needed, and must be genuine', async () => {
    const browser = openBrowser(auth)
    browser.cookies.set('rc.session_token', 'forged.AAAA')
    for (const endpoint of [authApi.session, authApi.sessions, authApi.token, authApi.outbox, authApi.signOut]) {
      await expect(openBrowser(auth).ask(endpoint, {})).rejects.toEqual(problem('unauthenticated'))
      await expect(browser.ask(endpoint, {})).rejects.toEqual(problem('unauthenticated'))
    }
    await expect(openBrowser(auth).ask(authApi.revokeSession, { params: { id: 'x' } })).rejects.toEqual(
      problem('unauthenticated'),
    )
  })
})

describe('requests of other sites', () => {
  it.each([['https://evil.example'], ['null'], ['http://localhost:3001'], ['https://localhost:3000']])(
    'with Origin %s change nothing',
    async (origin) => {
      const browser = openBrowser(auth)
      await signUpPerson(browser, `Cross ${Math.random().toString(36).slice(2)}`)
      const answer = await browser.send(authApi.signOut, {}, { origin })
      expect([answer.status, (await answer.json()).type]).toEqual([403, '/problems/origin-refused'])
      expect((await browser.send(authApi.session, {}, { origin })).status).toBe(200)
    },
  )

  it('without Origin change nothing when they carry a cookie', async () => {
    const browser = openBrowser(auth)
    await signUpPerson(browser, 'Cookie Only')
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const send = (headers: Record<string, string>) =>
      fetch(`${auth.running.url}/auth/sign-out`, { method: 'POST', headers })
    expect((await send({ cookie })).status).toBe(403)
    expect((await send({})).status).toBe(401)
  })
})

describe('user tokens', () => {
  it('say who, by which session, for ten minutes, and nothing more', async () => {
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'Token Holder')
    const { token, expiresAt } = await browser.ask(authApi.token, {})
    const keys = createLocalJWKSet(await browser.ask(authApi.jwks, {}))
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['EdDSA'],
      issuer: auth.config.PUBLIC_URL,
      audience: auth.config.PUBLIC_URL,
    })
    const { session } = await browser.ask(authApi.session, {})
    expect(userClaims.parse(payload)).toMatchObject({ sub: user.id, act: 'user', sid: session.id })
    expect(Object.keys(payload).sort()).toEqual(['act', 'aud', 'exp', 'iat', 'iss', 'sid', 'sub'])
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(600)
    expect(new Date(expiresAt).getTime()).toBe((payload.exp ?? 0) * 1000)
    expect(decodeProtectedHeader(token).alg).toBe('EdDSA')
  })

  it('are signed by published public keys; the private halves are encrypted', async () => {
    const { keys } = await openBrowser(auth).ask(authApi.jwks, {})
    expect(keys).toEqual([expect.objectContaining({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA' })])
    expect(keys[0]).not.toHaveProperty('d')
    const [row] = await auth.database.sql('SELECT private_key FROM signing_keys')
    expect(String(row?.private_key)).not.toContain('OKP')
  })

  it('are refused by every verifier after sign-out', async () => {
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'Leaver')
    const { token } = await browser.ask(authApi.token, {})
    const verifier = userTokens({ authUrl: auth.running.url, publicUrl: auth.config.PUBLIC_URL })
    try {
      const verified = await verifier.verify(token)
      expect(verified.actor).toEqual({ type: 'user', id: user.id, sessionId: verified.sessionId })
      const before = new Map(browser.cookies)
      await browser.ask(authApi.signOut, {})
      expect(browser.cookies.size).toBe(0)
      const { revoked } = await browser.ask(authApi.revocations, { query: {} })
      expect(revoked).toContain(revocationHash(verified.sessionId))
      await eventually(() => verifier.isRevoked(verified.sessionId))
      await expect(verifier.verify(token)).rejects.toEqual(problem('unauthenticated'))
      for (const [name, value] of before) browser.cookies.set(name, value)
      await expect(browser.ask(authApi.token, {})).rejects.toEqual(problem('unauthenticated'))
    } finally {
      verifier.stop()
    }
  })
})

describe('the list of sessions', () => {
  it('shows each, ends one by its id, and never another person’s', async () => {
    const laptop = openBrowser(auth, '192.0.2.10')
    const user = await signUpPerson(laptop, 'Two Devices')
    const phone = openBrowser(auth, '192.0.2.11')
    await phone.ask(authApi.signIn, { body: { email: user.email, password: PASSWORD } })
    const { sessions } = await laptop.ask(authApi.sessions, {})
    expect(sessions.map(({ address, device, current }) => ({ address, device, current }))).toEqual([
      { address: '192.0.2.11', device: 'Test browser', current: false },
      { address: '192.0.2.10', device: 'Test browser', current: true },
    ])
    const id = sessions[0]?.id ?? ''
    const stranger = openBrowser(auth)
    await signUpPerson(stranger, 'Stranger')
    await expect(stranger.ask(authApi.revokeSession, { params: { id } })).rejects.toEqual(problem('not-found'))
    await laptop.ask(authApi.revokeSession, { params: { id } })
    await expect(laptop.ask(authApi.revokeSession, { params: { id } })).rejects.toEqual(problem('not-found'))
    await expect(phone.ask(authApi.session, {})).rejects.toEqual(problem('unauthenticated'))
    expect((await stranger.ask(authApi.revocations, { query: {} })).revoked).toContain(revocationHash(id))
    await laptop.ask(authApi.revokeSession, { params: { id: (await laptop.ask(authApi.session, {})).session.id } })
    expect(laptop.cookies.size).toBe(0)
  })
})

describe('the list of ended sessions', () => {
  const list = (query: { known?: string; wait?: number } = {}, signal?: AbortSignal) =>
    call({ baseUrl: auth.running.url }, authApi.revocations, { query }, signal ? { signal } : {})

  it('is told to those who wait for it, by every process, some milliseconds after the end', async () => {
    const other = await start(auth.config)
    const verifiers = [auth.running.url, other.url].flatMap((authUrl) =>
      Array.from({ length: 3 }, () => userTokens({ authUrl, publicUrl: auth.config.PUBLIC_URL })),
    )
    try {
      const browser = openBrowser(auth)
      const user = await signUpPerson(browser, 'Often')
      const took: number[] = []
      for (let round = 0; round < 10; round++) {
        if (round > 0) await browser.ask(authApi.signIn, { body: { email: user.email, password: PASSWORD } })
        const { session } = await browser.ask(authApi.session, {})
        const began = performance.now()
        const heard = verifiers.map(
          (verifier) =>
            new Promise<void>((resolve) => {
              const stop = verifier.onRevoked((isRevoked) => {
                if (!isRevoked(session.id)) return
                took.push(performance.now() - began)
                stop()
                resolve()
              })
            }),
        )
        await browser.ask(authApi.signOut, {})
        await Promise.all(heard)
        for (const verifier of verifiers) expect(verifier.isRevoked(session.id)).toBe(true)
      }
      expect(took).toHaveLength(60)
      expect(Math.max(...took)).toBeLessThan(500)
    } finally {
      for (const verifier of verifiers) verifier.stop()
      await other.stop()
    }
  })

  it('waits no longer than it was asked to, and not at all for who knows another', async () => {
    const now = await list()
    const began = performance.now()
    expect(await list({ known: now.tag, wait: 1 })).toEqual(now)
    expect(performance.now() - began).toBeGreaterThan(950)
    expect(await list({ known: now.tag, wait: 0 })).toEqual(now)
    expect(await list({ known: 'another', wait: 10 })).toEqual(now)
    expect(performance.now() - began).toBeLessThan(5_000)
    await expect(list({ wait: 11 })).rejects.toEqual(problem('invalid-input'))
    await expect(list({ wait: -1 })).rejects.toEqual(problem('invalid-input'))
    await expect(list({ known: 'x'.repeat(65) })).rejects.toEqual(problem('invalid-input'))
  })

  it('comes all the same while the database cannot be listened to, and ends its waits when auth stops', async () => {
    const alone = await startAuth()
    const browser = openBrowser(alone)
    await setUpServer(browser)
    const from = (query: { known?: string; wait?: number }) =>
      call({ baseUrl: alone.running.url }, authApi.revocations, { query })
    const { tag } = await from({})
    const waiting = from({ known: tag, wait: 10 })
    const [cut] = await alone.database.sql(
      'SELECT pg_terminate_backend(pid) AS done FROM pg_stat_activity WHERE query = $1',
      [`LISTEN "${alone.config.DATABASE_SCHEMA}_revoked"`],
    )
    expect(cut).toEqual({ done: true })
    const { session } = await browser.ask(authApi.session, {})
    await browser.ask(authApi.signOut, {})
    expect((await waiting).revoked).toEqual([revocationHash(session.id)])
    const last = from({ known: (await from({})).tag, wait: 10 })
    // Answered after the one that waits has come.
    await from({})
    const began = performance.now()
    await alone.running.stop()
    expect((await last).revoked).toHaveLength(1)
    expect(performance.now() - began).toBeLessThan(5_000)
    await alone.stop()
  })
})

describe('guessing passwords', () => {
  it('is stopped for an account and address, with Retry-After, while the owner gets in elsewhere', async () => {
    const user = await signUpPerson(openBrowser(auth), 'Guessed')
    const guesser = openBrowser(auth, '203.0.113.1')
    // Pauses are not waited for here, but taken away.
    const guess = async () => {
      await auth.database.sql(`DELETE FROM attempts WHERE key LIKE 'pause:%'`)
      return guesser.send(authApi.signIn, wrong(user.email))
    }
    for (let n = 0; n < 8; n++) expect((await guess()).status).toBe(401)
    await auth.database.sql(`DELETE FROM attempts WHERE key LIKE 'pause:%'`)
    const refused = await guesser.send(authApi.signIn, { body: { email: user.email, password: PASSWORD } })
    expect([refused.status, (await refused.json()).type]).toEqual([429, '/problems/rate-limited'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60)
    const owner = openBrowser(auth, '203.0.113.2')
    expect((await owner.send(authApi.signIn, { body: { email: user.email, password: PASSWORD } })).status).toBe(200)
  })

  it('is slowed more and more, and not any more after the right password', async () => {
    const user = await signUpPerson(openBrowser(auth), 'Slowed')
    const browser = openBrowser(auth, '203.0.113.3')
    const right = () => browser.send(authApi.signIn, { body: { email: user.email, password: PASSWORD } })
    const waits: number[] = []
    for (let n = 0; n < 7; n++) {
      expect((await browser.send(authApi.signIn, wrong(user.email))).status).toBe(401)
      if (n < 2) continue
      // Also the right password has to wait: else the pause would tell which one it is.
      const refused = await right()
      expect(refused.status).toBe(429)
      waits.push(Number(refused.headers.get('retry-after')))
      await auth.database.sql(`DELETE FROM attempts WHERE key LIKE 'pause:%'`)
    }
    expect(waits).toEqual([1, 2, 4, 8, 16])
    expect((await right()).status).toBe(200)
    for (let n = 0; n < 2; n++) {
      expect((await browser.send(authApi.signIn, wrong(user.email))).status).toBe(401)
    }
    expect((await right()).status).toBe(200)
  })

  it('is stopped for an account from many addresses, also at once', async () => {
    const tries = Array.from({ length: 60 }, (_, n) =>
      openBrowser(auth, `198.51.100.${n}`).send(authApi.signIn, wrong('nobody@example.com')),
    )
    const statuses = (await Promise.all(tries)).map((response) => response.status)
    // From the twentieth on some meet a pause.
    const tried = statuses.filter((status) => status === 401).length
    expect(tried).toBeGreaterThanOrEqual(20)
    expect(tried).toBeLessThanOrEqual(40)
    expect(statuses.filter((status) => status === 429)).toHaveLength(60 - tried)
  })

  it('answers the same for an unknown address, and takes as long', async () => {
    const user = await signUpPerson(openBrowser(auth), 'Known')
    const time = async (email: string, address: string) => {
      const began = performance.now()
      const response = await openBrowser(auth, address).send(authApi.signIn, wrong(email))
      const { instance: _instance, ...body } = await response.json()
      return { body, ms: performance.now() - began }
    }
    const known: number[] = []
    const unknown: number[] = []
    for (let n = 0; n < 5; n++) {
      const one = await time(user.email, '203.0.113.8')
      const other = await time('unknown@example.com', '203.0.113.9')
      expect(other.body).toEqual(one.body)
      known.push(one.ms)
      unknown.push(other.ms)
    }
    // Both hash once: without it an unknown address would answer in a small part of the time.
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 2)
  })
})

describe('the outbox', () => {
  it('is for the administrator only', async () => {
    const person = openBrowser(auth)
    const user = await signUpPerson(person, 'Reader')
    await expect(person.ask(authApi.outbox, {})).rejects.toEqual(problem('forbidden'))
    const admin = openBrowser(auth)
    await admin.ask(authApi.signIn, { body: { email: 'admin@example.com', password: PASSWORD } })
    const kept = { to: user.email, text: expect.stringContaining('Confirm the address:'), html: expect.any(String) }
    await eventually(async () =>
      expect((await admin.ask(authApi.outbox, {})).mails).toContainEqual(expect.objectContaining(kept)),
    )
  })

  it('is off where the server is not on loopback, and keeps nothing there', async () => {
    const wide = await startAuth({ PUBLIC_URL: 'http://192.168.1.5:3000' })
    try {
      const admin = openBrowser(wide)
      await setUpServer(admin)
      await expect(admin.ask(authApi.outbox, {})).rejects.toEqual(problem('not-found'))
      expect(await wide.database.sql('SELECT 1 FROM mails')).toEqual([])
    } finally {
      await wide.stop()
    }
  })
})

describe('other services', () => {
  const caller = (secret: string) =>
    serviceCaller({ from: 'organization', to: 'auth', url: auth.running.internalUrl ?? '', secret })

  it('learn the names of people', async () => {
    const user = await signUpPerson(openBrowser(auth), 'Named')
    const input = { body: { ids: [user.id, 'unknown'] } }
    expect(await call(caller(auth.config.AUTH_SERVICE_SECRET), authInternal.people, input)).toEqual({
      people: [{ id: user.id, name: 'Named', image: null, email: 'named@example.com', emailVerified: false }],
    })
    await auth.database.sql('UPDATE users SET image = $2 WHERE id = $1', [user.id, 'data:image/png;base64,AA=='])
    const images = async (shown: boolean) => {
      const body = { ...input.body, images: shown }
      const { people } = await call(caller(auth.config.AUTH_SERVICE_SECRET), authInternal.people, { body })
      return people.map(({ name, image }) => [name, image])
    }
    expect(await images(true)).toEqual([['Named', 'data:image/png;base64,AA==']])
    expect(await images(false)).toEqual([['Named', null]])
  })

  it('need the service secret', async () => {
    const forged = caller('another secret, also long enough to be one')
    const hash = 'a'.repeat(64)
    await expect(call(forged, authInternal.people, { body: { ids: [] } })).rejects.toEqual(problem('unauthenticated'))
    await expect(call(forged, authInternal.setup, {})).rejects.toEqual(problem('unauthenticated'))
    await expect(call(forged, authInternal.deleteSignUpPass, { params: { hash } })).rejects.toEqual(
      problem('unauthenticated'),
    )
    const own = caller(auth.config.AUTH_SERVICE_SECRET)
    await expect(call(own, authInternal.deleteSignUpPass, { params: { hash: 'x' } })).rejects.toEqual(
      problem('invalid-input'),
    )
  })
})
