import { createHash } from 'node:crypto'
import { authApi, authInternal, call, securityApi } from '@realtime/contracts'
import { serviceCaller } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { pathIn, startMailServer, type TestMailServer, tokenIn } from './mail/testing.ts'
import { openBrowser, PASSWORD, setUpServer, startAuth, type TestAuth } from './testing.ts'

let auth: TestAuth
let server: TestMailServer
beforeEach(async () => {
  server = await startMailServer()
  auth = await startAuth({ SMTP_URL: server.url })
  await setUpServer(openBrowser(auth))
})
afterEach(async () => {
  await auth.stop()
  await server.stop()
})

const problem = (key: string) => expect.objectContaining({ key })
const grace = { name: 'Grace', email: 'grace@example.com', password: PASSWORD }
const { email, password } = grace
const signUp = (body: object, address?: string) => openBrowser(auth, address).send(authApi.signUp, { body })

/** Follows the newest mail of a sign-up. */
async function follow(address = email) {
  const mail = await server.mailTo(address, 'Confirm your e-mail address')
  return openBrowser(auth).ask(securityApi.verifyEmail, { body: { token: tokenIn(mail, auth.config.PUBLIC_URL) } })
}

it('makes the account when the mail is followed, and not before', async () => {
  const browser = openBrowser(auth)
  expect(await browser.ask(authApi.signUp, { body: { ...grace, to: '/join/abc?x=1' } })).toEqual({ user: null })
  expect(browser.cookies.size).toBe(0)
  const mail = await server.mailTo(email, 'Confirm your e-mail address')
  expect(pathIn(mail, auth.config.PUBLIC_URL)).toMatch(/^\/verify-email\/[\w-]{43}\?next=%2Fjoin%2Fabc%3Fx%3D1$/)
  await expect(browser.ask(authApi.signIn, { body: { email, password } })).rejects.toEqual(problem('wrong-credentials'))
  expect(await auth.database.sql('SELECT 1 FROM users WHERE email = $1', [email])).toEqual([])
  expect(await follow()).toEqual({ email })
  const { user } = await browser.ask(authApi.signIn, { body: { email, password } })
  expect(user).toMatchObject({ name: 'Grace', email, emailVerified: true })
  await expect(follow()).rejects.toEqual(problem('invalid-token'))
})

it('answers the same for a taken address after about the same time, and tells its owner alone', async () => {
  const time = async (body: object, address: string) => {
    const began = performance.now()
    const response = await signUp(body, address)
    return { status: response.status, body: await response.json(), ms: performance.now() - began }
  }
  const free: number[] = []
  const taken: number[] = []
  for (let n = 0; n < 4; n++) {
    const one = await time({ ...grace, email: `free${n}@example.com` }, '203.0.113.1')
    const other = await time({ ...grace, email: 'admin@example.com' }, '203.0.113.2')
    expect([other.status, other.body]).toEqual([one.status, one.body])
    expect([one.status, one.body]).toEqual([201, { user: null }])
    free.push(one.ms)
    taken.push(other.ms)
  }
  // Both hash once; a difference of a factor of two would tell.
  expect(Math.min(...taken)).toBeGreaterThan(Math.min(...free) / 2)
  expect(Math.min(...free)).toBeGreaterThan(Math.min(...taken) / 2)
  const told = await server.mailTo('admin@example.com', 'You have an account already')
  expect(pathIn(told, auth.config.PUBLIC_URL)).toBe('/sign-in')
  // Signing in afterwards tells nothing either: a new account is not there before its mail was followed.
  for (const address of ['free0@example.com', 'admin@example.com']) {
    const response = await openBrowser(auth).send(authApi.signIn, {
      body: { email: address, password: `${PASSWORD}?` },
    })
    expect(response.status).toBe(401)
  }
})

it('keeps neither the token nor the password in the clear', async () => {
  await signUp(grace)
  const mail = await server.mailTo(email)
  const rows = JSON.stringify(await auth.database.sql('SELECT * FROM pending_sign_ups'))
  expect(rows).not.toContain(tokenIn(mail, auth.config.PUBLIC_URL))
  expect(rows).not.toContain(PASSWORD)
  expect(rows).toContain('$argon2id$')
})

it('lets one of two sign-ups have an address, and the other link work no more', async () => {
  await signUp(grace)
  const first = await server.mailTo(email)
  await signUp({ ...grace, name: 'Other Grace' })
  await eventually(() => server.received.filter((mail) => mail.to.includes(email)).length === 2)
  expect(await follow()).toEqual({ email })
  const body = { token: tokenIn(first, auth.config.PUBLIC_URL) }
  await expect(openBrowser(auth).ask(securityApi.verifyEmail, { body })).rejects.toEqual(problem('invalid-token'))
})

it('is refused once the day is over', async () => {
  await signUp(grace)
  await server.mailTo(email)
  await auth.database.sql(`UPDATE pending_sign_ups SET expires_at = now() - interval '1 second'`)
  await expect(follow()).rejects.toEqual(problem('invalid-token'))
})

it('by invitation checks it at once and uses it up with the account', async () => {
  await auth.stop()
  auth = await startAuth({ SMTP_URL: server.url, SIGN_UP: 'invitation' })
  await setUpServer(openBrowser(auth))
  const invitation = 'an-invitation-token'
  const hash = createHash('sha256').update(invitation).digest('hex')
  const body = { expiresAt: new Date(Date.now() + 60_000).toISOString(), uses: 1 }
  const secret = auth.config.AUTH_SERVICE_SECRET
  const caller = serviceCaller({ from: 'organization', to: 'auth', url: auth.running.internalUrl ?? '', secret })
  expect((await signUp({ ...grace, invitation })).status).toBe(400)
  await call(caller, authInternal.putSignUpPass, { params: { hash }, body })
  expect((await signUp({ ...grace, invitation })).status).toBe(201)
  expect((await signUp({ ...grace, email: 'ada@example.com', invitation })).status).toBe(201)
  await server.mailTo(email)
  await server.mailTo('ada@example.com')
  expect(await follow()).toEqual({ email })
  await expect(follow('ada@example.com')).rejects.toEqual(problem('invalid-token'))
})

it('mails one address five times an hour at most, and says the same of any', async () => {
  for (const address of [email, 'admin@example.com']) {
    for (let n = 0; n < 5; n++) expect((await signUp({ ...grace, email: address }, `203.0.113.${n}`)).status).toBe(201)
    const refused = await signUp({ ...grace, email: address }, '203.0.113.9')
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true])
  }
})
