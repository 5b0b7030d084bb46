import { type Account, administrationApi, authApi, keyApi } from '@realtime/contracts'
import { type UserTokens, userTokens } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startMailServer } from '../mail/testing.ts'
import {
  openBrowser,
  PASSWORD,
  setUpServer,
  signUpPerson,
  startAuth,
  type TestAuth,
  type TestBrowser,
} from '../testing.ts'

let auth: TestAuth
let admin: TestBrowser
let verifier: UserTokens
beforeAll(async () => {
  auth = await startAuth({ SIGN_UP: undefined })
  admin = openBrowser(auth)
  await setUpServer(admin)
  verifier = userTokens({ authUrl: auth.running.url, publicUrl: auth.config.PUBLIC_URL })
})
afterAll(async () => {
  verifier.stop()
  await auth.stop()
})

const problem = (key: string) => expect.objectContaining({ key })
const update = (id: string, body: { suspended?: boolean; administrator?: boolean }, by = admin): Promise<Account> =>
  by.ask(administrationApi.updateAccount, { params: { id }, body })
const signIn = (email: string, browser = openBrowser(auth)) =>
  browser.ask(authApi.signIn, { body: { email, password: PASSWORD } })

it('is for administrators alone', async () => {
  const person = openBrowser(auth)
  const { id } = await signUpPerson(person, 'Curious')
  const params = { id }
  for (const [endpoint, input] of [
    [administrationApi.settings, {}],
    [administrationApi.updateSettings, { body: { signUp: 'open' } }],
    [administrationApi.accounts, { query: {} }],
    [administrationApi.updateAccount, { params, body: { administrator: true } }],
    [administrationApi.testMail, {}],
  ] as const) {
    expect([endpoint.path, (await openBrowser(auth).send(endpoint, input)).status]).toEqual([endpoint.path, 401])
    expect([endpoint.path, (await person.send(endpoint, input)).status]).toEqual([endpoint.path, 403])
  }
  expect((await person.ask(authApi.session, {})).user.administrator).toBe(false)
})

describe('settings', () => {
  it('say who may sign up, until the administrator chooses otherwise', async () => {
    expect(await admin.ask(administrationApi.settings, {})).toEqual({ signUp: 'open', fixed: false, mail: 'outbox' })
    expect(await admin.ask(administrationApi.updateSettings, { body: { signUp: 'closed' } })).toEqual({
      signUp: 'closed',
    })
    expect((await openBrowser(auth).ask(authApi.status, {})).signUp).toBe('closed')
    await expect(signUpPerson(openBrowser(auth), 'Too Late')).rejects.toEqual(problem('sign-up-closed'))
    await admin.ask(administrationApi.updateSettings, { body: { signUp: 'open' } })
    await signUpPerson(openBrowser(auth), 'In Time')
    expect((await admin.send(administrationApi.updateSettings, { body: { signUp: 'maybe' } })).status).toBe(400)
  })

  it('are fixed where SIGN_UP is given, and begin as SIGN_UP_DEFAULT says', async () => {
    const fixed = await startAuth({ SIGN_UP: 'closed', PUBLIC_URL: 'http://192.168.1.5:3000' })
    const invited = await startAuth({ SIGN_UP: undefined, SIGN_UP_DEFAULT: 'invitation' })
    try {
      const [one, other] = [openBrowser(fixed), openBrowser(invited)]
      await setUpServer(one)
      await setUpServer(other)
      expect(await one.ask(administrationApi.settings, {})).toEqual({ signUp: 'closed', fixed: true, mail: 'none' })
      await expect(one.ask(administrationApi.updateSettings, { body: { signUp: 'open' } })).rejects.toEqual(
        problem('conflict'),
      )
      expect(await one.ask(authApi.status, {})).toEqual({ setUp: true, signUp: 'closed' })
      expect((await other.ask(administrationApi.settings, {})).signUp).toBe('invitation')
    } finally {
      await fixed.stop()
      await invited.stop()
    }
  })
})

