import { createHash } from 'node:crypto'
import { authApi, authInternal, call, keyApi } from '@realtime/contracts'
import { serviceCaller, type UserTokens, userTokens } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  openBrowser,
  PASSWORD,
  setUpServer,
  signUpPerson,
  startAuth,
  type TestAuth,
  type TestBrowser,
} from './testing.ts'

let auth: TestAuth
let verifier: UserTokens
beforeAll(async () => {
  auth = await startAuth()
  await setUpServer(openBrowser(auth))
  verifier = userTokens({ authUrl: auth.running.url, publicUrl: auth.config.PUBLIC_URL })
})
afterAll(async () => {
  verifier.stop()
  await auth.stop()
})

const problem = (key: string) => expect.objectContaining({ key })
const input = { name: 'Build', scopes: ['documents:read' as const], expiresInDays: 30 }

async function signedUp(name: string): Promise<{ browser: TestBrowser; id: string }> {
  const browser = openBrowser(auth)
  return { browser, id: (await signUpPerson(browser, name)).id }
}

/** What a program does with a key: no cookies and no Origin. */
const exchange = (key: string | undefined, address = '192.0.2.50') =>
  call(
    {
      baseUrl: auth.running.url,
      headers: () => ({ 'x-forwarded-for': address, ...(key ? { authorization: `Bearer ${key}` } : {}) }),
    },
    keyApi.exchangeKey,
    {},
  )

