import { generateKeyPairSync } from 'node:crypto'
import { authApi, type Passkey, securityApi, type User } from '@realtime/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  openBrowser,
  PASSWORD,
  setUpServer,
  signUpPerson,
  startAuth,
  type TestAuth,
  type TestBrowser,
} from '../testing.ts'
import { type Authenticator, authenticator } from './authenticator.ts'

let auth: TestAuth
beforeAll(async () => {
  auth = await startAuth()
  await setUpServer(openBrowser(auth))
})
afterAll(() => auth.stop())

const ORIGIN = 'http://localhost:3000'
const problem = (key: string) => expect.objectContaining({ key })

interface Holder {
  user: User
  browser: TestBrowser
  device: Authenticator
  passkey: Passkey
}

async function holder(name: string): Promise<Holder> {
  const browser = openBrowser(auth)
  const user = await signUpPerson(browser, name)
  const device = authenticator(ORIGIN)
  return { user, browser, device, passkey: await add(browser, device) }
}

async function add(browser: TestBrowser, device: Authenticator, change = {}): Promise<Passkey> {
  const options = await browser.ask(securityApi.passkeyOptions, {})
  return browser.ask(securityApi.addPasskey, { body: { name: 'Laptop', response: device.make(options, change) } })
}

async function enter(device: Authenticator, change = {}, browser = openBrowser(auth)): Promise<User> {
  const options = await browser.ask(securityApi.passkeySignInOptions, {})
  return (await browser.ask(securityApi.signInWithPasskey, { body: { response: device.use(options, change) } })).user
}