describe('the list of accounts', () => {
  it('comes in pages, newest first, with what an administrator is to know', async () => {
    for (const name of ['Page One', 'Page Two', 'Page Three']) await signUpPerson(openBrowser(auth), name)
    const first = await admin.ask(administrationApi.accounts, { query: { q: 'PAGE t', limit: 1 } })
    expect(first).toMatchObject({ total: 2, more: true, accounts: [{ name: 'Page Three' }] })
    const after = first.accounts[0]?.id
    const second = await admin.ask(administrationApi.accounts, { query: { q: 'page t', limit: 1, after } })
    expect(second).toMatchObject({ total: 2, more: false })
    expect(second.accounts).toEqual([
      {
        id: expect.any(String),
        name: 'Page Two',
        email: 'page.two@example.com',
        emailVerified: false,
        image: null,
        administrator: false,
        suspended: false,
        twoFactor: false,
        createdAt: expect.any(String),
        lastUsedAt: expect.any(String),
      },
    ])
    const all = await admin.ask(administrationApi.accounts, { query: {} })
    expect(all.accounts).toHaveLength(all.total)
    expect(all.accounts.at(-1)).toMatchObject({ email: 'admin@example.com', administrator: true })
  })

  it('finds addresses, and takes signs of patterns as they are', async () => {
    const odd = { name: '100%_sure\\', email: 'sure@example.com', password: PASSWORD }
    await openBrowser(auth).ask(authApi.signUp, { body: odd })
    const names = async (q: string) =>
      (await admin.ask(administrationApi.accounts, { query: { q } })).accounts.map(({ name }) => name)
    expect(await names('ADMIN@')).toEqual(['Ada Admin'])
    for (const q of ['%_', '100%', '_sure\\']) expect(await names(q)).toEqual(['100%_sure\\'])
    expect(await names('nobody at all')).toEqual([])
    for (const query of [{ limit: 0 }, { limit: 101 }, { q: 'x'.repeat(101) }, { after: '../x' }]) {
      expect((await admin.send(administrationApi.accounts, { query })).status).toBe(400)
    }
    await expect(admin.ask(administrationApi.accounts, { query: { after: 'gone' } })).rejects.toEqual(
      problem('not-found'),
    )
  })
})

describe('suspending somebody', () => {
  it('ends their sessions, keys and tokens within a second, and lets them in no more until they are restored', async () => {
    const [laptop, phone] = [openBrowser(auth), openBrowser(auth)]
    const user = await signUpPerson(laptop, 'Suspect')
    await signIn(user.email, phone)
    const { key, id: keyId } = await laptop.ask(keyApi.createKey, {
      body: { name: 'Bot', scopes: ['documents:read'], expiresInDays: null },
    })
    const exchanged = await openBrowser(auth).send(keyApi.exchangeKey, {}, { authorization: `Bearer ${key}` })
    const tokens = [
      (await laptop.ask(authApi.token, {})).token,
      (await phone.ask(authApi.token, {})).token,
      ((await exchanged.json()) as { token: string }).token,
    ]
    const ids = await Promise.all(tokens.map(async (token) => (await verifier.verify(token)).sessionId))
    expect(ids).toContain(keyId)

    expect(await update(user.id, { suspended: true })).toMatchObject({ suspended: true, lastUsedAt: null })
    await eventually(() => ids.every((id) => verifier.isRevoked(id)), 1_000)
    for (const token of tokens) await expect(verifier.verify(token)).rejects.toEqual(problem('unauthenticated'))
    for (const browser of [laptop, phone]) {
      await expect(browser.ask(authApi.token, {})).rejects.toEqual(problem('unauthenticated'))
    }
    const again = await openBrowser(auth).send(keyApi.exchangeKey, {}, { authorization: `Bearer ${key}` })
    expect(again.status).toBe(401)
    await expect(signIn(user.email)).rejects.toEqual(problem('suspended'))
    await expect(
      openBrowser(auth).ask(authApi.signIn, { body: { email: user.email, password: 'wrong' } }),
    ).rejects.toEqual(problem('wrong-credentials'))

    expect(await update(user.id, { suspended: false })).toMatchObject({ suspended: false })
    const back = openBrowser(auth)
    await signIn(user.email, back)
    expect((await verifier.verify((await back.ask(authApi.token, {})).token)).actor).toMatchObject({ id: user.id })
    const rows = await auth.database.sql(
      "SELECT type, address FROM security_events WHERE user_id = $1 AND type IN ('suspended', 'restored') ORDER BY at",
      [user.id],
    )
    expect(rows).toEqual([
      { type: 'suspended', address: null },
      { type: 'restored', address: null },
    ])
  })

  it('holds for a session that was opened in the same moment', async () => {
    const browser = openBrowser(auth)
    const { id } = await signUpPerson(browser, 'Racing')
    await auth.database.sql('UPDATE users SET suspended_at = now() WHERE id = $1', [id])
    for (const endpoint of [authApi.token, authApi.session]) {
      await expect(browser.ask(endpoint, {})).rejects.toEqual(problem('suspended'))
    }
  })

  it('is nothing one does to oneself or to nobody', async () => {
    const { user } = await admin.ask(authApi.session, {})
    await expect(update(user.id, { suspended: true })).rejects.toEqual(problem('conflict'))
    await expect(update('nobody', { suspended: true })).rejects.toEqual(problem('not-found'))
    expect(
      (await admin.send(administrationApi.updateAccount, { params: { id: user.id }, body: { name: 'x' } })).status,
    ).toBe(400)
  })
})

