import { authApi, securityApi, type User } from '@realtime/contracts'
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
import { stepOf, totpAt } from './totp.ts'

let auth: TestAuth
beforeAll(async () => {
  auth = await startAuth()
  await setUpServer(openBrowser(auth))
})
afterAll(() => auth.stop())

const problem = (key: string) => expect.objectContaining({ key })

/** What an app does with what it scanned. */
function app(base32: string): (step?: number) => string {
  const bits = [...base32].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  const bytes = bits.join('').match(/.{8}/g) ?? []
  const secret = Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))).toString()
  return (step = 0) => totpAt(secret, stepOf(Date.now()) + step)
}

const otherCode = (code: string) => String((Number(code) + 500_000) % 1_000_000).padStart(6, '0')

interface Secured {
  user: User
  browser: TestBrowser
  code: (step?: number) => string
  recoveryCodes: string[]
}

async function secured(name: string): Promise<Secured> {
  const browser = openBrowser(auth)
  const user = await signUpPerson(browser, name)
  const { secret } = await browser.ask(securityApi.beginTwoFactor, { body: { password: PASSWORD } })
  const code = app(secret)
  // The step before this one: later codes of the test are newer.
  const { recoveryCodes } = await browser.ask(securityApi.confirmTwoFactor, { body: { code: code(-1) } })
  return { user, browser, code, recoveryCodes }
}

/** The first step in a fresh browser. */
async function begun({ user }: Secured, address?: string): Promise<TestBrowser> {
  const browser = openBrowser(auth, address)
  await expect(browser.ask(authApi.signIn, { body: { email: user.email, password: PASSWORD } })).rejects.toEqual(
    problem('two-factor-required'),
  )
  return browser
}

const events = async (userId: string) =>
  (await auth.database.sql('SELECT type FROM security_events WHERE user_id = $1 ORDER BY at, id', [userId])).map(
    ({ type }) => type,
  )

describe('setting codes up', () => {
  it('takes the password, and holds once a code was confirmed', async () => {
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'Setting Up')
    const signIn = () => openBrowser(auth).ask(authApi.signIn, { body: { email: user.email, password: PASSWORD } })
    for (const [password, key] of [
      [undefined, 'invalid-input'],
      ['wrong password', 'wrong-credentials'],
    ] as const) {
      await expect(browser.ask(securityApi.beginTwoFactor, { body: { password } })).rejects.toEqual(problem(key))
    }
    await expect(browser.ask(securityApi.confirmTwoFactor, { body: { code: '123456' } })).rejects.toEqual(
      problem('conflict'),
    )
    const first = await browser.ask(securityApi.beginTwoFactor, { body: { password: PASSWORD } })
    const { uri, secret } = await browser.ask(securityApi.beginTwoFactor, { body: { password: PASSWORD } })
    expect(secret).not.toBe(first.secret)
    expect(uri).toMatch(/^otpauth:\/\/totp\/Realtime%20Collaborator:/)
    expect(new URL(uri).searchParams.get('secret')).toBe(secret)
    await signIn()
    const code = app(secret)
    await expect(browser.ask(securityApi.confirmTwoFactor, { body: { code: otherCode(code()) } })).rejects.toEqual(
      problem('wrong-credentials'),
    )
    await signIn()
    const { recoveryCodes } = await browser.ask(securityApi.confirmTwoFactor, { body: { code: code() } })
    expect(new Set(recoveryCodes).size).toBe(10)
    for (const one of recoveryCodes) expect(one).toMatch(/^[a-z2-9]{5}-[a-z2-9]{5}$/)
    await expect(signIn()).rejects.toEqual(problem('two-factor-required'))
    // This session goes on, and codes cannot be begun again behind the back of the app.
    expect((await browser.ask(authApi.session, {})).user.id).toBe(user.id)
    await expect(browser.ask(securityApi.beginTwoFactor, { body: { password: PASSWORD } })).rejects.toEqual(
      problem('conflict'),
    )
    const [row] = await auth.database.sql('SELECT * FROM two_factors WHERE user_id = $1', [user.id])
    expect(JSON.stringify(row)).not.toContain(recoveryCodes[0])
    expect(await events(user.id)).toContain('two-factor-on')
  })

  it('needs a session', async () => {
    const body = { password: PASSWORD }
    for (const [endpoint, given] of [
      [securityApi.beginTwoFactor, { body }],
      [securityApi.confirmTwoFactor, { body: { code: '123456' } }],
      [securityApi.renewRecoveryCodes, { body }],
      [securityApi.endTwoFactor, { body }],
    ] as const) {
      expect((await openBrowser(auth).send(endpoint, given)).status).toBe(401)
    }
  })
})