describe('adding a passkey', () => {
  it('keeps its public key and signs in with it, again and again', async () => {
    const { user, passkey, device } = await holder('Keyless')
    expect(passkey).toEqual({ id: passkey.id, name: 'Laptop', createdAt: expect.any(String), synced: true })
    const browser = openBrowser(auth)
    for (let n = 0; n < 2; n++) expect((await enter(device, {}, browser)).id).toBe(user.id)
    expect((await browser.ask(authApi.session, {})).user.id).toBe(user.id)
    expect([...browser.cookies.keys()]).toContain('rc.session_token')
    // Each entry is one session: none is left behind by the library.
    expect(await auth.database.sql('SELECT 1 FROM sessions WHERE user_id = $1', [user.id])).toHaveLength(3)
    const rows = await auth.database.sql(
      "SELECT type, detail FROM security_events WHERE user_id = $1 AND type IN ('passkey-added', 'signed-in') ORDER BY at, id",
      [user.id],
    )
    expect(rows.map(({ detail }) => detail)).toEqual(['sign-up', 'Laptop', 'passkey', 'passkey'])
  })

  it('asks the browser for one that proves its owner and is found without a name', async () => {
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'Options')
    const options = await browser.ask(securityApi.passkeyOptions, {})
    expect(options).toMatchObject({
      rp: { id: 'localhost', name: 'Realtime Collaborator' },
      user: { name: user.email },
      attestation: 'none',
      excludeCredentials: [],
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
    expect(browser.lastSetCookie.find((line) => line.startsWith('rc.passkey='))).toMatch(/HttpOnly/i)
    expect(await openBrowser(auth).ask(securityApi.passkeySignInOptions, {})).toMatchObject({
      rpId: 'localhost',
      userVerification: 'required',
    })
  })

  it('refuses another origin, another challenge, a used one, none, and one without proof of its owner', async () => {
    const browser = openBrowser(auth)
    await signUpPerson(browser, 'Attacked')
    const device = authenticator(ORIGIN)
    for (const change of [
      { origin: 'https://evil.example' },
      { origin: 'http://localhost:3001' },
      { userVerified: false },
    ]) {
      await expect(add(browser, device, change)).rejects.toEqual(problem('invalid-input'))
    }
    const first = await browser.ask(securityApi.passkeyOptions, {})
    await browser.ask(securityApi.passkeyOptions, {})
    const keep = (response: Record<string, unknown>) =>
      browser.ask(securityApi.addPasskey, { body: { name: 'x', response } })
    await expect(keep(device.make(first))).rejects.toEqual(problem('invalid-input'))
    // The failed try used the challenge up.
    await expect(keep(device.make(first))).rejects.toEqual(problem('invalid-token'))
    const options = await browser.ask(securityApi.passkeyOptions, {})
    browser.cookies.delete('rc.passkey')
    await expect(keep(device.make(options))).rejects.toEqual(problem('invalid-token'))
    expect((await browser.ask(securityApi.security, {})).passkeys).toEqual([])
  })

  it('refuses what is no answer of a browser, and never with a failure of the server', async () => {
    const browser = openBrowser(auth)
    await signUpPerson(browser, 'Garbage')
    const good = authenticator(ORIGIN).make(await browser.ask(securityApi.passkeyOptions, {}))
    for (const response of [
      {},
      { ...good, id: { not: null } },
      { ...good, response: {} },
      { ...good, response: { clientDataJSON: 'e30', attestationObject: 'AAAA', transports: 5 } },
      { ...good, response: { clientDataJSON: 'e30', attestationObject: 'AAAA' } },
    ]) {
      const answer = await browser.send(securityApi.addPasskey, { body: { name: 'x', response } })
      expect(answer.status).toBe(400)
    }
    for (const response of [{}, { ...good, id: ['x'] }, good]) {
      const answer = await browser.send(securityApi.signInWithPasskey, { body: { response } })
      expect(answer.status).toBe(400)
    }
  })

  it('needs a session of today, and the person who asked for it', async () => {
    for (const [endpoint, input] of [
      [securityApi.passkeyOptions, {}],
      [securityApi.addPasskey, { body: { name: 'x', response: {} } }],
      [securityApi.renamePasskey, { params: { id: 'x' }, body: { name: 'x' } }],
      [securityApi.removePasskey, { params: { id: 'x' } }],
    ] as const) {
      expect((await openBrowser(auth).send(endpoint, input)).status).toBe(401)
    }
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'Yesterday')
    const options = await browser.ask(securityApi.passkeyOptions, {})
    const thief = openBrowser(auth)
    await signUpPerson(thief, 'Thief')
    thief.cookies.set('rc.passkey', browser.cookies.get('rc.passkey') ?? '')
    await expect(
      thief.ask(securityApi.addPasskey, { body: { name: 'x', response: authenticator(ORIGIN).make(options) } }),
    ).rejects.toEqual(problem('forbidden'))
    await auth.database.sql("UPDATE sessions SET created_at = now() - interval '25 hours' WHERE user_id = $1", [
      user.id,
    ])
    await expect(browser.ask(securityApi.passkeyOptions, {})).rejects.toEqual(problem('fresh-sign-in-required'))
  })
})

describe('signing in with a passkey', () => {
  it('refuses another origin, a foreign key, an unknown one, and one without proof of its owner', async () => {
    const { device } = await holder('Careful')
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    for (const change of [
      { origin: 'https://evil.example' },
      { key: privateKey },
      { userVerified: false },
      { id: Buffer.from('unknown').toString('base64url') },
    ]) {
      await expect(enter(device, change)).rejects.toEqual(problem('wrong-credentials'))
    }
    const stranger = authenticator(ORIGIN)
    await expect(enter(stranger)).rejects.toEqual(problem('wrong-credentials'))
    await enter(device)
  })

  it('refuses an answer that was used, or given to another question', async () => {
    const { device, browser: other } = await holder('Replayed')
    const browser = openBrowser(auth)
    const options = await browser.ask(securityApi.passkeySignInOptions, {})
    const body = { response: device.use(options) }
    const cookie = browser.cookies.get('rc.passkey') ?? ''
    await browser.ask(securityApi.signInWithPasskey, { body })
    browser.cookies.set('rc.passkey', cookie)
    await expect(browser.ask(securityApi.signInWithPasskey, { body })).rejects.toEqual(problem('invalid-token'))
    const fresh = openBrowser(auth)
    await fresh.ask(securityApi.passkeySignInOptions, {})
    await expect(fresh.ask(securityApi.signInWithPasskey, { body })).rejects.toEqual(problem('wrong-credentials'))
    // The challenge of adding one is none of signing in.
    const adding = await other.ask(securityApi.passkeyOptions, {})
    const response = device.use({ challenge: adding.challenge, rpId: 'localhost' })
    await expect(other.ask(securityApi.signInWithPasskey, { body: { response } })).rejects.toEqual(
      problem('invalid-token'),
    )
  })

  it('asks for no code, and opens nothing for somebody suspended', async () => {
    const { user, device } = await holder('Both Factors')
    await auth.database.sql('UPDATE users SET two_factor_enabled = true WHERE id = $1', [user.id])
    await expect(
      openBrowser(auth).ask(authApi.signIn, { body: { email: user.email, password: PASSWORD } }),
    ).rejects.toEqual(problem('two-factor-required'))
    expect((await enter(device)).id).toBe(user.id)
    await auth.database.sql('UPDATE users SET suspended_at = now() WHERE id = $1', [user.id])
    await expect(enter(device)).rejects.toEqual(problem('suspended'))
  })

  it('is whose passkey it is, whoever is signed in', async () => {
    const { user, device } = await holder('Passkey Owner')
    const browser = openBrowser(auth)
    await signUpPerson(browser, 'Sitting There')
    expect((await enter(device, {}, browser)).id).toBe(user.id)
    expect((await browser.ask(authApi.session, {})).user.id).toBe(user.id)
  })
})

