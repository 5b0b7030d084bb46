import { authApi, securityApi } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
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
const verify = (token: string) => openBrowser(auth).ask(securityApi.verifyEmail, { body: { token } })
const verified = async (browser: TestBrowser) => (await browser.ask(authApi.session, {})).user.emailVerified
const FIRST = 'Confirm your e-mail address'
const NEW = 'Confirm your new e-mail address'

describe('confirming an address', () => {
  it('works by the mail of the sign-up, signed out, once', async () => {
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'Vera')
    expect(user.emailVerified).toBe(false)
    const token = await keptToken(auth, user.email, FIRST)
    expect(await verify(token)).toEqual({ email: user.email })
    expect(await verified(browser)).toBe(true)
    await expect(verify(token)).rejects.toEqual(problem('invalid-token'))
    const { events } = await browser.ask(securityApi.securityEvents, {})
    expect(events[0]).toMatchObject({ type: 'email-verified', detail: user.email, address: '192.0.2.1' })
  })

  it('by a mail sent once more', async () => {
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'Once More')
    const first = await keptToken(auth, user.email, FIRST)
    await browser.ask(securityApi.sendVerification, {})
    const second = await keptToken(auth, user.email, FIRST)
    expect(second).not.toBe(first)
    expect(await verify(second)).toEqual({ email: user.email })
    // Nothing is left to confirm: no mail.
    const count = async () => (await auth.database.sql('SELECT 1 FROM mails WHERE "to" = $1', [user.email])).length
    const before = await count()
    await browser.ask(securityApi.sendVerification, {})
    expect(await count()).toBe(before)
    await expect(openBrowser(auth).ask(securityApi.sendVerification, {})).rejects.toEqual(problem('unauthenticated'))
  })

  it('refuses what is old, of another purpose, or no token', async () => {
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'Too Late')
    const token = await keptToken(auth, user.email, FIRST)
    await openBrowser(auth).ask(securityApi.forgotPassword, { body: { email: user.email } })
    const reset = await keptToken(auth, user.email, 'Set a new password')
    await expect(verify(reset)).rejects.toEqual(problem('invalid-token'))
    await expect(verify('no-token-of-anybody')).rejects.toEqual(problem('invalid-token'))
    await expect(verify('')).rejects.toEqual(problem('invalid-input'))
    await auth.database.sql(`UPDATE mail_tokens SET expires_at = now() WHERE purpose = 'verify-email'`)
    await expect(verify(token)).rejects.toEqual(problem('invalid-token'))
    expect(await verified(browser)).toBe(false)
  })

  it('is asked for only so often', async () => {
    const browser = openBrowser(auth)
    await signUpPerson(browser, 'Impatient')
    for (let n = 0; n < 5; n++) expect((await browser.send(securityApi.sendVerification, {})).status).toBe(204)
    expect((await browser.send(securityApi.sendVerification, {})).status).toBe(429)
  })

  it('keeps no token in the clear', async () => {
    const user = await signUpPerson(openBrowser(auth), 'Hashed')
    const token = await keptToken(auth, user.email, FIRST)
    expect(JSON.stringify(await auth.database.sql('SELECT * FROM mail_tokens'))).not.toContain(token)
  })
})

