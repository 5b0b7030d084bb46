import { createHash } from 'node:crypto'
import { authApi, authInternal, call, Problem } from '@realtime/contracts'
import { serviceCaller } from '@realtime/kit'
import { afterEach, describe, expect, it } from 'vitest'
import { openBrowser, PASSWORD, SETUP_TOKEN, setUpServer, signUpPerson, startAuth, type TestAuth } from './testing.ts'

let auth: TestAuth
afterEach(() => auth.stop())

const problem = (key: string) => expect.objectContaining({ key })
const grace = { name: 'Grace', email: 'Grace@Example.com', password: PASSWORD }

describe('setting the server up', () => {
  it('creates the administrator once, and signs in', async () => {
    auth = await startAuth()
    const browser = openBrowser(auth)
    expect(await browser.ask(authApi.status, {})).toEqual({ setUp: false, signUp: 'open' })
    const user = await setUpServer(browser)
    expect(user).toMatchObject({ name: 'Ada Admin', email: 'admin@example.com', administrator: true })
    expect((await browser.ask(authApi.session, {})).user.id).toBe(user.id)
    expect(await browser.ask(authApi.status, {})).toEqual({ setUp: true, signUp: 'open' })
    await expect(setUpServer(openBrowser(auth), 'second@example.com')).rejects.toEqual(problem('setup-done'))
  })

  it('lets one of several at once win', async () => {
    auth = await startAuth()
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, (_, at) => setUpServer(openBrowser(auth), `admin${at}@example.com`)),
    )
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toEqual(problem('setup-done'))
    }
    expect(await auth.database.sql('SELECT email FROM users')).toHaveLength(1)
  })

  it('refuses a wrong token, and any token when none is configured', async () => {
    auth = await startAuth()
    const body = { token: `${SETUP_TOKEN}x`, name: 'Eve', email: 'eve@example.com', password: PASSWORD }
    await expect(openBrowser(auth).ask(authApi.setUp, { body })).rejects.toEqual(problem('invalid-token'))
    await auth.stop()
    auth = await startAuth({ SETUP_TOKEN: undefined })
    await expect(setUpServer(openBrowser(auth))).rejects.toEqual(problem('invalid-token'))
  })

  it('comes before any sign-up', async () => {
    auth = await startAuth()
    await expect(signUpPerson(openBrowser(auth), 'Eve')).rejects.toEqual(problem('sign-up-closed'))
  })

  it('tells other services whether it is still needed', async () => {
    auth = await startAuth()
    const caller = serviceCaller({
      from: 'platform',
      to: 'auth',
      url: auth.running.internalUrl ?? '',
      secret: auth.config.AUTH_SERVICE_SECRET,
    })
    expect(await call(caller, authInternal.setup, {})).toEqual({ needed: true })
    await setUpServer(openBrowser(auth))
    expect(await call(caller, authInternal.setup, {})).toEqual({ needed: false })
  })
})

