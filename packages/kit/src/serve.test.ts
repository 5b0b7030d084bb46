import { connect } from 'node:net'
import { call, endpoint, PROBLEM_TYPE, Problem } from '@realtime/contracts'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { serviceCaller } from './callers.ts'
import { createLog } from './log.ts'
import { requestId } from './request.ts'
import { answer, router } from './routes.ts'
import { type Running, type ServeOptions, serve } from './serve.ts'
import { type Authority, bearer, eventually, startAuthority } from './testing.ts'
import { type UserTokens, userTokens } from './tokens.ts'

const publicUrl = 'http://localhost:3000'
const secret = 's'.repeat(32)
const log = createLog('test', 'silent')
const base = { summary: 'A test', access: 'user' } as const
const thing = z.object({ id: z.string(), name: z.string() })
const named = z.strictObject({ name: z.string().min(1) })

const api = {
  get: endpoint({ ...base, method: 'GET', path: '/things/:id', params: z.object({ id: z.string() }), response: thing }),
  make: endpoint({
    ...base,
    method: 'POST',
    path: '/things',
    body: named,
    maxBody: 1000,
    response: thing,
    status: 201,
  }),
  put: endpoint({ ...base, method: 'PUT', path: '/bytes', body: 'binary', response: 'binary' }),
  large: endpoint({ ...base, method: 'POST', path: '/large', body: 'binary', maxBody: 2 ** 21, response: 'empty' }),
  pieces: endpoint({
    ...base,
    access: 'public',
    method: 'GET',
    path: '/pieces',
    query: z.object({ fail: z.string().optional() }),
    response: 'binary',
  }),
  late: endpoint({
    ...base,
    access: 'public',
    method: 'GET',
    path: '/late',
    query: z.object({ pieces: z.coerce.number() }),
    response: 'binary',
  }),
  remove: endpoint({
    ...base,
    method: 'DELETE',
    path: '/things/:id',
    params: z.object({ id: z.string() }),
    response: 'empty',
  }),
  list: endpoint({
    ...base,
    access: 'public',
    method: 'GET',
    path: '/things',
    query: z.object({ limit: z.coerce.number().int() }),
    response: z.object({ limit: z.number() }),
  }),
  fail: endpoint({ ...base, access: 'public', method: 'POST', path: '/fail', response: 'empty' }),
  slow: endpoint({ ...base, access: 'public', method: 'GET', path: '/slow', response: thing }),
  inner: endpoint({
    ...base,
    access: 'service',
    method: 'GET',
    path: '/internal/who',
    response: z.object({ caller: z.string(), id: z.string() }),
  }),
  wrong: endpoint({ ...base, access: 'public', method: 'GET', path: '/wrong', response: thing }),
}

let authority: Authority
let users: UserTokens
let token: string
let failure: unknown = new Error('connect to postgres://me:hunter2@db failed')
let finish: () => void = () => {}
let ready: () => Promise<unknown> = async () => {}
let asked = 0
const open: Running[] = []

beforeAll(async () => {
  authority = await startAuthority(publicUrl)
  users = userTokens({ authUrl: authority.url, publicUrl })
  token = await authority.token('ada')
})
afterAll(async () => {
  users.stop()
  await authority.stop()
})
afterEach(async () => {
  finish()
  ready = async () => {}
  await Promise.all(open.splice(0).map((running) => running.stop()))
})

let sent = 0
let inside = 0
const leaving: (() => void)[] = []

async function* pieces(fail?: string): AsyncGenerator<Uint8Array> {
  for (sent = 0; sent < 4; sent++) {
    if (fail !== undefined && sent === Number(fail)) throw new Error('no more')
    yield new Uint8Array(100_000).fill(sent)
  }
}

/** The first piece at once, each other when as many have been taken as come before it. */
let taken = 0
async function* latePieces(count: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index++) {
    if (index > 0) await eventually(() => taken >= index)
    yield new Uint8Array([index])
  }
}

