import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { authApi, authInternal, call, securityApi, type User } from '@realtime/contracts'
import { serviceCaller } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuthConfig } from '../config.ts'
import {
  openBrowser,
  PASSWORD,
  setUpServer,
  signUpPerson,
  startAuth,
  type TestAuth,
  type TestBrowser,
} from '../testing.ts'
import { type Claims, type OpenIdProvider, startOpenIdProvider } from './openid-provider.ts'

let provider: OpenIdProvider
let auth: TestAuth
beforeAll(async () => {
  provider = await startOpenIdProvider()
  auth = await startAuth(atProvider())
  await setUpServer(openBrowser(auth))
})
afterAll(async () => {
  await auth.stop()
  await provider.stop()
})

const atProvider = (): Partial<AuthConfig> => ({
  OIDC_ISSUER: provider.issuer,
  OIDC_CLIENT_ID: provider.clientId,
  OIDC_CLIENT_SECRET: provider.clientSecret,
  OIDC_NAME: 'Example Login',
})
const problem = (key: string) => expect.objectContaining({ key })

type Begin = { to?: string; invitation?: string }
const begin = async (browser: TestBrowser, input: Begin = {}) =>
  (await browser.ask(securityApi.beginProvider, { body: { provider: 'oidc', ...input } })).url

/** Where a browser is sent that comes back from the provider. */
async function comeBack(browser: TestBrowser, url: URL): Promise<string> {
  const query = Object.fromEntries(url.searchParams)
  const params = { provider: url.pathname.split('/').at(-1) ?? '' }
  const answer = await browser.send(securityApi.finishProvider, { params, query })
  expect(answer.status).toBe(302)
  const location = answer.headers.get('location') ?? ''
  // Always a path of this server.
  expect(location).toMatch(/^\/(?![/\\])/)
  return location
}

async function enter(browser: TestBrowser, claims: Claims, input: Begin = {}): Promise<string> {
  return comeBack(browser, provider.agree(await begin(browser, input), claims))
}

let count = 0
function person(more: Partial<Claims> = {}): Claims & { email: string } {
  const n = ++count
  return {
    sub: `subject-${n}`,
    email: `person${n}@example.com`,
    email_verified: true,
    name: `Person ${n}`,
    ...more,
  } as Claims & {
    email: string
  }
}

const who = async (browser: TestBrowser): Promise<User> => (await browser.ask(authApi.session, {})).user
const events = async (userId: string) =>
  (
    await auth.database.sql('SELECT type, detail FROM security_events WHERE user_id = $1 ORDER BY at, id', [userId])
  ).map(({ type, detail }) => `${type} ${detail}`)

/** Signs up with a password at the address of these claims. */
async function withPassword(
  claims: { email: string },
  verified: boolean,
): Promise<{ browser: TestBrowser; user: User }> {
  const browser = openBrowser(auth)
  const body = { name: 'By Password', email: claims.email, password: PASSWORD }
  const { user } = await browser.ask(authApi.signUp, { body })
  if (!user) throw new Error('nobody was signed up')
  await auth.database.sql('UPDATE users SET email_verified = $2 WHERE id = $1', [user.id, verified])
  return { browser, user }
}

