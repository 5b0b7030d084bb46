import { authApi, authInternal, call, securityApi } from '@realtime/contracts'
import { revocationHash, serviceCaller } from '@realtime/kit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  keptMail,
  openBrowser,
  PASSWORD,
  setUpServer,
  signUpPerson,
  startAuth,
  type TestAuth,
  type TestBrowser,
} from './testing.ts'

let auth: TestAuth
let admin: TestBrowser
beforeAll(async () => {
  auth = await startAuth()
  admin = openBrowser(auth)
  await setUpServer(admin)
})
afterAll(() => auth.stop())

const problem = (key: string) => expect.objectContaining({ key })
const caller = (secret = auth.config.AUTH_SERVICE_SECRET) =>
  serviceCaller({ from: 'organization', to: 'auth', url: auth.running.internalUrl ?? '', secret })
const changes = (query: { after?: number; wait?: number }) => call(caller(), authInternal.changes, { query })
const remove = (browser: TestBrowser, email: string, password?: string) =>
  browser.ask(securityApi.deleteAccount, { body: { email, password } })

describe('deleting an account', () => {
  it('ends all sessions and keys, leaves nothing of the person, and tells the other services', async () => {
    const [browser, other] = [openBrowser(auth), openBrowser(auth)]
    const user = await signUpPerson(browser, 'Leaver')
    await other.ask(authApi.signIn, { body: { email: user.email, password: PASSWORD } })
    await browser.ask(securityApi.sendMagicLink, { body: { email: user.email } })
    await keptMail(auth, user.email, 'Your link to sign in')
    await auth.database.sql(
      `INSERT INTO api_keys (id, user_id, name, start, hash) VALUES ('key-of-leaver', $1, 'k', 's', 'h')`,
      [user.id],
    )
    const ids = await Promise.all(
      [browser, other].map(async (each) => (await each.ask(authApi.session, {})).session.id),
    )
    const { cursor } = await changes({ after: Number.MAX_SAFE_INTEGER })
    const waiting = changes({ after: cursor, wait: 10 })
    await remove(browser, ' LEAVER@example.com ', PASSWORD)
    expect(await waiting).toMatchObject({ changes: [{ type: 'account.deleted', subject: { userId: user.id } }] })
    expect(browser.cookies.size).toBe(0)
    for (const each of [browser, other]) expect((await each.send(authApi.session, {})).status).toBe(401)
    const { revoked } = await call({ baseUrl: auth.running.url }, authApi.revocations, { query: {} })
    expect(revoked).toEqual(expect.arrayContaining([...ids, 'key-of-leaver'].map(revocationHash)))
    const again = openBrowser(auth).ask(authApi.signIn, { body: { email: user.email, password: PASSWORD } })
    await expect(again).rejects.toEqual(problem('wrong-credentials'))
    await keptMail(auth, user.email, 'Your account was deleted')
    const tables = await auth.database.sql(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()`,
    )
    for (const { name } of tables) {
      const rows = JSON.stringify(await auth.database.sql(`SELECT to_jsonb(t) AS row FROM "${name}" t`))
      if (name !== 'changes') expect([name, rows.includes(user.id)]).toEqual([name, false])
      if (name !== 'mails') expect([name, rows.includes(user.email)]).toEqual([name, false])
    }
    expect((await call(caller(), authInternal.people, { body: { ids: [user.id] } })).people).toEqual([])
    await signUpPerson(openBrowser(auth), 'Leaver')
  })

  it('needs the password and the own address', async () => {
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'Stayer')
    await expect(remove(browser, 'other@example.com', PASSWORD)).rejects.toMatchObject({
      key: 'invalid-input',
      errors: [{ path: 'body.email' }],
    })
    await expect(remove(browser, user.email)).rejects.toMatchObject({ errors: [{ path: 'body.password' }] })
    await expect(remove(browser, user.email, 'wrong')).rejects.toEqual(problem('wrong-credentials'))
    await expect(remove(openBrowser(auth), user.email, PASSWORD)).rejects.toEqual(problem('unauthenticated'))
    expect((await browser.ask(authApi.session, {})).user.id).toBe(user.id)
  })

  it('needs a fresh session where there is no password', async () => {
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'Only Passkey')
    await auth.database.sql('DELETE FROM accounts WHERE user_id = $1', [user.id])
    const age = (minutes: number) =>
      auth.database.sql(`UPDATE sessions SET created_at = now() - make_interval(mins => $2) WHERE user_id = $1`, [
        user.id,
        minutes,
      ])
    await age(11)
    await expect(remove(browser, user.email)).rejects.toEqual(problem('fresh-sign-in-required'))
    await age(9)
    await remove(browser, user.email)
  })

  it('is refused to the last administrator, and of two at once one stays', async () => {
    await expect(remove(admin, 'admin@example.com', PASSWORD)).rejects.toEqual(problem('conflict'))
    const second = openBrowser(auth)
    const user = await signUpPerson(second, 'Second Admin')
    await auth.database.sql('UPDATE users SET administrator = true, suspended_at = now() WHERE id = $1', [user.id])
    // One who is suspended looks after nothing.
    await expect(remove(admin, 'admin@example.com', PASSWORD)).rejects.toEqual(problem('conflict'))
    await auth.database.sql('UPDATE users SET suspended_at = NULL')
    const both = [remove(admin, 'admin@example.com', PASSWORD), remove(second, user.email, PASSWORD)]
    const results = await Promise.allSettled(both)
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(results).toContainEqual({ status: 'rejected', reason: problem('conflict') })
    expect(await auth.database.sql('SELECT 1 FROM users WHERE administrator')).toHaveLength(1)
  })
})

describe('the export of an account', () => {
  it('says all that is known, to download, and no secret', async () => {
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'Curious')
    const response = await browser.send(securityApi.exportAccount, {})
    expect(response.headers.get('content-disposition')).toBe('attachment; filename=account.json')
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({
      account: { id: user.id, name: 'Curious', email: user.email, createdAt: user.createdAt },
      waysIn: [{ provider: 'password' }],
      sessions: [{ ipAddress: '192.0.2.1', userAgent: 'Test browser' }],
      events: [{ type: 'signed-in' }, { type: 'account-created' }],
      passkeys: [],
      apiKeys: [],
    })
    const secrets = await auth.database.sql(
      `SELECT s.token, a.password_hash FROM sessions s JOIN accounts a USING (user_id) WHERE user_id = $1`,
      [user.id],
    )
    expect(secrets).toHaveLength(1)
    for (const secret of Object.values(secrets[0] ?? {})) expect(text).not.toContain(String(secret))
    expect(text).not.toContain('admin@example.com')
    await expect(openBrowser(auth).ask(securityApi.exportAccount, {})).rejects.toEqual(problem('unauthenticated'))
  })
})

it('tells changes only to services', async () => {
  const forged = caller('another secret, also long enough to be one')
  await expect(call(forged, authInternal.changes, { query: {} })).rejects.toEqual(problem('unauthenticated'))
  await expect(changes({ wait: 26 })).rejects.toEqual(problem('invalid-input'))
})