async function start(options: Partial<ServeOptions> = {}): Promise<Running & { internalUrl: string }> {
  const routes = [
    answer(api.list, ({ query }) => query),
    answer(api.get, ({ actor, params }) => ({ ...params, name: actor.type, secret: 'x' })),
    answer(api.make, ({ body }) => ({ id: '1', ...body })),
    answer(api.put, ({ body }) => ({ body, headers: { etag: '"1"' } })),
    answer(api.pieces, ({ query }) => ({ body: pieces(query.fail), headers: { 'content-length': '400000' } })),
    answer(api.late, ({ query }) => ({ body: latePieces(query.pieces) })),
    answer(api.large, async ({ actor }) => {
      if (actor.type !== 'user' || actor.id !== 'ada') return
      inside++
      await new Promise<void>((resolve) => leaving.push(resolve))
      inside--
    }),
    answer(api.remove, () => {}),
    answer(api.fail, () => Promise.reject(failure)),
    answer(api.wrong, () => ({ id: 1 }) as never),
    answer(api.slow, async () => {
      asked++
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      return { id: '1', name: 'done' }
    }),
  ]
  const internal = [
    answer(api.inner, ({ actor }) => ({ caller: actor.type === 'service' ? actor.name : '', id: requestId() ?? '' })),
  ]
  const running = await serve({
    name: 'thing',
    log,
    listen: '127.0.0.1:0',
    internalListen: '127.0.0.1:0',
    routes: router(routes, { users }),
    internalRoutes: router(internal, { service: { name: 'thing', secret } }),
    ready: () => ready(),
    ...options,
  })
  open.push(running)
  return { ...running, internalUrl: running.internalUrl ?? '' }
}

const json = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body,
  headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
})

async function problemOf(response: Response): Promise<{ key: string; status: number; [member: string]: unknown }> {
  expect(response.headers.get('content-type')).toBe(`${PROBLEM_TYPE}; charset=utf-8`)
  const problem = (await response.json()) as { type: string; status: number; instance: string }
  expect(problem.status).toBe(response.status)
  expect(problem.instance).toBe(response.headers.get('x-request-id'))
  return { key: problem.type.replace('/problems/', ''), ...problem }
}