describe('signing in at a provider', () => {
  it('is offered, with PKCE, a state, a nonce and our callback', async () => {
    const { providers } = await openBrowser(auth).ask(securityApi.providers, {})
    expect(providers).toEqual([{ id: 'oidc', name: 'Example Login', kind: 'oidc' }])
    const browser = openBrowser(auth)
    const { searchParams } = new URL(await begin(browser))
    expect(searchParams.get('redirect_uri')).toBe('http://localhost:3000/auth/callback/oidc')
    expect(searchParams.get('code_challenge_method')).toBe('S256')
    expect(searchParams.get('nonce')).toBeTruthy()
    expect(browser.lastSetCookie.find((line) => line.startsWith('rc.state='))).toMatch(/HttpOnly/i)
  })

  it('makes an account the first time, and finds it again by its subject', async () => {
    const claims = person({ picture: 'https://pictures.example/1.png' })
    const browser = openBrowser(auth)
    expect(await enter(browser, claims, { to: '/documents/1?x=1#top' })).toBe('/documents/1?x=1#top')
    const user = await who(browser)
    expect(user).toMatchObject({ name: claims.name, email: claims.email, emailVerified: true, image: null })
    expect(await events(user.id)).toEqual([
      'provider-linked Example Login',
      'account-created Example Login',
      'signed-in Example Login',
    ])
    const again = openBrowser(auth)
    expect(await enter(again, { ...claims, email: 'moved@example.com', name: 'Renamed' })).toBe('/')
    expect(await who(again)).toEqual(user)
    expect(await auth.database.sql('SELECT 1 FROM sessions WHERE user_id = $1', [user.id])).toHaveLength(2)
    const [account] = await auth.database.sql(
      'SELECT provider_id, account_id, access_token, refresh_token, id_token FROM accounts WHERE user_id = $1',
      [user.id],
    )
    expect(account).toEqual({
      provider_id: 'oidc',
      account_id: claims.sub,
      access_token: null,
      refresh_token: null,
      id_token: null,
    })
    expect(await again.ask(securityApi.security, {})).toMatchObject({
      password: false,
      linked: [{ provider: 'oidc', name: 'Example Login', since: expect.any(String) }],
    })
  })

  it('cleans the name, and takes one from the address where there is none', async () => {
    const browser = openBrowser(auth)
    await enter(browser, person({ name: `  Bell\u0007\u202e ${'x'.repeat(200)}` }))
    const { name } = await who(browser)
    expect(name).toMatch(/^Bell\s+x+$/)
    expect(name.length).toBeLessThanOrEqual(80)
    const nameless = person()
    const { name: _name, ...rest } = nameless
    const other = openBrowser(auth)
    await enter(other, rest)
    expect((await who(other)).name).toBe(nameless.email.split('@')[0])
  })

  it('asks for a code where the account wants one', async () => {
    const claims = person()
    await enter(openBrowser(auth), claims)
    await auth.database.sql('UPDATE users SET two_factor_enabled = true WHERE email = $1', [claims.email])
    const browser = openBrowser(auth)
    expect(await enter(browser, claims, { to: '/documents/7' })).toBe(
      '/sign-in?error=two-factor-required&next=%2Fdocuments%2F7',
    )
    await expect(who(browser)).rejects.toEqual(problem('unauthenticated'))
    expect(browser.cookies.has('rc.two_factor')).toBe(true)
    expect(browser.cookies.has('rc.session_token')).toBe(false)
  })

  it('lets nobody in who is suspended', async () => {
    const claims = person()
    await enter(openBrowser(auth), claims)
    await auth.database.sql('UPDATE users SET suspended_at = now() WHERE email = $1', [claims.email])
    const browser = openBrowser(auth)
    expect(await enter(browser, claims)).toBe('/sign-in?error=suspended')
    expect(browser.cookies.has('rc.session_token')).toBe(false)
  })

  it('says what went wrong on the page to sign in', async () => {
    const refusing = openBrowser(auth)
    const back = provider.refuse(await begin(refusing, { to: '/x' }))
    expect(await comeBack(refusing, back)).toBe('/sign-in?error=access-denied&next=%2Fx')
    // A state that was used, one of another browser, one that is made up, and none.
    const claims = person()
    const browser = openBrowser(auth)
    const once = provider.agree(await begin(browser), claims)
    const cookie = browser.cookies.get('rc.state') ?? ''
    expect(await comeBack(browser, once)).toBe('/')
    const fresh = openBrowser(auth)
    fresh.cookies.set('rc.state', cookie)
    expect(await comeBack(fresh, once)).toBe('/sign-in?error=expired')
    const mine = provider.agree(await begin(openBrowser(auth)), claims)
    const victim = openBrowser(auth)
    expect(await comeBack(victim, mine)).toBe('/sign-in?error=expired')
    await expect(who(victim)).rejects.toEqual(problem('unauthenticated'))
    const callback = 'http://x/auth/callback/oidc'
    for (const query of ['', '?code=x', '?code=x&state=made-up', '?state=a&state=b&code=x', '?error=%3Cscript%3E']) {
      expect(await comeBack(openBrowser(auth), new URL(callback + query))).toBe('/sign-in?error=expired')
    }
    expect(await comeBack(openBrowser(auth), new URL('http://x/auth/callback/nobody?code=x&state=y'))).toBe(
      '/sign-in?error=expired',
    )
  })

  it('believes no id token that was forged', async () => {
    const forgeries: Parameters<OpenIdProvider['forgeNext']>[0][] = [
      { foreignKey: true },
      { claims: { nonce: 'another' } },
      { claims: { aud: 'another client' } },
      { claims: { iss: 'https://evil.example' } },
      { claims: { exp: 1 } },
    ]
    for (const forged of forgeries) {
      const claims = person()
      const browser = openBrowser(auth)
      const back = provider.agree(await begin(browser), claims)
      provider.forgeNext(forged)
      expect([forged, await comeBack(browser, back)]).toEqual([forged, '/sign-in?error=failed'])
      expect(browser.cookies.has('rc.session_token')).toBe(false)
      expect(await auth.database.sql('SELECT 1 FROM users WHERE email = $1', [claims.email])).toEqual([])
    }
  })

  it('answers a browser with a page when the database fails, and leaves nothing behind', async () => {
    const claims = person()
    const browser = openBrowser(auth)
    const back = provider.agree(await begin(browser), claims)
    await auth.database.sql('ALTER TABLE sessions RENAME TO away')
    try {
      expect(await comeBack(browser, back)).toBe('/sign-in?error=failed')
    } finally {
      await auth.database.sql('ALTER TABLE away RENAME TO sessions')
    }
    expect(await enter(browser, claims)).toBe('/')
    expect((await who(browser)).email).toBe(claims.email)
  })

  it('sends nobody to another site', async () => {
    for (const to of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      // Another site's address once the dots are taken out.
      '/.//evil.example',
      '/x/..//evil.example',
      '/%2e//evil.example',
      'javascript:alert(1)',
      '/a b',
      '\\\\x',
    ]) {
      const answer = await openBrowser(auth).send(securityApi.beginProvider, { body: { provider: 'oidc', to } })
      expect([to, answer.status]).toEqual([to, 400])
    }
    expect(await enter(openBrowser(auth), person(), { to: '/sign-in?error=https://evil.example' })).toBe(
      '/sign-in?error=https://evil.example',
    )
  })

  it('is nothing for a provider that is not set up', async () => {
    for (const name of ['google', 'github', 'credential', 'nobody']) {
      await expect(openBrowser(auth).ask(securityApi.beginProvider, { body: { provider: name } })).rejects.toEqual(
        problem('not-found'),
      )
    }
    const none = await startAuth()
    try {
      expect((await openBrowser(none).ask(securityApi.providers, {})).providers).toEqual([])
    } finally {
      await none.stop()
    }
  })
})