describe('API keys', () => {
  it('are shown once, kept as a hash, and exchanged for a token of their scopes alone', async () => {
    const { browser, id } = await signedUp('Key Maker')
    const made = await browser.ask(keyApi.createKey, {
      body: { ...input, scopes: ['documents:read', 'documents:read'] },
    })
    expect(made).toMatchObject({ name: 'Build', scopes: ['documents:read'], lastUsedAt: null })
    expect(made.key).toMatch(/^rck_[\w-]{43}$/)
    expect(made.key.startsWith(made.start)).toBe(true)
    expect(Date.parse(made.expiresAt ?? '') - Date.now()).toBeGreaterThan(29 * 86_400_000)
    const [row] = await auth.database.sql('SELECT * FROM api_keys WHERE id = $1', [made.id])
    expect(JSON.stringify(row)).not.toContain(made.key.slice(made.start.length))
    expect(row?.hash).toBe(createHash('sha256').update(made.key).digest('hex'))

    const issued = await exchange(made.key)
    expect(issued.scopes).toEqual(['documents:read'])
    expect(decodeJwt(issued.token)).toMatchObject({ sub: id, act: 'key', sid: made.id, scope: 'documents:read' })
    expect((await verifier.verify(issued.token)).actor).toEqual({
      type: 'key',
      id: made.id,
      userId: id,
      scopes: ['documents:read'],
      name: 'Build',
    })
    const { keys } = await browser.ask(keyApi.keys, {})
    const { key: _key, ...shown } = made
    expect(keys).toEqual([{ ...shown, lastUsedAt: expect.any(String) }])
  })

  it('may live without an end, for 90 days unless told', async () => {
    const { browser } = await signedUp('Forever')
    const forever = await browser.ask(keyApi.createKey, { body: { ...input, expiresInDays: null } })
    expect(forever.expiresAt).toBeNull()
    const { name, scopes } = input
    const usual = await browser.ask(keyApi.createKey, { body: { name, scopes } })
    expect(Math.round((Date.parse(usual.expiresAt ?? '') - Date.now()) / 86_400_000)).toBe(90)
  })

  it('need a session, a name, a known scope and a sensible end', async () => {
    const params = { id: 'x' }
    for (const [endpoint, given] of [
      [keyApi.keys, {}],
      [keyApi.createKey, { body: input }],
      [keyApi.deleteKey, { params }],
    ] as const) {
      expect((await openBrowser(auth).send(endpoint, given)).status).toBe(401)
    }
    const { browser } = await signedUp('Sloppy')
    for (const wrong of [
      { scopes: [] },
      { scopes: ['everything'] },
      { name: '' },
      { expiresInDays: 0 },
      { admin: 1 },
    ]) {
      expect((await browser.send(keyApi.createKey, { body: { ...input, ...wrong } })).status).toBe(400)
    }
    expect((await browser.ask(keyApi.keys, {})).keys).toEqual([])
  })

  it('are made by who signed in a moment ago, or says the password', async () => {
    const { browser, id } = await signedUp('Patient')
    const age = (minutes: number) =>
      auth.database.sql('UPDATE sessions SET created_at = now() - make_interval(mins => $2) WHERE user_id = $1', [
        id,
        minutes,
      ])
    const make = (password?: string) =>
      browser.ask(keyApi.createKey, { body: { ...input, ...(password === undefined ? {} : { password }) } })
    await age(9)
    await make()
    await age(11)
    await expect(make()).rejects.toMatchObject({ key: 'invalid-input', errors: [{ path: 'body.password' }] })
    await expect(make('wrong')).rejects.toEqual(problem('wrong-credentials'))
    await make(PASSWORD)
    await auth.database.sql('DELETE FROM accounts WHERE user_id = $1', [id])
    await expect(make(PASSWORD)).rejects.toEqual(problem('fresh-sign-in-required'))
    expect((await browser.ask(keyApi.keys, {})).keys).toHaveLength(2)
  })

  it('are at most fifty of one person', async () => {
    const { browser, id } = await signedUp('Collector')
    await auth.database.sql(
      `INSERT INTO api_keys (id, user_id, name, start, hash, scopes)
       SELECT 'many' || n, $1, 'k', 'rck_', 'hash' || n, '{}' FROM generate_series(1, 50) n`,
      [id],
    )
    await expect(browser.ask(keyApi.createKey, { body: input })).rejects.toEqual(problem('conflict'))
  })

  it('open nothing at auth but the exchange', async () => {
    const { browser } = await signedUp('Literal')
    const { key } = await browser.ask(keyApi.createKey, { body: input })
    const { token } = await exchange(key)
    for (const secret of [key, token]) {
      for (const endpoint of [authApi.session, authApi.sessions, authApi.token, authApi.outbox, keyApi.keys]) {
        const answer = await openBrowser(auth).send(
          endpoint,
          {},
          { authorization: `Bearer ${secret}`, 'x-api-key': key },
        )
        expect([endpoint.path, answer.status]).toEqual([endpoint.path, 401])
      }
    }
    await expect(exchange(token)).rejects.toEqual(problem('unauthenticated'))
  })

  it('are refused when unknown, missing, expired, deleted, or of somebody suspended', async () => {
    const { browser, id } = await signedUp('Refused')
    for (const wrong of [undefined, 'rck_unknown', 'x y']) {
      await expect(exchange(wrong)).rejects.toEqual(problem('unauthenticated'))
    }
    const { key, id: keyId } = await browser.ask(keyApi.createKey, { body: input })
    await auth.database.sql('UPDATE api_keys SET expires_at = now() WHERE id = $1', [keyId])
    await expect(exchange(key)).rejects.toEqual(problem('unauthenticated'))
    await auth.database.sql('UPDATE api_keys SET expires_at = NULL WHERE id = $1', [keyId])
    await auth.database.sql('UPDATE users SET suspended_at = now() WHERE id = $1', [id])
    await expect(exchange(key)).rejects.toEqual(problem('suspended'))
    await auth.database.sql('UPDATE users SET suspended_at = NULL WHERE id = $1', [id])
    await browser.ask(keyApi.deleteKey, { params: { id: keyId } })
    await expect(exchange(key)).rejects.toEqual(problem('unauthenticated'))
  })

  it('take their tokens with them within a second', async () => {
    const { browser } = await signedUp('Regret')
    const { key, id } = await browser.ask(keyApi.createKey, { body: input })
    const { token } = await exchange(key)
    expect((await verifier.verify(token)).sessionId).toBe(id)
    await browser.ask(keyApi.deleteKey, { params: { id } })
    await eventually(() => verifier.isRevoked(id), 1_000)
    await expect(verifier.verify(token)).rejects.toEqual(problem('unauthenticated'))
    await expect(browser.ask(keyApi.deleteKey, { params: { id } })).rejects.toEqual(problem('not-found'))
  })

  it('belong to one person: nobody else sees or deletes them', async () => {
    const { browser } = await signedUp('Owner')
    const { key, id } = await browser.ask(keyApi.createKey, { body: input })
    const { browser: other } = await signedUp('Other')
    expect((await other.ask(keyApi.keys, {})).keys).toEqual([])
    await expect(other.ask(keyApi.deleteKey, { params: { id } })).rejects.toEqual(problem('not-found'))
    expect((await exchange(key)).scopes).toEqual(input.scopes)
  })

  it('cannot be guessed: wrong ones are counted by address, right ones are not', async () => {
    const { browser } = await signedUp('Guessed Key')
    const { key } = await browser.ask(keyApi.createKey, { body: input })
    const address = '198.51.100.200'
    const guesses = await Promise.allSettled(Array.from({ length: 105 }, (_, n) => exchange(`rck_guess${n}`, address)))
    const keys = guesses.map((guess) => guess.status === 'rejected' && guess.reason.key)
    expect(keys.filter((one) => one === 'unauthenticated')).toHaveLength(100)
    expect(keys.filter((one) => one === 'rate-limited')).toHaveLength(5)
    await expect(exchange(key, address)).rejects.toEqual(problem('rate-limited'))
    expect((await exchange(key)).token).toBeTruthy()
  })

  it('are noted among what happened to the account', async () => {
    const { browser, id } = await signedUp('Noted')
    const made = await browser.ask(keyApi.createKey, { body: input })
    await browser.ask(keyApi.deleteKey, { params: { id: made.id } })
    const rows = await auth.database.sql(
      "SELECT type, detail, address FROM security_events WHERE user_id = $1 AND type LIKE 'key-%' ORDER BY at, id",
      [id],
    )
    expect(rows).toEqual([
      { type: 'key-created', detail: 'Build', address: '192.0.2.1' },
      { type: 'key-deleted', detail: 'Build', address: '192.0.2.1' },
    ])
  })
})