describe('routes', () => {
  test('answer what the endpoint says, and no more', async () => {
    const { url } = await start()
    const caller = bearer(url, token)
    const response = await fetch(`${url}/things/7`, { headers: { authorization: `Bearer ${token}` } })
    expect(await response.json()).toEqual({ id: '7', name: 'user' })
    expect(await call(caller, api.make, { body: { name: 'ü' } })).toEqual({ id: '1', name: 'ü' })
    expect((await fetch(`${url}/things`, json('{"name":"a"}'))).status).toBe(201)
    expect(await call(caller, api.remove, { params: { id: '7' } })).toBeUndefined()
    expect(await call(caller, api.list, { query: { limit: '5' } })).toEqual({ limit: 5 })
    const bytes = await call(caller, api.put, { body: Uint8Array.of(0, 255) })
    expect(bytes.headers.get('etag')).toBe('"1"')
    expect(new Uint8Array(await bytes.arrayBuffer())).toEqual(Uint8Array.of(0, 255))
  })

  test('read some large bodies of a caller at a time: others wait unread, and hold up nobody else', async () => {
    const { url } = await start()
    const send = (as: string, signal?: AbortSignal) =>
      fetch(`${url}/large`, {
        method: 'POST',
        body: new Uint8Array(1_000),
        headers: { authorization: `Bearer ${as}`, 'content-type': 'application/octet-stream' },
        ...(signal ? { signal } : {}),
      })
    const gone = new AbortController()
    const first = [send(token), send(token), send(token), send(token)]
    await eventually(() => inside === 4)
    const later = [send(token, gone.signal), send(token), send(token)]
    const bob = await authority.token('bob')
    for (let round = 0; round < 3; round++) expect((await send(bob)).status).toBe(204)
    expect(inside).toBe(4)
    gone.abort()
    await expect(later[0]).rejects.toThrow('abort')
    const statuses: number[] = []
    for (const one of [...first, ...later.slice(1)]) void one.then(({ status }) => statuses.push(status))
    await eventually(() => {
      for (const leave of leaving.splice(0)) leave()
      return statuses.length === 6
    })
    expect(statuses).toEqual(Array(6).fill(204))
  })

  test('send pieces one after the other, as they are asked for; a failure in between cuts the answer', async () => {
    const { url } = await start()
    const whole = await fetch(`${url}/pieces`)
    const bytes = new Uint8Array(await whole.arrayBuffer())
    expect([bytes.length, bytes[99_999], bytes[100_000], bytes.at(-1)]).toEqual([400_000, 0, 1, 3])
    sent = 9
    const head = await fetch(`${url}/pieces`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length'), sent]).toEqual([200, '400000', 9])
    await expect(fetch(`${url}/pieces?fail=2`).then((response) => response.arrayBuffer())).rejects.toThrow()
    const first = await fetch(`${url}/pieces?fail=0`)
    expect(first.status).toBe(500)
    expect((await problemOf(first)).key).toBe('internal')
  })

  test('send a piece before the next is there, and one that is all by itself as a whole', async () => {
    const { url } = await start()
    for (const count of [0, 1]) {
      const all = await fetch(`${url}/late?pieces=${count}`)
      expect(all.headers.get('content-length')).toBe(String(count))
      expect(new Uint8Array(await all.arrayBuffer())).toEqual(new Uint8Array(count))
    }
    taken = 0
    const reader = (await fetch(`${url}/late?pieces=3`)).body?.getReader()
    for (const index of [0, 1, 2]) {
      expect((await reader?.read())?.value).toEqual(new Uint8Array([index]))
      taken++
    }
    expect((await reader?.read())?.done).toBe(true)
  })

  test('answer at once to a body that says it is too large', async () => {
    const { url } = await start()
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    const heard = new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))))
    const head = `authorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 1001`
    socket.write(`POST /things HTTP/1.1\r\nhost: a\r\n${head}\r\n\r\n`)
    expect(await heard).toMatch(/^HTTP\/1.1 413 /)
    socket.destroy()
  })

  test.each<[string, string, RequestInit, number, string, string[]]>([
    ['an unknown key', '/things', { body: '{"name":"a","more":1}' }, 400, 'invalid-input', ['body']],
    ['a wrong type', '/things', { body: '{"name":5}' }, 400, 'invalid-input', ['body.name']],
    ['a list', '/things', { body: '[]' }, 400, 'invalid-input', ['body']],
    ['broken JSON', '/things', { body: '{"name":' }, 400, 'malformed-json', []],
    ['text as JSON', '/things', { body: '"name"' }, 400, 'malformed-json', []],
    ['a large body', '/things', { body: `{"name":"${'x'.repeat(1000)}"}` }, 413, 'payload-too-large', []],
    [
      'a form',
      '/things',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'name=a' },
      415,
      'unsupported-media-type',
      [],
    ],
    [
      'another charset',
      '/things',
      { headers: { 'content-type': 'application/json; charset=latin1' }, body: '{}' },
      415,
      'unsupported-media-type',
      [],
    ],
    [
      'an unknown encoding',
      '/things',
      { headers: { 'content-encoding': 'zip' }, body: '{}' },
      415,
      'unsupported-media-type',
      [],
    ],
    ['a wrong query', '/things?limit=many', { method: 'GET' }, 400, 'invalid-input', ['query.limit']],
    ['no query', '/things', { method: 'GET' }, 400, 'invalid-input', ['query.limit']],
    ['an unknown path', '/nothing', { method: 'GET' }, 404, 'not-found', []],
    ['a path in capitals', '/Things/7', { method: 'GET' }, 404, 'not-found', []],
    ['an undecodable path', '/things/%E0%A4%A', { method: 'GET' }, 400, 'invalid-path', []],
    ['an internal path', '/internal/who', { method: 'GET' }, 404, 'not-found', []],
    ['readiness', '/ready', { method: 'GET' }, 404, 'not-found', []],
    ['metrics', '/metrics', { method: 'GET' }, 404, 'not-found', []],
  ])('%s is a problem', async (_name, path, init, status, key, paths) => {
    const { url } = await start()
    const { headers, ...rest } = init
    const given = { ...json(''), ...rest, headers: { ...json('').headers, ...headers } }
    if (given.method === 'GET') delete given.body
    const problem = await problemOf(await fetch(url + path, given))
    expect(problem).toMatchObject({ key, status })
    const errors = (problem.errors ?? []) as { path: string }[]
    expect(errors.map((error) => error.path)).toEqual(paths)
  })

  test('another method is told the right ones', async () => {
    const { url } = await start()
    const response = await fetch(`${url}/things/7`, { method: 'PATCH' })
    expect(await problemOf(response)).toMatchObject({ key: 'method-not-allowed', status: 405 })
    expect(response.headers.get('allow')).toBe('GET, DELETE')
  })

  test.each([
    ['no token', {}],
    ['garbage', { authorization: 'Bearer garbage' }],
    ['another scheme', { authorization: 'Basic YTpi' }],
  ])('%s is unauthenticated', async (_name, headers) => {
    const { url } = await start()
    const response = await fetch(`${url}/things/7`, { headers })
    expect(await problemOf(response)).toMatchObject({ key: 'unauthenticated', status: 401 })
  })

  test('whoever is not recognised gets no body read', async () => {
    const { url } = await start()
    const { port } = new URL(url)
    const answered = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          'POST /things HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{',
        )
      })
      socket.once('data', (data) => {
        socket.destroy()
        resolve(data.toString())
      })
      socket.once('error', reject)
    })
    expect(answered).toMatch(/^HTTP\/1\.1 401 /)
  })

  test('a failure inside tells nothing but that it happened', async () => {
    const { url } = await start()
    for (const path of ['/fail', '/wrong']) {
      const response = await fetch(url + path, { method: path === '/fail' ? 'POST' : 'GET' })
      const text = await response.clone().text()
      expect(await problemOf(response)).toMatchObject({ key: 'internal', detail: 'Something went wrong on the server' })
      expect(text).not.toMatch(/hunter2|postgres|expected/)
    }
    failure = new Problem('rate-limited', 'Wait a little.', { headers: { 'retry-after': '7' } })
    const limited = await fetch(`${url}/fail`, { method: 'POST' })
    expect(limited.headers.get('retry-after')).toBe('7')
    expect(await problemOf(limited)).toMatchObject({ key: 'rate-limited', detail: 'Wait a little.' })
  })
})