describe('an address that has an account already', () => {
  it('is linked where both sides confirmed it', async () => {
    const claims = person()
    const { user } = await withPassword(claims, true)
    const browser = openBrowser(auth)
    expect(await enter(browser, claims)).toBe('/')
    expect(await who(browser)).toMatchObject({ id: user.id, name: 'By Password' })
    expect(await events(user.id)).toContain('provider-linked Example Login')
  })

  it.each([
    ['not confirmed here', true, false],
    ['not confirmed there', false, true],
    ['confirmed nowhere', false, false],
  ])('is not when %s', async (_name, there, here) => {
    const claims = person({ email_verified: there })
    const { user } = await withPassword(claims, here)
    const browser = openBrowser(auth)
    expect(await enter(browser, claims)).toBe('/sign-in?error=email-unverified')
    await expect(who(browser)).rejects.toEqual(problem('unauthenticated'))
    const accounts = await auth.database.sql('SELECT provider_id FROM accounts WHERE user_id = $1', [user.id])
    expect(accounts).toEqual([{ provider_id: 'credential' }])
  })
})

describe('linking while signed in', () => {
  it('adds the provider, whatever its address, and unlinking takes it away', async () => {
    const { browser, user } = await withPassword(person(), true)
    const claims = person()
    expect(await enter(browser, claims, { to: '/settings/security' })).toBe('/settings/security')
    expect(await who(browser)).toMatchObject({ id: user.id, email: user.email })
    expect(await events(user.id)).toContain('provider-linked Example Login')
    const elsewhere = openBrowser(auth)
    await enter(elsewhere, claims)
    expect((await who(elsewhere)).id).toBe(user.id)
    const params = { provider: 'oidc' }
    await browser.ask(securityApi.unlink, { params })
    await expect(browser.ask(securityApi.unlink, { params })).rejects.toEqual(problem('not-found'))
    await expect(browser.ask(securityApi.unlink, { params: { provider: 'credential' } })).rejects.toEqual(
      problem('not-found'),
    )
    expect((await browser.ask(securityApi.security, {})).linked).toEqual([])
    expect((await events(user.id)).at(-1)).toBe('provider-unlinked Example Login')
    // Now the account there is a stranger's.
    const stranger = openBrowser(auth)
    await enter(stranger, claims)
    expect((await who(stranger)).id).not.toBe(user.id)
  })

  it('needs the own address confirmed, and says where it began what went wrong', async () => {
    const { browser: unverified } = await withPassword(person(), false)
    await expect(begin(unverified)).rejects.toEqual(problem('email-unverified'))
    const { browser } = await withPassword(person(), true)
    const unconfirmed = person({ email_verified: false })
    const to = '/settings/security?tab=1'
    expect(await enter(browser, unconfirmed, { to })).toBe('/settings/security?tab=1&error=email-unverified')
    const taken = person()
    await enter(openBrowser(auth), taken)
    expect(await enter(browser, taken, { to })).toBe('/settings/security?tab=1&error=already-linked')
    const refused = provider.refuse(await begin(browser, { to }))
    expect(await comeBack(browser, refused)).toBe('/settings/security?tab=1&error=access-denied')
    expect((await browser.ask(securityApi.security, {})).linked).toEqual([])
  })

  it('ends with the session that began it', async () => {
    const { browser } = await withPassword(person(), true)
    const back = provider.agree(await begin(browser, { to: '/settings' }), person())
    await browser.ask(authApi.signOut, {})
    expect(await comeBack(browser, back)).toBe('/sign-in?error=expired&next=%2Fsettings')
    expect(browser.cookies.has('rc.session_token')).toBe(false)
  })

  it('keeps the last way in, and needs a session to be undone', async () => {
    const browser = openBrowser(auth)
    await enter(browser, person())
    const params = { provider: 'oidc' }
    await expect(browser.ask(securityApi.unlink, { params })).rejects.toEqual(problem('conflict'))
    expect((await browser.ask(securityApi.security, {})).linked).toHaveLength(1)
    expect((await openBrowser(auth).send(securityApi.unlink, { params })).status).toBe(401)
  })
})