describe('signing in with a code', () => {
  it('opens nothing before the code, and a session after it', async () => {
    const person = await secured('Two Steps')
    const browser = await begun(person)
    expect([...browser.cookies.keys()]).toEqual(['rc.two_factor'])
    const cookie = browser.lastSetCookie.find((line) => line.startsWith('rc.two_factor=')) ?? ''
    for (const part of [/HttpOnly/i, /SameSite=Lax/i, /Path=\/auth/i, /Max-Age=600/i]) expect(cookie).toMatch(part)
    await expect(browser.ask(authApi.token, {})).rejects.toEqual(problem('unauthenticated'))
    expect(await auth.database.sql('SELECT 1 FROM sessions WHERE user_id = $1', [person.user.id])).toHaveLength(1)
    const { user } = await browser.ask(securityApi.signInWithCode, { body: { code: person.code() } })
    expect(user).toMatchObject({ id: person.user.id, email: person.user.email })
    expect([...browser.cookies.keys()]).toEqual(['rc.session_token'])
    expect((await browser.ask(authApi.session, {})).user.id).toBe(person.user.id)
    expect(await auth.database.sql('SELECT 1 FROM sessions WHERE user_id = $1', [person.user.id])).toHaveLength(2)
  })

  it('takes each code once', async () => {
    const person = await secured('Once')
    const code = person.code()
    await (await begun(person)).ask(securityApi.signInWithCode, { body: { code } })
    const thief = await begun(person)
    await expect(thief.ask(securityApi.signInWithCode, { body: { code } })).rejects.toEqual(
      problem('wrong-credentials'),
    )
    await thief.ask(securityApi.signInWithCode, { body: { code: person.code(1) } })
  })

  it('takes one of several at once', async () => {
    const person = await secured('At Once')
    const browsers = await Promise.all(Array.from({ length: 4 }, () => begun(person)))
    const code = person.code()
    const results = await Promise.allSettled(
      browsers.map((one) => one.ask(securityApi.signInWithCode, { body: { code } })),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('takes each recovery code once, however it is typed', async () => {
    const person = await secured('Recovering')
    const [first = '', second = ''] = person.recoveryCodes
    const browser = await begun(person)
    await browser.ask(securityApi.signInWithCode, {
      body: { recoveryCode: ` ${first.toUpperCase().replace('-', ' ')}` },
    })
    expect((await browser.ask(authApi.session, {})).user.id).toBe(person.user.id)
    const again = await begun(person)
    await expect(again.ask(securityApi.signInWithCode, { body: { recoveryCode: first } })).rejects.toEqual(
      problem('wrong-credentials'),
    )
    const both = await Promise.all([begun(person), begun(person)])
    const results = await Promise.allSettled(
      both.map((one) => one.ask(securityApi.signInWithCode, { body: { recoveryCode: second } })),
    )
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await events(person.user.id)).filter((type) => type === 'recovery-code-used')).toHaveLength(2)
  })

  it('asks no more on a device that is trusted, until codes are ended', async () => {
    const person = await secured('Trusting')
    const browser = await begun(person)
    await browser.ask(securityApi.signInWithCode, { body: { code: person.code(), trustDevice: true } })
    const trust = browser.lastSetCookie.find((line) => line.startsWith('rc.trust_device=')) ?? ''
    expect(trust).toMatch(/HttpOnly/i)
    const signIn = (one: TestBrowser) =>
      one.ask(authApi.signIn, { body: { email: person.user.email, password: PASSWORD } })
    for (let n = 0; n < 2; n++) {
      await browser.ask(authApi.signOut, {})
      expect((await signIn(browser)).user.id).toBe(person.user.id)
    }
    // Only for this person, and only with a genuine cookie.
    const other = await secured('Other Trust')
    const shared = openBrowser(auth)
    shared.cookies.set('rc.trust_device', browser.cookies.get('rc.trust_device') ?? '')
    await expect(shared.ask(authApi.signIn, { body: { email: other.user.email, password: PASSWORD } })).rejects.toEqual(
      problem('two-factor-required'),
    )
    const forged = openBrowser(auth)
    forged.cookies.set('rc.trust_device', 'forged!trust-device-x.sig')
    await expect(signIn(forged)).rejects.toEqual(problem('two-factor-required'))
    await person.browser.ask(securityApi.endTwoFactor, { body: { password: PASSWORD } })
    expect(
      await auth.database.sql("SELECT 1 FROM verifications WHERE identifier LIKE 'trust-device-%' AND value = $1", [
        person.user.id,
      ]),
    ).toEqual([])
  })

  it('trusts no device any more after the password was changed, and goes on with no step that was begun before', async () => {
    const person = await secured('Changing')
    const device = await begun(person)
    await device.ask(securityApi.signInWithCode, { body: { code: person.code(), trustDevice: true } })
    await device.ask(authApi.signOut, {})
    const half = await begun(person)
    const password = 'another horse, another battery'
    await person.browser.ask(securityApi.changePassword, { body: { current: PASSWORD, password } })
    await expect(half.ask(securityApi.signInWithCode, { body: { code: person.code(1) } })).rejects.toEqual(
      problem('unauthenticated'),
    )
    await expect(device.ask(authApi.signIn, { body: { email: person.user.email, password } })).rejects.toEqual(
      problem('two-factor-required'),
    )
  })

  it('needs the first step, in this browser, lately, by somebody who may sign in', async () => {
    const person = await secured('Late')
    const body = { code: person.code() }
    await expect(openBrowser(auth).ask(securityApi.signInWithCode, { body })).rejects.toEqual(
      problem('unauthenticated'),
    )
    const forged = openBrowser(auth)
    forged.cookies.set('rc.two_factor', '2fa-forged.AAAA')
    await expect(forged.ask(securityApi.signInWithCode, { body })).rejects.toEqual(problem('unauthenticated'))
    const late = await begun(person)
    await auth.database.sql(
      "UPDATE verifications SET expires_at = now() WHERE identifier LIKE '2fa-%' AND value = $1",
      [person.user.id],
    )
    await expect(late.ask(securityApi.signInWithCode, { body })).rejects.toEqual(problem('unauthenticated'))
    const banned = await begun(person)
    await auth.database.sql('UPDATE users SET suspended_at = now() WHERE id = $1', [person.user.id])
    await expect(banned.ask(securityApi.signInWithCode, { body })).rejects.toEqual(problem('suspended'))
  })

  it('belongs to who took the first step, whoever is signed in', async () => {
    const person = await secured('Second Account')
    const browser = openBrowser(auth)
    await signUpPerson(browser, 'First Account')
    await expect(
      browser.ask(authApi.signIn, { body: { email: person.user.email, password: PASSWORD } }),
    ).rejects.toEqual(problem('two-factor-required'))
    const { user } = await browser.ask(securityApi.signInWithCode, { body: { code: person.code() } })
    expect(user.id).toBe(person.user.id)
    expect((await browser.ask(authApi.session, {})).user.id).toBe(person.user.id)
  })

  it('refuses what is no code', async () => {
    const browser = await begun(await secured('Typing'))
    for (const body of [
      {},
      { code: '12345' },
      { code: 'abcdef' },
      { recoveryCode: 'x' },
      { code: '123456', more: 1 },
    ]) {
      expect((await browser.send(securityApi.signInWithCode, { body })).status).toBe(400)
    }
  })

  it('cannot be guessed: ten wrong codes, of either kind and from anywhere, and the account waits', async () => {
    const person = await secured('Guessed Codes')
    const tries: number[] = []
    for (let n = 0; n < 12; n++) {
      const browser = await begun(person, `203.0.113.${n}`)
      const body = n % 2 ? { recoveryCode: `wrong-code${n}` } : { code: otherCode(person.code()) }
      const answer = await browser.send(securityApi.signInWithCode, { body })
      if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(60)
      tries.push(answer.status)
    }
    expect(tries).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429])
    const owner = await begun(person)
    await expect(owner.ask(securityApi.signInWithCode, { body: { code: person.code() } })).rejects.toEqual(
      problem('rate-limited'),
    )
  })
})