describe('another address', () => {
  it('holds once it is confirmed; the old one is told, twice, and opens nothing any more', async () => {
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'Mover')
    const first = await keptToken(auth, user.email, FIRST)
    const email = 'moved@example.com'
    await browser.ask(securityApi.changeEmail, { body: { email: 'Moved@example.com', password: PASSWORD } })
    expect(await keptMail(auth, user.email, 'Another e-mail address was asked for')).toContain(email)
    expect((await browser.ask(authApi.session, {})).user.email).toBe(user.email)
    expect(await verify(await keptToken(auth, email, NEW))).toEqual({ email })
    expect((await browser.ask(authApi.session, {})).user).toMatchObject({ email, emailVerified: true })
    expect(await keptMail(auth, user.email, 'Your e-mail address was changed')).toContain(email)
    await openBrowser(auth).ask(authApi.signIn, { body: { email, password: PASSWORD } })
    const old = { body: { email: user.email, password: PASSWORD } }
    await expect(openBrowser(auth).ask(authApi.signIn, old)).rejects.toEqual(problem('wrong-credentials'))
    await expect(verify(first)).rejects.toEqual(problem('invalid-token'))
    const { events } = await browser.ask(securityApi.securityEvents, {})
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['email-change-asked', 'email-changed', 'account-created']),
    )
  })

  it('that is taken has the same answer, and only its owner is told', async () => {
    const owner = await signUpPerson(openBrowser(auth), 'Owner')
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'Prober')
    const ask = async (email: string) => {
      const response = await browser.send(securityApi.changeEmail, { body: { email, password: PASSWORD } })
      const pending = await auth.database.sql(
        `SELECT email FROM mail_tokens WHERE user_id = $1 AND purpose = 'change-email'`,
        [user.id],
      )
      return [response.status, await response.text(), pending]
    }
    expect(await ask(owner.email)).toEqual([204, '', [{ email: owner.email }]])
    expect(await ask('free@example.com')).toEqual([204, '', [{ email: 'free@example.com' }]])
    expect(await keptMail(auth, owner.email, 'Your address is in use by your account')).not.toContain('/verify-email/')
    // The earlier one was replaced: no mail with a link ever went to the owner.
    const links = await auth.database.sql(`SELECT 1 FROM mails WHERE "to" = $1 AND subject = $2`, [owner.email, NEW])
    expect(links).toEqual([])
  })

  it('that was taken meanwhile is refused', async () => {
    const browser = openBrowser(auth)
    await signUpPerson(browser, 'Slow Mover')
    await browser.ask(securityApi.changeEmail, { body: { email: 'race@example.com', password: PASSWORD } })
    const token = await keptToken(auth, 'race@example.com', NEW)
    await openBrowser(auth).ask(authApi.signUp, {
      body: { name: 'Fast', email: 'race@example.com', password: PASSWORD },
    })
    await expect(verify(token)).rejects.toEqual(problem('email-taken'))
    expect((await browser.ask(authApi.session, {})).user.email).toBe('slow.mover@example.com')
  })

  it('needs the password, and another address than the own', async () => {
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'Careless')
    const ask = (body: { email: string; password?: string }) => browser.ask(securityApi.changeEmail, { body })
    await expect(ask({ email: 'x@example.com' })).rejects.toMatchObject({
      key: 'invalid-input',
      errors: [{ path: 'body.password' }],
    })
    await expect(ask({ email: 'x@example.com', password: 'wrong' })).rejects.toEqual(problem('wrong-credentials'))
    await expect(ask({ email: user.email, password: PASSWORD })).rejects.toMatchObject({
      key: 'invalid-input',
      errors: [{ path: 'body.email' }],
    })
    await expect(ask({ email: 'x', password: PASSWORD })).rejects.toEqual(problem('invalid-input'))
    const stranger = openBrowser(auth).ask(securityApi.changeEmail, { body: { email: 'x@example.com' } })
    await expect(stranger).rejects.toEqual(problem('unauthenticated'))
    for (let n = 0; n < 10; n++)
      await browser.send(securityApi.changeEmail, { body: { email: 'x@example.com', password: 'w' } })
    await expect(ask({ email: 'x@example.com', password: PASSWORD })).rejects.toEqual(problem('rate-limited'))
    expect(await auth.database.sql('SELECT 1 FROM mails WHERE "to" = $1', ['x@example.com'])).toEqual([])
  })

  it('needs a fresh session where there is no password', async () => {
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'No Password')
    await auth.database.sql('DELETE FROM accounts WHERE user_id = $1', [user.id])
    await browser.ask(securityApi.changeEmail, { body: { email: 'fresh@example.com' } })
    await auth.database.sql(`UPDATE sessions SET created_at = now() - interval '11 minutes' WHERE user_id = $1`, [
      user.id,
    ])
    const stale = browser.ask(securityApi.changeEmail, { body: { email: 'stale@example.com' } })
    await expect(stale).rejects.toEqual(problem('fresh-sign-in-required'))
  })
})

it('says where no mail can be sent', async () => {
  const none = await startAuth({ PUBLIC_URL: 'https://collab.example.com' })
  try {
    const browser = openBrowser(none)
    await setUpServer(browser)
    await expect(browser.ask(securityApi.sendVerification, {})).rejects.toEqual(problem('mail-unavailable'))
    const change = browser.ask(securityApi.changeEmail, { body: { email: 'x@example.com', password: PASSWORD } })
    await expect(change).rejects.toEqual(problem('mail-unavailable'))
    for (const endpoint of [securityApi.forgotPassword, securityApi.sendMagicLink]) {
      for (const email of ['admin@example.com', 'nobody@example.com']) {
        await expect(openBrowser(none).ask(endpoint, { body: { email } })).rejects.toEqual(problem('mail-unavailable'))
      }
    }
    await eventually(async () => (await none.database.sql('SELECT 1 FROM mail_tokens')).length === 0)
  } finally {
    await none.stop()
  }
})