describe('the list of passkeys', () => {
  it('is renamed and shortened by its owner alone, and a removed one opens nothing', async () => {
    const { user, browser, device, passkey } = await holder('Tidy')
    const other = openBrowser(auth)
    await signUpPerson(other, 'Meddler')
    const params = { id: passkey.id }
    await expect(other.ask(securityApi.renamePasskey, { params, body: { name: 'Mine' } })).rejects.toEqual(
      problem('not-found'),
    )
    await expect(other.ask(securityApi.removePasskey, { params })).rejects.toEqual(problem('not-found'))
    const renamed = await browser.ask(securityApi.renamePasskey, { params, body: { name: ' Phone ' } })
    expect(renamed).toEqual({ ...passkey, name: 'Phone' })
    expect((await browser.send(securityApi.renamePasskey, { params, body: { name: '' } })).status).toBe(400)
    expect((await browser.ask(securityApi.security, {})).passkeys).toEqual([renamed])
    await browser.ask(securityApi.removePasskey, { params })
    await expect(enter(device)).rejects.toEqual(problem('wrong-credentials'))
    await expect(browser.ask(securityApi.removePasskey, { params })).rejects.toEqual(problem('not-found'))
    const events = await auth.database.sql(
      "SELECT detail FROM security_events WHERE user_id = $1 AND type = 'passkey-removed'",
      [user.id],
    )
    expect(events).toEqual([{ detail: 'Phone' }])
  })

  it('keeps the last way in', async () => {
    const { user, browser, passkey } = await holder('Only Key')
    await auth.database.sql('DELETE FROM accounts WHERE user_id = $1', [user.id])
    await expect(browser.ask(securityApi.removePasskey, { params: { id: passkey.id } })).rejects.toEqual(
      problem('conflict'),
    )
    const second = await add(browser, authenticator(ORIGIN))
    const results = await Promise.allSettled(
      [passkey, second].map(({ id }) => browser.ask(securityApi.removePasskey, { params: { id } })),
    )
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('where passkeys cannot be', () => {
  it.each([
    ['http://192.168.1.5:3000', false],
    ['http://docs.example.org', false],
    ['https://127.0.0.1', false],
    ['https://docs.example.org', true],
    ['http://localhost:3000', true],
  ])('%s: %s', async (PUBLIC_URL, works) => {
    const own = await startAuth({ PUBLIC_URL })
    try {
      const browser = openBrowser(own)
      expect((await browser.ask(securityApi.providers, {})).passkeys).toBe(works)
      await setUpServer(browser)
      const options = browser.ask(securityApi.passkeyOptions, {})
      if (works) expect(await options).toHaveProperty('challenge')
      else await expect(options).rejects.toEqual(problem('conflict'))
      expect((await openBrowser(own).send(securityApi.passkeySignInOptions, {})).status).toBe(works ? 200 : 409)
    } finally {
      await own.stop()
    }
  })
})