describe('administrators', () => {
  it('are made and unmade, and the last one stays', async () => {
    const { user } = await admin.ask(authApi.session, {})
    await expect(update(user.id, { administrator: false })).rejects.toEqual(problem('conflict'))
    const second = openBrowser(auth)
    const { id } = await signUpPerson(second, 'Second Admin')
    expect(await update(id, { administrator: true })).toMatchObject({ administrator: true })
    // The session that was open has the right at once, and loses it at once.
    expect((await second.ask(administrationApi.settings, {})).signUp).toBe('open')
    await update(id, { suspended: true })
    await expect(update(user.id, { administrator: false })).rejects.toEqual(problem('conflict'))
    await update(id, { suspended: false })
    await signIn('second.admin@example.com', second)
    await update(id, { administrator: false })
    await expect(second.ask(administrationApi.settings, {})).rejects.toEqual(problem('forbidden'))
  })

  it('who remove each other at once leave one', async () => {
    const own = await startAuth()
    try {
      const [one, other] = [openBrowser(own), openBrowser(own)]
      const first = await setUpServer(one)
      const second = await signUpPerson(other, 'Rival')
      await update(second.id, { administrator: true }, one)
      const results = await Promise.allSettled([
        update(second.id, { administrator: false }, one),
        update(first.id, { administrator: false }, other),
      ])
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect(await own.database.sql('SELECT 1 FROM users WHERE administrator')).toHaveLength(1)
    } finally {
      await own.stop()
    }
  })
})

describe('the mail to try it out', () => {
  it('lies in the outbox where there is no mail server, and says so', async () => {
    const { sent, answer } = await admin.ask(administrationApi.testMail, {})
    expect(sent).toBe(false)
    expect(answer).toContain('SMTP_URL')
    const { mails } = await admin.ask(authApi.outbox, {})
    expect(mails[0]).toMatchObject({ to: 'admin@example.com', subject: 'A mail to try it out' })
  })

  it('says what the mail server answered, good or bad', async () => {
    const server = await startMailServer()
    const mailing = await startAuth({ SMTP_URL: server.url })
    try {
      const browser = openBrowser(mailing)
      await setUpServer(browser)
      expect((await browser.ask(administrationApi.settings, {})).mail).toBe('smtp')
      const sent = await browser.ask(administrationApi.testMail, {})
      expect(sent).toEqual({ sent: true, answer: expect.stringMatching(/^250/) })
      expect((await server.mailTo('admin@example.com', 'A mail to try it out')).text).toContain('this one arrived')
      server.refuse({ code: 550, text: 'no mailbox of that name' })
      expect(await browser.ask(administrationApi.testMail, {})).toEqual({
        sent: false,
        answer: expect.stringContaining('no mailbox of that name'),
      })
    } finally {
      await mailing.stop()
      await server.stop()
    }
  })

  it('says when the mail server cannot be reached', async () => {
    const lost = await startAuth({ SMTP_URL: 'smtp://127.0.0.1:1' })
    try {
      const browser = openBrowser(lost)
      await setUpServer(browser)
      expect(await browser.ask(administrationApi.testMail, {})).toEqual({
        sent: false,
        answer: expect.stringContaining('ECONNREFUSED'),
      })
    } finally {
      await lost.stop()
    }
  })
})