describe('link tokens', () => {
  const caller = (secret: string) =>
    serviceCaller({ from: 'document', to: 'auth', url: auth.running.internalUrl ?? '', secret })
  const body = { visitorId: 'visitor1', linkId: 'link1', documentId: 'doc1', name: 'Curious Otter' }

  it('make a visitor of one document, for ten minutes', async () => {
    const { token, expiresAt } = await call(caller(auth.config.AUTH_SERVICE_SECRET), authInternal.linkToken, { body })
    const verified = await verifier.verify(token)
    expect(verified.actor).toEqual({
      type: 'link',
      id: 'visitor1',
      linkId: 'link1',
      documentId: 'doc1',
      name: 'Curious Otter',
    })
    expect(verified.expiresAt).toBe(Date.parse(expiresAt))
    expect(Math.abs(verified.expiresAt - Date.now() - 600_000)).toBeLessThan(5_000)
    const browser = await openBrowser(auth).send(authApi.session, {}, { authorization: `Bearer ${token}` })
    expect(browser.status).toBe(401)
  })

  it('need the service secret, and ids', async () => {
    const forged = caller('another secret, also long enough to be one')
    await expect(call(forged, authInternal.linkToken, { body })).rejects.toEqual(problem('unauthenticated'))
    const own = caller(auth.config.AUTH_SERVICE_SECRET)
    const wrong = { ...body, documentId: 'a document:other' }
    await expect(call(own, authInternal.linkToken, { body: wrong })).rejects.toEqual(problem('invalid-input'))
    const outside = await fetch(`${auth.running.url}/internal/link-tokens`, { method: 'POST' })
    expect(outside.status).toBe(404)
  })
})