describe('the request id', () => {
  test('is echoed when it is well-formed, and replaced when not', async () => {
    const { url } = await start()
    const echoed = async (id: string) =>
      (await fetch(`${url}/health`, { headers: { 'x-request-id': id } })).headers.get('x-request-id')
    expect(await echoed('abcdef-12345')).toBe('abcdef-12345')
    for (const odd of ['short', 'with space here', 'x'.repeat(65)]) {
      expect(await echoed(odd)).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  test('goes on to the service that is called, with the name of the caller', async () => {
    const inner = await start()
    const who = endpoint({ ...base, access: 'public', method: 'GET', path: '/who', response: api.inner.response })
    const caller = serviceCaller({ from: 'outer', to: 'thing', url: inner.internalUrl, secret })
    const outer = await start({ routes: router([answer(who, () => call(caller, api.inner, {}))], {}) })
    const response = await fetch(`${outer.url}/who`, { headers: { 'x-request-id': 'abcdef-12345' } })
    expect(await response.json()).toEqual({ caller: 'outer', id: 'abcdef-12345' })
  })
})

describe('the internal port', () => {
  test('wants a service token for this service', async () => {
    const { internalUrl } = await start()
    const who = `${internalUrl}/internal/who`
    expect(await problemOf(await fetch(who))).toMatchObject({ key: 'unauthenticated' })
    const asUser = await fetch(who, { headers: { authorization: `Bearer ${token}` } })
    expect(await problemOf(asUser)).toMatchObject({ key: 'unauthenticated' })
    const foreign = serviceCaller({ from: 'outer', to: 'other', url: internalUrl, secret })
    await expect(call(foreign, api.inner, {})).rejects.toMatchObject({ key: 'unauthenticated' })
    const guessed = serviceCaller({ from: 'outer', to: 'thing', url: internalUrl, secret: 't'.repeat(32) })
    await expect(call(guessed, api.inner, {})).rejects.toMatchObject({ key: 'unauthenticated' })
    expect(await problemOf(await fetch(`${internalUrl}/things?limit=1`))).toMatchObject({ key: 'not-found' })
  })

  test('tells health, readiness and metrics', async () => {
    const { url, internalUrl } = await start()
    for (const at of [url, internalUrl]) expect(await (await fetch(`${at}/health`)).json()).toEqual({ status: 'ok' })
    expect((await fetch(`${internalUrl}/ready`)).status).toBe(200)
    ready = () => Promise.reject(new Error('no database'))
    expect(await problemOf(await fetch(`${internalUrl}/ready`))).toMatchObject({ key: 'unavailable', status: 503 })
    await fetch(`${url}/things/7`)
    const metrics = await eventually(async () => {
      const text = await (await fetch(`${internalUrl}/metrics`)).text()
      return text.includes('/things/:id') && text
    })
    expect(metrics).toMatch(
      /http_request_duration_seconds_count\{service="thing",method="GET",route="\/things\/:id",status="401"\} 1/,
    )
    expect(metrics).toContain('problems_total{problem="unauthenticated",service="thing"} 1')
    expect(metrics).toContain('process_cpu_seconds_total')
  })
})

describe('a stop', () => {
  test('lets a running request finish, refuses new ones, and is not ready meanwhile', async () => {
    let drained: () => void = () => {}
    const steps: string[] = []
    const service = await start({
      drain: async () => {
        steps.push('drain')
        await new Promise<void>((resolve) => {
          drained = resolve
        })
      },
      stop: async () => void steps.push('stop'),
    })
    const before = asked
    const running = fetch(`${service.url}/slow`)
    await eventually(() => asked > before)
    const stopped = service.stop()
    const readiness = await fetch(`${service.internalUrl}/ready`)
    expect(await problemOf(readiness)).toMatchObject({ key: 'draining', status: 503 })
    drained()
    await eventually(() =>
      fetch(`${service.url}/health`).then(
        () => false,
        () => true,
      ),
    )
    expect(steps).toEqual(['drain'])
    finish()
    expect(await (await running).json()).toEqual({ id: '1', name: 'done' })
    await stopped
    expect(steps).toEqual(['drain', 'stop'])
    await service.stop()
    expect(steps).toEqual(['drain', 'stop'])
  })

  test('closes the ports even when the drain fails', async () => {
    const service = await start({ drain: () => Promise.reject(new Error('cannot drain')) })
    await service.stop()
    await expect(fetch(`${service.url}/health`)).rejects.toThrow()
  })
})

test('a start that finds its internal port taken leaves the public one free', async () => {
  const first = await start()
  const free = await start()
  await free.stop()
  const listen = new URL(free.url).host
  await expect(start({ listen, internalListen: new URL(first.internalUrl).host })).rejects.toThrow(/EADDRINUSE/)
  const second = await start({ listen })
  expect((await fetch(`${second.url}/health`)).status).toBe(200)
})