describe('the rules of signing up', () => {
  async function during(config: Partial<AuthConfig>, work: (own: TestAuth) => Promise<void>): Promise<void> {
    const own = await startAuth({ ...atProvider(), ...config })
    try {
      await work(own)
    } finally {
      await own.stop()
    }
  }

  it('hold before the server is set up, and where signing up is closed', async () => {
    await during({}, async (own) => {
      expect(await enter(openBrowser(own), person())).toBe('/sign-in?error=sign-up-closed')
    })
    await during({ SIGN_UP: 'closed' }, async (own) => {
      const admin = openBrowser(own)
      await setUpServer(admin)
      const claims = person()
      expect(await enter(openBrowser(own), claims)).toBe('/sign-in?error=sign-up-closed')
      expect(await own.database.sql('SELECT 1 FROM users')).toHaveLength(1)
      // Whoever has an account links it and signs in by it.
      await own.database.sql('UPDATE users SET email_verified = true')
      expect(await enter(admin, claims)).toBe('/')
      const browser = openBrowser(own)
      expect(await enter(browser, claims)).toBe('/')
      expect((await who(browser)).administrator).toBe(true)
    })
  })

  it('let in by an invitation, as often as it says', async () => {
    await during({ SIGN_UP: 'invitation' }, async (own) => {
      await setUpServer(openBrowser(own))
      const secret = own.config.AUTH_SERVICE_SECRET
      const url = own.running.internalUrl ?? ''
      const organization = serviceCaller({ from: 'organization', to: 'auth', url, secret })
      const invitation = 'an-invitation-token'
      await call(organization, authInternal.putSignUpPass, {
        params: { hash: createHash('sha256').update(invitation).digest('hex') },
        body: { expiresAt: new Date(Date.now() + 60_000).toISOString(), uses: 1 },
      })
      expect(await enter(openBrowser(own), person())).toBe('/sign-in?error=sign-up-closed')
      expect(await enter(openBrowser(own), person(), { invitation: 'wrong' })).toBe('/sign-in?error=sign-up-closed')
      const browser = openBrowser(own)
      const claims = person()
      expect(await enter(browser, claims, { invitation, to: '/join' })).toBe('/join')
      expect((await who(browser)).email).toBe(claims.email)
      expect(await enter(openBrowser(own), person(), { invitation })).toBe('/sign-in?error=sign-up-closed')
    })
  })

  it('make an account of an unconfirmed address only where no mail is sent, and that one earns nothing', async () => {
    const claims = person({ email_verified: false })
    const browser = openBrowser(auth)
    expect(await enter(browser, claims)).toBe('/')
    expect((await who(browser)).emailVerified).toBe(false)
    await during({ SMTP_URL: 'smtp://127.0.0.1:1' }, async (own) => {
      await setUpServer(openBrowser(own))
      expect(await enter(openBrowser(own), claims)).toBe('/sign-in?error=email-unverified')
      expect(await own.database.sql('SELECT 1 FROM users')).toHaveLength(1)
      expect(await enter(openBrowser(own), { ...claims, email_verified: true })).toBe('/')
    })
  })

  it('refuse who has no address', async () => {
    const { email: _email, ...claims } = person()
    expect(await enter(openBrowser(auth), claims)).toBe('/sign-in?error=failed')
    expect(await enter(openBrowser(auth), person({ email: 'no address' }))).toBe('/sign-in?error=failed')
  })
})

