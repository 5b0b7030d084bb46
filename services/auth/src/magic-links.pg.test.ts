import { authApi, securityApi } from '@realtime/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keptMail, keptToken, openBrowser, setUpServer, signUpPerson, startAuth, type TestAuth } from './testing.ts'

let auth: TestAuth
beforeAll(async () => {
  auth = await startAuth()
  await setUpServer(openBrowser(auth))
})
afterAll(() => auth.stop())

const problem = (key: string) => expect.objectContaining({ key })
const SUBJECT = 'Your link to sign in'
const send = (email: string, to?: string) => openBrowser(auth).ask(securityApi.sendMagicLink, { body: { email, to } })
const enter = (token: string, browser = openBrowser(auth)) =>
  browser.ask(securityApi.enterByMagicLink, { body: { token } })

it('signs in once, and leads where one wanted to go', async () => {
  const user = await signUpPerson(openBrowser(auth), 'Magda')
  await send('Magda@example.com', '/documents/abc?x=1#y')
  expect(await keptMail(auth, user.email, SUBJECT)).toMatch(
    /http:\/\/localhost:3000\/magic\/[\w-]{43}\?next=%2Fdocuments%2Fabc%3Fx%3D1%23y\n/,
  )
  const token = await keptToken(auth, user.email, SUBJECT)
  const browser = openBrowser(auth)
  expect((await enter(token, browser)).user.id).toBe(user.id)
  expect((await browser.ask(authApi.session, {})).user.id).toBe(user.id)
  const { events } = await browser.ask(securityApi.securityEvents, {})
  expect(events[0]).toMatchObject({ type: 'signed-in', detail: 'magic-link', device: 'Test browser' })
  await expect(enter(token)).rejects.toEqual(problem('invalid-token'))
})

it('lets one of two at once in', async () => {
  const user = await signUpPerson(openBrowser(auth), 'Twice')
  await send(user.email)
  const token = await keptToken(auth, user.email, SUBJECT)
  const results = await Promise.allSettled([enter(token), enter(token), enter(token)])
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

it('works for fifteen minutes', async () => {
  const user = await signUpPerson(openBrowser(auth), 'Slow')
  await send(user.email)
  const token = await keptToken(auth, user.email, SUBJECT)
  const query = `SELECT round(extract(epoch FROM expires_at - now()) / 60) AS minutes FROM mail_tokens
    WHERE user_id = $1 AND purpose = 'magic-link'`
  expect(Number((await auth.database.sql(query, [user.id]))[0]?.minutes)).toBe(15)
  await auth.database.sql(`UPDATE mail_tokens SET expires_at = now() WHERE user_id = $1`, [user.id])
  await expect(enter(token)).rejects.toEqual(problem('invalid-token'))
})

it('creates no account, and tells nobody whether there is one', async () => {
  const user = await signUpPerson(openBrowser(auth), 'Known')
  const statuses = []
  for (const email of [user.email, 'stranger@example.com']) {
    for (let n = 0; n < 6; n++) {
      const response = await openBrowser(auth, '203.0.113.4').send(securityApi.sendMagicLink, { body: { email } })
      statuses.push(response.status)
    }
  }
  expect(statuses).toEqual([204, 204, 204, 204, 204, 429, 204, 204, 204, 204, 204, 429])
  await keptMail(auth, user.email, SUBJECT)
  expect(await auth.database.sql('SELECT 1 FROM mails WHERE "to" = $1', ['stranger@example.com'])).toEqual([])
  expect(await auth.database.sql('SELECT 1 FROM users WHERE email = $1', ['stranger@example.com'])).toEqual([])
})

it.each(['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/a b'])(
  'leads to no other server: %s',
  async (to) => {
    await expect(send('magda@example.com', to)).rejects.toEqual(problem('invalid-input'))
  },
)

it('does not let in who is suspended', async () => {
  const user = await signUpPerson(openBrowser(auth), 'Suspended')
  await send(user.email)
  const token = await keptToken(auth, user.email, SUBJECT)
  await auth.database.sql('UPDATE users SET suspended_at = now() WHERE id = $1', [user.id])
  const browser = openBrowser(auth)
  await expect(enter(token, browser)).rejects.toEqual(problem('suspended'))
  expect(browser.cookies.size).toBe(0)
})

it('asks for a code where one is switched on, and opens no session before', async () => {
  const user = await signUpPerson(openBrowser(auth), 'Two Steps')
  await auth.database.sql(
    `INSERT INTO two_factors (id, user_id, secret, backup_codes) VALUES ('two-steps', $1, 'x', 'x')`,
    [user.id],
  )
  await auth.database.sql('UPDATE users SET two_factor_enabled = true WHERE id = $1', [user.id])
  await send(user.email)
  const browser = openBrowser(auth)
  const token = await keptToken(auth, user.email, SUBJECT)
  await expect(enter(token, browser)).rejects.toEqual(problem('two-factor-required'))
  await expect(browser.ask(authApi.session, {})).rejects.toEqual(problem('unauthenticated'))
  await expect(enter(token, browser)).rejects.toEqual(problem('invalid-token'))
})

it('refuses tokens of other purposes, and none', async () => {
  const user = await signUpPerson(openBrowser(auth), 'Purpose')
  await expect(enter(await keptToken(auth, user.email, 'Confirm your e-mail address'))).rejects.toEqual(
    problem('invalid-token'),
  )
  await expect(enter('no-token-of-anybody')).rejects.toEqual(problem('invalid-token'))
  await expect(enter('')).rejects.toEqual(problem('invalid-input'))
})
