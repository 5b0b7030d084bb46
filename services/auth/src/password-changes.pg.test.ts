import { authApi, call, securityApi } from '@realtime/contracts'
import { revocationHash } from '@realtime/kit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  keptMail,
  keptToken,
  openBrowser,
  PASSWORD,
  setUpServer,
  signUpPerson,
  startAuth,
  type TestAuth,
  type TestBrowser,
} from './testing.ts'

let auth: TestAuth
beforeAll(async () => {
  auth = await startAuth()
  await setUpServer(openBrowser(auth))
})
afterAll(() => auth.stop())

const problem = (key: string) => expect.objectContaining({ key })
const NEXT = 'another good passphrase'
const SUBJECT = 'Set a new password'

const signIn = (email: string, password: string, browser = openBrowser(auth, '203.0.113.7')) =>
  browser.ask(authApi.signIn, { body: { email, password } })
const signedIn = async (browser: TestBrowser) => (await browser.send(authApi.session, {})).status === 200
const revoked = async () => (await call({ baseUrl: auth.running.url }, authApi.revocations, { query: {} })).revoked
const types = async (browser: TestBrowser) =>
  (await browser.ask(securityApi.securityEvents, {})).events.map(({ type }) => type)

describe('a forgotten password', () => {
  const forget = (email: string) => openBrowser(auth).ask(securityApi.forgotPassword, { body: { email } })
  const reset = (token: string, password = NEXT) =>
    openBrowser(auth).ask(securityApi.resetPassword, { body: { token, password } })

  it('is set anew by a mail, once, which ends all sessions and confirms the address', async () => {
    const [first, second] = [openBrowser(auth), openBrowser(auth)]
    const user = await signUpPerson(first, 'Forgetful')
    await signIn(user.email, PASSWORD, second)
    const ids = [first, second].map(async (browser) => (await browser.ask(authApi.session, {})).session.id)
    const hashes = (await Promise.all(ids)).map(revocationHash)
    await forget('Forgetful@example.com')
    const token = await keptToken(auth, user.email, SUBJECT)
    await reset(token)
    expect([await signedIn(first), await signedIn(second)]).toEqual([false, false])
    expect(await revoked()).toEqual(expect.arrayContaining(hashes))
    await expect(signIn(user.email, PASSWORD)).rejects.toEqual(problem('wrong-credentials'))
    expect((await signIn(user.email, NEXT, first)).user.emailVerified).toBe(true)
    await expect(reset(token, 'yet another passphrase')).rejects.toEqual(problem('invalid-token'))
    expect(await keptMail(auth, user.email, 'Your password was changed')).toContain('/forgot-password')
    expect(await types(first)).toContain('password-reset')
  })

  it('answers the same for an unknown address, at once, and mails nobody', async () => {
    const user = await signUpPerson(openBrowser(auth), 'Asked For')
    const time = async (email: string) => {
      const began = performance.now()
      const response = await openBrowser(auth, '203.0.113.20').send(securityApi.forgotPassword, { body: { email } })
      return { status: response.status, body: await response.text(), ms: performance.now() - began }
    }
    const [known, unknown]: [number[], number[]] = [[], []]
    for (let n = 0; n < 4; n++) {
      const one = await time(user.email)
      const other = await time('nobody@example.com')
      known.push(one.ms)
      unknown.push(other.ms)
      expect([other.status, other.body]).toEqual([one.status, one.body])
      expect([one.status, one.body]).toEqual([204, ''])
    }
    // Looked up after the answer: if it were before, a known address would take as long as making its mail.
    expect(Math.min(...known)).toBeLessThan(Math.min(...unknown) * 2 + 5)
    await keptMail(auth, user.email, SUBJECT)
    expect(await auth.database.sql('SELECT 1 FROM mails WHERE "to" = $1', ['nobody@example.com'])).toEqual([])
    // The fifth is the last within an hour, for both alike.
    for (const email of [user.email, 'nobody@example.com']) {
      expect((await time(email)).status).toBe(204)
      expect((await time(email)).status).toBe(429)
    }
  })

  it('takes a token once, also of two at once', async () => {
    const user = await signUpPerson(openBrowser(auth), 'Racer')
    await forget(user.email)
    const token = await keptToken(auth, user.email, SUBJECT)
    const results = await Promise.allSettled([reset(token, `${NEXT} 1`), reset(token, `${NEXT} 2`)])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(results).toContainEqual({ status: 'rejected', reason: problem('invalid-token') })
  })

  it('refuses an old token, one of another address, and a bad password, after which it still works', async () => {
    const user = await signUpPerson(openBrowser(auth), 'Late Again')
    await forget(user.email)
    const token = await keptToken(auth, user.email, SUBJECT)
    await expect(reset(token, 'password123')).rejects.toMatchObject({
      key: 'invalid-input',
      errors: [{ path: 'body.password' }],
    })
    await expect(reset(token, 'Late Again')).rejects.toEqual(problem('invalid-input'))
    await expect(reset(token, 'short')).rejects.toEqual(problem('invalid-input'))
    await expect(reset('not-a-token-of-anybody')).rejects.toEqual(problem('invalid-token'))
    await auth.database.sql('UPDATE users SET email = $1 WHERE id = $2', ['elsewhere@example.com', user.id])
    await expect(reset(token)).rejects.toEqual(problem('invalid-token'))
    await auth.database.sql('UPDATE users SET email = $1 WHERE id = $2', [user.email, user.id])
    await reset(token)
    await signIn(user.email, NEXT)
    await forget(user.email)
    await auth.database.sql(`UPDATE mail_tokens SET expires_at = now() WHERE user_id = $1`, [user.id])
    await expect(reset(await keptToken(auth, user.email, SUBJECT))).rejects.toEqual(problem('invalid-token'))
  })

  it('says how long a link works in the database, too: one hour', async () => {
    const user = await signUpPerson(openBrowser(auth), 'Hourly')
    await forget(user.email)
    await keptToken(auth, user.email, SUBJECT)
    const [row] = await auth.database.sql(
      `SELECT extract(epoch FROM expires_at - now()) AS seconds FROM mail_tokens WHERE user_id = $1 AND purpose = 'reset-password'`,
      [user.id],
    )
    expect(Math.round(Number(row?.seconds) / 60)).toBe(60)
  })
})

