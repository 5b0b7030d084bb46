// @vitest-environment happy-dom
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { documentApi, endpoint, Problem, problems } from '@realtime/contracts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { createApi, failureOf, isPassing, safeNext } from './api.ts'
import { createTokenSource } from './tokens.ts'

const ping = endpoint({
  method: 'GET',
  path: '/ping',
  summary: 'Test',
  access: 'user',
  response: z.object({ as: z.string() }),
})

/** Answers `/ping` with the bearer it was given, or 401 when that is refused. */
function listen(refused: Set<string>): Promise<{ server: Server; baseUrl: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const bearer = (request.headers.authorization ?? '').replace('Bearer ', '')
    asked.push(bearer)
    const [status, title] = problems.unauthenticated
    if (refused.has(bearer)) {
      response.writeHead(status, { 'content-type': 'application/problem+json' })
      response.end(
        JSON.stringify({ type: '/problems/unauthenticated', title, status, detail: title, instance: 'test' }),
      )
    } else {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ as: bearer }))
    }
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ server, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked })
    })
  })
}

describe('the caller of a page', () => {
  const refused = new Set<string>()
  let at: Awaited<ReturnType<typeof listen>>
  beforeEach(async () => {
    // The page of this environment has another origin than the server; that is not what is tested here.
    Reflect.get(window, 'happyDOM').settings.fetch.disableSameOriginPolicy = true
    refused.clear()
    at = await listen(refused)
  })
  afterEach(() => void at.server.close())

  function callerWith(names: string[]) {
    let next = 0
    const fetchToken = vi.fn(async () => ({
      token: names[next++] ?? 'none left',
      expiresAt: new Date(Date.now() + 600_000).toISOString(),
    }))
    const signedOut = vi.fn()
    return { api: createApi({ baseUrl: at.baseUrl }, createTokenSource(fetchToken), signedOut), fetchToken, signedOut }
  }

  it('sends the token it holds', async () => {
    const { api, fetchToken } = callerWith(['first'])
    expect(await api(ping, {})).toEqual({ as: 'first' })
    expect(await api(ping, {})).toEqual({ as: 'first' })
    expect(fetchToken).toHaveBeenCalledOnce()
  })

  it('fetches one token for calls at the same time', async () => {
    const { api, fetchToken } = callerWith(['first', 'second'])
    await Promise.all([api(ping, {}), api(ping, {}), api(ping, {})])
    expect(fetchToken).toHaveBeenCalledOnce()
  })

  it('renews a refused token once, for all who were refused', async () => {
    refused.add('first')
    const { api, fetchToken, signedOut } = callerWith(['first', 'second'])
    const answers = await Promise.all([api(ping, {}), api(ping, {})])
    expect(answers).toEqual([{ as: 'second' }, { as: 'second' }])
    expect(fetchToken).toHaveBeenCalledTimes(2)
    expect(signedOut).not.toHaveBeenCalled()
  })

  it('says that the session is over when the new token is refused too', async () => {
    refused.add('first').add('second')
    const { api, signedOut } = callerWith(['first', 'second', 'third'])
    await expect(api(ping, {})).rejects.toMatchObject({ key: 'unauthenticated' })
    expect(signedOut).toHaveBeenCalledOnce()
    expect(at.asked).toEqual(['first', 'second'])
  })

  it('passes other problems on', async () => {
    const { api, signedOut } = callerWith(['first'])
    at.server.close()
    at.server.closeAllConnections()
    await expect(api(documentApi.getDocument, { params: { id: 'a' } })).rejects.toBeInstanceOf(Problem)
    expect(signedOut).not.toHaveBeenCalled()
  })
})

describe('a token source', () => {
  const issued = (token: string, lifeMs: number, now: number) => ({
    token,
    expiresAt: new Date(now + lifeMs).toISOString(),
  })

  it('renews more than a minute before the token expires', async () => {
    let now = 1_000_000
    let count = 0
    const source = createTokenSource(
      async () => issued(`t${++count}`, 600_000, now),
      () => now,
    )
    expect(await source.token()).toBe('t1')
    now += 520_000
    expect(await source.token()).toBe('t1')
    now += 19_000
    expect(await source.token()).toBe('t2')
  })

  it('does not believe an expiry that a wrong clock makes absurd', async () => {
    let now = 1_000_000
    let count = 0
    const source = createTokenSource(
      async () => issued(`t${++count}`, -3_600_000, now),
      () => now,
    )
    expect(await source.token()).toBe('t1')
    now += 60_000
    expect(await source.token()).toBe('t1')
  })

  it('asks again after a failure', async () => {
    let fails = true
    const source = createTokenSource(async () => {
      if (fails) throw new Problem('unavailable')
      return issued('t', 600_000, Date.now())
    })
    await expect(source.token()).rejects.toMatchObject({ key: 'unavailable' })
    fails = false
    expect(await source.token()).toBe('t')
  })

  it('keeps no token that was asked for before it was told to forget', async () => {
    const answers: ((token: string) => void)[] = []
    const source = createTokenSource(
      () => new Promise((resolve) => answers.push((token) => resolve(issued(token, 600_000, Date.now())))),
    )
    const before = source.token()
    source.forget()
    const after = source.token()
    answers[1]?.('new')
    answers[0]?.('old')
    expect(await before).toBe('old')
    expect(await after).toBe('new')
    expect(await source.token()).toBe('new')
  })
})

describe('where one goes after signing in', () => {
  it.each([
    ['/d/abc?x=1#y', '/d/abc?x=1#y'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example', '/'],
    ['/a\nb', '/'],
    ['', '/'],
    [null, '/'],
  ])('%s → %s', (next, path) => {
    expect(safeNext(next)).toBe(path)
  })
})

describe('what is said of a query without an answer', () => {
  const away = new Problem('unavailable')
  const asked = { data: undefined, error: null, failureCount: 0, failureReason: null }

  it('is nothing at first, and why from the third failure on, while it is asked again', () => {
    expect(failureOf({ ...asked, failureCount: 2, failureReason: away })).toBeNull()
    expect(failureOf({ ...asked, failureCount: 3, failureReason: away })).toBe(away)
  })

  it('is nothing once there is an answer, and at once what cannot be mended', () => {
    expect(failureOf({ ...asked, data: [], failureCount: 5, failureReason: away })).toBeNull()
    const missing = new Problem('not-found')
    expect(failureOf({ ...asked, error: missing, failureCount: 1, failureReason: missing })).toBe(missing)
    expect([isPassing(away), isPassing(missing), isPassing(new Error('bug'))]).toEqual([true, false, false])
  })
})