describe('a provider that is slow to say who came back', () => {
  it('is waited for ten seconds, and what it says later signs nobody in', async () => {
    const claims = person()
    const browser = openBrowser(auth)
    const back = provider.agree(await begin(browser, { to: '/join/1' }), claims)
    const { browser: linking, user } = await withPassword(person(), true)
    const theirs = provider.agree(await begin(linking, { to: '/settings/security?tab=1' }), person())
    const answer = provider.hold()
    try {
      expect(await Promise.all([comeBack(browser, back), comeBack(linking, theirs)])).toEqual([
        '/sign-in?error=unavailable&next=%2Fjoin%2F1',
        '/settings/security?tab=1&error=unavailable',
      ])
    } finally {
      answer()
    }
    await eventually(async () => (await events(user.id)).includes('provider-linked Example Login'))
    const users = () => auth.database.sql('SELECT id FROM users WHERE email = $1', [claims.email])
    await eventually(async () => (await users()).length === 1)
    const noted = async () => events(String((await users())[0]?.id))
    await eventually(async () => (await noted()).length === 2)
    expect(await noted()).toEqual(['provider-linked Example Login', 'account-created Example Login'])
    const sessions = () =>
      auth.database.sql('SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email = $1', [claims.email])
    await expect(who(browser)).rejects.toEqual(problem('unauthenticated'))
    expect(await enter(browser, claims)).toBe('/')
    // The one that is theirs.
    await eventually(async () => (await sessions()).length === 1)
  }, 30_000)
})

describe('a provider that is away', () => {
  it('is said so, keeps nothing else from starting, and is found when it comes', async () => {
    const port = Number(new URL(provider.issuer).port)
    await provider.stop()
    const own = await startAuth(atProvider())
    try {
      await setUpServer(openBrowser(own))
      await expect(begin(openBrowser(own))).rejects.toEqual(problem('unavailable'))
      provider = await startOpenIdProvider(port)
      const browser = openBrowser(own)
      expect(await enter(browser, person())).toBe('/')
      expect((await who(browser)).emailVerified).toBe(true)
    } finally {
      await own.stop()
    }
  })
})

describe('a provider that never answers', () => {
  it('keeps nobody from signing in by other ways, from the start', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const began = performance.now()
    const own = await startAuth({ ...atProvider(), OIDC_ISSUER: `http://127.0.0.1:${port}` })
    try {
      const browser = openBrowser(own)
      await setUpServer(browser)
      expect((await browser.ask(securityApi.providers, {})).providers).toHaveLength(1)
      // Its own deadline is ten seconds.
      expect(performance.now() - began).toBeLessThan(9_000)
    } finally {
      silent.closeAllConnections()
      silent.close()
      await own.stop()
    }
  })
})

describe('Google and GitHub', () => {
  it('are asked with PKCE where they take it, for who somebody is and for nothing else', async () => {
    const own = await startAuth({
      GOOGLE_CLIENT_ID: 'google-id',
      GOOGLE_CLIENT_SECRET: 'google-secret',
      GITHUB_CLIENT_ID: 'github-id',
      GITHUB_CLIENT_SECRET: 'github-secret',
    })
    try {
      const browser = openBrowser(own)
      const { providers } = await browser.ask(securityApi.providers, {})
      expect(providers.map(({ name }) => name)).toEqual(['Google', 'GitHub'])
      const ask = async (id: string) =>
        new URL((await browser.ask(securityApi.beginProvider, { body: { provider: id } })).url)
      const google = await ask('google')
      expect(google.origin + google.pathname).toBe('https://accounts.google.com/o/oauth2/v2/auth')
      expect(Object.fromEntries(google.searchParams)).toMatchObject({
        client_id: 'google-id',
        redirect_uri: 'http://localhost:3000/auth/callback/google',
        code_challenge_method: 'S256',
        scope: 'email profile openid',
      })
      const github = await ask('github')
      expect(github.origin + github.pathname).toBe('https://github.com/login/oauth/authorize')
      expect(Object.fromEntries(github.searchParams)).toMatchObject({
        client_id: 'github-id',
        redirect_uri: 'http://localhost:3000/auth/callback/github',
        code_challenge_method: 'S256',
        scope: 'read:user user:email',
      })
    } finally {
      await own.stop()
    }
  })
})

it('signing up with a password is still there beside it', async () => {
  const browser = openBrowser(auth)
  expect((await signUpPerson(browser, 'Still Here')).emailVerified).toBe(false)
})