describe('recovery codes', () => {
  it('are renewed with the password, and the old ones end', async () => {
    const person = await secured('Renewing')
    const { browser, recoveryCodes: old } = person
    await expect(browser.ask(securityApi.renewRecoveryCodes, { body: { password: 'wrong' } })).rejects.toEqual(
      problem('wrong-credentials'),
    )
    const { recoveryCodes } = await browser.ask(securityApi.renewRecoveryCodes, { body: { password: PASSWORD } })
    expect(recoveryCodes).toHaveLength(10)
    const second = await begun(person)
    const enter = (recoveryCode = '') => second.ask(securityApi.signInWithCode, { body: { recoveryCode } })
    await expect(enter(old[0])).rejects.toEqual(problem('wrong-credentials'))
    await enter(recoveryCodes[0])
    expect(await events(person.user.id)).toContain('recovery-codes-renewed')
  })

  it('are none without a second factor', async () => {
    const browser = openBrowser(auth)
    await signUpPerson(browser, 'No Codes')
    await expect(browser.ask(securityApi.renewRecoveryCodes, { body: { password: PASSWORD } })).rejects.toEqual(
      problem('conflict'),
    )
  })
})

describe('without a password', () => {
  it('codes are set up and ended by who signed in just now', async () => {
    const browser = openBrowser(auth)
    const { id } = await signUpPerson(browser, 'No Password')
    await auth.database.sql('DELETE FROM accounts WHERE user_id = $1', [id])
    const { secret } = await browser.ask(securityApi.beginTwoFactor, { body: {} })
    await browser.ask(securityApi.confirmTwoFactor, { body: { code: app(secret)() } })
    expect((await browser.ask(securityApi.renewRecoveryCodes, { body: {} })).recoveryCodes).toHaveLength(10)
    expect(await browser.ask(securityApi.security, {})).toMatchObject({
      password: false,
      twoFactor: true,
      recoveryCodes: 10,
    })
    const age = (minutes: number) =>
      auth.database.sql(`UPDATE sessions SET created_at = now() - interval '${minutes} minutes' WHERE user_id = $1`, [
        id,
      ])
    await age(11)
    for (const endpoint of [securityApi.renewRecoveryCodes, securityApi.endTwoFactor]) {
      await expect(browser.ask(endpoint, { body: {} })).rejects.toEqual(problem('fresh-sign-in-required'))
    }
    await age(1)
    await browser.ask(securityApi.endTwoFactor, { body: {} })
    expect(await browser.ask(securityApi.security, {})).toMatchObject({ twoFactor: false, recoveryCodes: 0 })
  })
})

describe('ending codes', () => {
  it('takes the password; then none is asked for, and they can be begun anew', async () => {
    const person = await secured('Ending')
    const { browser } = person
    await expect(browser.ask(securityApi.endTwoFactor, { body: { password: 'wrong' } })).rejects.toEqual(
      problem('wrong-credentials'),
    )
    await begun(person)
    await browser.ask(securityApi.endTwoFactor, { body: { password: PASSWORD } })
    await browser.ask(securityApi.endTwoFactor, { body: { password: PASSWORD } })
    await openBrowser(auth).ask(authApi.signIn, { body: { email: person.user.email, password: PASSWORD } })
    expect((await events(person.user.id)).filter((type) => type === 'two-factor-off')).toHaveLength(1)
    const { secret } = await browser.ask(securityApi.beginTwoFactor, { body: { password: PASSWORD } })
    await browser.ask(securityApi.confirmTwoFactor, { body: { code: app(secret)() } })
    await begun(person)
  })
})