describe('changing the password', () => {
  it('needs the current one and ends all other sessions', async () => {
    const [browser, other] = [openBrowser(auth), openBrowser(auth)]
    const user = await signUpPerson(browser, 'Changer')
    await signIn(user.email, PASSWORD, other)
    const hash = revocationHash((await other.ask(authApi.session, {})).session.id)
    const change = (body: { current?: string; password: string }) => browser.ask(securityApi.changePassword, { body })
    await expect(change({ password: NEXT })).rejects.toMatchObject({ errors: [{ path: 'body.current' }] })
    await expect(change({ current: 'wrong', password: NEXT })).rejects.toEqual(problem('wrong-credentials'))
    await expect(change({ current: PASSWORD, password: 'password1234' })).rejects.toMatchObject({
      errors: [{ path: 'body.password' }],
    })
    expect(await signedIn(other)).toBe(true)
    await change({ current: PASSWORD, password: NEXT })
    expect([await signedIn(browser), await signedIn(other)]).toEqual([true, false])
    expect(await revoked()).toContain(hash)
    await signIn(user.email, NEXT)
    await keptMail(auth, user.email, 'Your password was changed')
    expect(await types(browser)).toContain('password-changed')
    await expect(openBrowser(auth).ask(securityApi.changePassword, { body: { password: NEXT } })).rejects.toEqual(
      problem('unauthenticated'),
    )
  })

  it('takes back the links that were mailed before', async () => {
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'Linked Before')
    await browser.ask(securityApi.forgotPassword, { body: { email: user.email } })
    await browser.ask(securityApi.sendMagicLink, { body: { email: user.email } })
    const reset = { token: await keptToken(auth, user.email, SUBJECT), password: 'set by somebody else' }
    const enter = { token: await keptToken(auth, user.email, 'Your link to sign in') }
    await browser.ask(securityApi.changePassword, { body: { current: PASSWORD, password: NEXT } })
    await expect(browser.ask(securityApi.resetPassword, { body: reset })).rejects.toEqual(problem('invalid-token'))
    await expect(browser.ask(securityApi.enterByMagicLink, { body: enter })).rejects.toEqual(problem('invalid-token'))
  })

  it('sets the first one in a fresh session', async () => {
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'First Password')
    await auth.database.sql('DELETE FROM accounts WHERE user_id = $1', [user.id])
    await auth.database.sql(`UPDATE sessions SET created_at = now() - interval '11 minutes' WHERE user_id = $1`, [
      user.id,
    ])
    const body = { password: NEXT }
    const stale = browser.ask(securityApi.changePassword, { body })
    await expect(stale).rejects.toEqual(problem('fresh-sign-in-required'))
    await auth.database.sql(`UPDATE sessions SET created_at = now() WHERE user_id = $1`, [user.id])
    await browser.ask(securityApi.changePassword, { body })
    await signIn(user.email, NEXT)
    expect(await types(browser)).toContain('password-set')
  })
})

describe('a common password', () => {
  it.each(['password123', 'Grace Common', 'common@example.com'])('is refused at sign-up: %s', async (password) => {
    const body = { name: 'Grace Common', email: 'common@example.com', password }
    await expect(openBrowser(auth).ask(authApi.signUp, { body })).rejects.toMatchObject({
      key: 'invalid-input',
      errors: [{ path: 'body.password', message: expect.any(String) }],
    })
  })
})