describe('signing up', () => {
  it('creates an account, lowers the address, and says when it is taken', async () => {
    auth = await startAuth()
    await setUpServer(openBrowser(auth))
    const browser = openBrowser(auth)
    const { user } = await browser.ask(authApi.signUp, { body: grace })
    expect(user).toMatchObject({ name: 'Grace', email: 'grace@example.com', administrator: false })
    expect((await browser.ask(authApi.session, {})).user).toEqual(user)
    await expect(openBrowser(auth).ask(authApi.signUp, { body: grace })).rejects.toEqual(problem('email-taken'))
    const [account] = await auth.database.sql('SELECT password_hash FROM accounts WHERE user_id = $1', [user?.id])
    expect(account?.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  it('takes the longest password, and a name with characters that break lines', async () => {
    auth = await startAuth()
    await setUpServer(openBrowser(auth))
    const credentials = { email: 'grace@example.com', password: `${'ä'.repeat(255)}z` }
    const body = { ...credentials, name: ' Gr\u0000ace\n\u202eHopper ' }
    const { user } = await openBrowser(auth).ask(authApi.signUp, { body })
    expect(user?.name).toBe('Gr ace Hopper')
    expect((await openBrowser(auth).ask(authApi.signIn, { body: credentials })).user).toEqual(user)
  })

  it('lets one of several at once have an address', async () => {
    auth = await startAuth()
    await setUpServer(openBrowser(auth))
    const results = await Promise.allSettled(
      Array.from({ length: 4 }, () => openBrowser(auth).ask(authApi.signUp, { body: grace })),
    )
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toEqual(problem('email-taken'))
    }
  })

  it('by invitation needs a pass that holds', async () => {
    auth = await startAuth({ SIGN_UP: 'invitation' })
    await setUpServer(openBrowser(auth))
    const caller = serviceCaller({
      from: 'organization',
      to: 'auth',
      url: auth.running.internalUrl ?? '',
      secret: auth.config.AUTH_SERVICE_SECRET,
    })
    const token = 'an-invitation-token'
    const hash = createHash('sha256').update(token).digest('hex')
    const put = (ms: number) =>
      call(caller, authInternal.putSignUpPass, {
        params: { hash },
        body: { expiresAt: new Date(Date.now() + ms).toISOString(), uses: 2 },
      })
    await expect(signUpPerson(openBrowser(auth), 'Alan')).rejects.toEqual(problem('sign-up-closed'))
    await expect(signUpPerson(openBrowser(auth), 'Alan', token)).rejects.toEqual(problem('invalid-token'))
    await put(-1000)
    await expect(signUpPerson(openBrowser(auth), 'Alan', token)).rejects.toEqual(problem('invalid-token'))
    await put(60_000)
    expect(await signUpPerson(openBrowser(auth), 'Alan', token)).toMatchObject({ name: 'Alan' })
    await expect(signUpPerson(openBrowser(auth), 'Alan', token)).rejects.toEqual(problem('email-taken'))
    await put(120_000)
    const both = ['Ada', 'Kurt'].map((name) => signUpPerson(openBrowser(auth), name, token))
    const results = await Promise.allSettled(both)
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(results).toContainEqual({ status: 'rejected', reason: problem('invalid-token') })
    await call(caller, authInternal.deleteSignUpPass, { params: { hash } })
    await call(caller, authInternal.deleteSignUpPass, { params: { hash } })
    await expect(signUpPerson(openBrowser(auth), 'Kurt', token)).rejects.toEqual(problem('invalid-token'))
  })

  it('is refused where it is closed', async () => {
    auth = await startAuth({ SIGN_UP: 'closed' })
    await setUpServer(openBrowser(auth))
    await expect(signUpPerson(openBrowser(auth), 'Alan')).rejects.toEqual(problem('sign-up-closed'))
  })

  it('is limited where it probes for accounts', async () => {
    auth = await startAuth()
    await setUpServer(openBrowser(auth))
    await openBrowser(auth).ask(authApi.signUp, { body: grace })
    const probe = () => openBrowser(auth, '198.51.100.7').send(authApi.signUp, { body: grace })
    for (let n = 0; n < 20; n++) expect((await probe()).status).toBe(409)
    const refused = await probe()
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('bad input', () => {
  it.each([
    ['malformed JSON', '{"name":', 'application/json', 400, '/problems/malformed-json'],
    ['a wrong content type', 'name=x', 'application/x-www-form-urlencoded', 415, '/problems/unsupported-media-type'],
    [
      'an unknown field',
      JSON.stringify({ ...grace, role: 'admin' }),
      'application/json',
      400,
      '/problems/invalid-input',
    ],
    ['a wrong type', JSON.stringify({ ...grace, name: 1 }), 'application/json', 400, '/problems/invalid-input'],
    ['a wrong e-mail', JSON.stringify({ ...grace, email: 'x' }), 'application/json', 400, '/problems/invalid-input'],
    [
      'a short password',
      JSON.stringify({ ...grace, password: 'x' }),
      'application/json',
      400,
      '/problems/invalid-input',
    ],
    ['an oversized body', `"${'x'.repeat(300_000)}"`, 'application/json', 413, '/problems/payload-too-large'],
  ])('refuses %s', async (_name, body, type, status, problemType) => {
    auth = await startAuth()
    const response = await fetch(`${auth.running.url}/auth/sign-up`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect(await response.json()).toMatchObject({ type: problemType, instance: expect.any(String) })
  })

  it('knows no path of better-auth, and no method but its own', async () => {
    auth = await startAuth()
    for (const path of [
      '/auth/sign-up/email',
      '/auth/get-session',
      '/auth/ok',
      '/auth/update-user',
      '/internal/people',
    ]) {
      const response = await fetch(auth.running.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      })
      expect([path, response.status]).toEqual([path, 404])
    }
    const wrong = await fetch(`${auth.running.url}/auth/sign-in`)
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
  })

  it('is told as a problem of the table', async () => {
    auth = await startAuth()
    const failure = await openBrowser(auth)
      .ask(authApi.signIn, { body: { email: 'nobody@example.com', password: 'wrong' } })
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Problem)
    expect(failure).toMatchObject({ key: 'wrong-credentials', status: 401 })
  })
})
