import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type Caller, call } from './client.ts'
import { endpoint } from './endpoint.ts'
import { PROBLEM_TYPE, Problem } from './problem.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown

let answer: Answer
let seen: IncomingMessage[] = []
const server = createServer((request, response) => {
  seen.push(request)
  void answer(request, response)
})
let caller: Caller

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  caller = { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, name: 'document service' }
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  seen = []
})

const json =
  (value: unknown, status = 200): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }
const endless: Answer = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n')
}

const base = { summary: 'A test', access: 'public' } as const
const find = endpoint({
  ...base,
  method: 'GET',
  path: '/things/:id/parts/:partId',
  params: z.object({ id: z.string(), partId: z.number() }),
  query: z.object({ q: z.string().optional(), page: z.number().optional() }),
  response: z.object({ name: z.string() }),
})
const make = endpoint({
  ...base,
  method: 'POST',
  path: '/things',
  body: z.object({ name: z.string() }),
  response: z.object({ id: z.string() }),
  status: 201,
})
const remove = endpoint({ ...base, method: 'DELETE', path: '/things', response: 'empty' })
const bytes = endpoint({ ...base, method: 'PUT', path: '/bytes', body: 'binary', response: 'binary' })
const events = endpoint({ ...base, method: 'GET', path: '/events', response: 'events' })

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('what is sent', () => {
  test('parameters and query, encoded; what is undefined is left out', async () => {
    answer = json({ name: 'ü', more: 1 })
    const params = { id: 'a/b ?#ü', partId: 7 }
    const found = await call(caller, find, { params, query: { q: 'a&b=ü', page: undefined } })
    expect(found).toEqual({ name: 'ü' })
    expect(seen[0]?.url).toBe('/things/a%2Fb%20%3F%23%C3%BC/parts/7?q=a%26b%3D%C3%BC')
  })

  test('nothing for a parameter that would be a step in the path, or is missing', async () => {
    for (const id of ['.', '..']) {
      expect(await failure(call(caller, find, { params: { id, partId: 1 }, query: {} }))).toMatchObject({
        key: 'invalid-path',
      })
    }
    expect(await failure(call(caller, find, { params: { id: '', partId: 1 }, query: {} }))).toBeInstanceOf(Error)
    expect(seen).toEqual([])
  })

  test('JSON and headers of the caller and of the call', async () => {
    let body = ''
    answer = async (request, response) => {
      body = await text(request)
      json({ id: 'x' }, 201)(request, response)
    }
    const signed: Caller = { ...caller, headers: async () => ({ authorization: 'Bearer a', 'x-one': '1' }) }
    const made = await call(signed, make, { body: { name: '名' } }, { headers: { 'x-one': '2' } })
    expect(made).toEqual({ id: 'x' })
    expect(body).toBe('{"name":"名"}')
    expect(seen[0]?.headers).toMatchObject({
      authorization: 'Bearer a',
      'x-one': '2',
      'content-type': 'application/json',
    })
  })

  test('bytes as they are', async () => {
    answer = (request, response) => {
      response.writeHead(200)
      request.pipe(response)
    }
    const response = await call(caller, bytes, { body: Uint8Array.from([0, 255, 1]) })
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(Uint8Array.from([0, 255, 1]))
    expect(seen[0]?.headers['content-type']).toBe('application/octet-stream')
  })
})

describe('what is answered', () => {
  test('nothing is undefined', async () => {
    answer = (_request, response) => void response.writeHead(204).end()
    expect(await call(caller, remove, {})).toBeUndefined()
  })

  test('304 is an answer to a question for bytes only', async () => {
    answer = (_request, response) => void response.writeHead(304, { etag: '"e.1"' }).end()
    const response = await call(caller, bytes, { body: new Uint8Array() })
    expect([response.status, response.headers.get('etag')]).toEqual([304, '"e.1"'])
    expect(await failure(call(caller, remove, {}))).toMatchObject({ key: 'upstream-failed' })
  })

  test('a problem is thrown with all it says', async () => {
    const problem = new Problem('invalid-input', 'name: is taken', { errors: [{ path: 'name', message: 'is taken' }] })
    answer = (_request, response) =>
      void response.writeHead(400, { 'content-type': PROBLEM_TYPE }).end(JSON.stringify(problem.toJson('r-7')))
    expect(await failure(call(caller, remove, {}))).toMatchObject({
      key: 'invalid-input',
      message: 'name: is taken',
      errors: problem.errors,
      instance: 'r-7',
    })
  })

  test.each<[string, Answer]>([
    ['a failure that is no problem', (_request, response) => void response.writeHead(500).end('<h1>Oops</h1>')],
    ['a problem nobody knows', json({ type: '/problems/no', title: '', status: 418, detail: '', instance: '' }, 418)],
    ['JSON of another shape', json({ id: 5 })],
    ['no JSON', (_request, response) => void response.writeHead(200).end('<h1>Welcome</h1>')],
    ['nothing', (_request, response) => void response.writeHead(200).end()],
  ])('%s is the failure of another part', async (_name, given) => {
    answer = given
    const error = await failure(call(caller, make, { body: { name: 'a' } }))
    expect(error).toMatchObject({ key: 'upstream-failed', cause: expect.any(Error) })
  })

  test.each<[string, Answer]>([
    ['before its answer', (request) => request.socket.destroy()],
    [
      'within its answer',
      (_request, response) => {
        response.writeHead(200, { 'content-length': 100 }).write('{"id":')
        setImmediate(() => response.destroy())
      },
    ],
    ['by sending it elsewhere', (_request, response) => void response.writeHead(302, { location: '/' }).end()],
  ])('a server that goes away %s is unavailable', async (_name, given) => {
    answer = given
    const error = await failure(call(caller, make, { body: { name: 'a' } }))
    expect(error).toMatchObject({ key: 'unavailable', extra: { upstream: 'document service' } })
  })

  test('a port where nobody listens is unavailable', async () => {
    const free = createTcpServer()
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
    const { port } = free.address() as AddressInfo
    await new Promise((resolve) => free.close(resolve))
    const error = await failure(call({ baseUrl: `http://127.0.0.1:${port}`, name: 'auth' }, remove, {}))
    expect(error).toMatchObject({ key: 'unavailable', message: 'The auth cannot be reached.' })
  })
})

describe('how long it may take', () => {
  test.each<[string, Answer]>([
    ['no answer', () => {}],
    ['an answer without end', (_request, response) => void response.writeHead(200).write('{')],
    ['a failure without end', (_request, response) => void response.writeHead(500).write('{')],
  ])('%s is a timeout', async (_name, given) => {
    answer = given
    const error = await failure(call({ ...caller, timeoutMs: 60 }, make, { body: { name: 'a' } }))
    expect(error).toMatchObject({ key: 'timeout', extra: { upstream: 'document service' } })
  })

  test('events go on past the deadline, until the signal of the caller', async () => {
    answer = endless
    const leaving = new AbortController()
    const response = await call({ ...caller, timeoutMs: 60 }, events, {}, { signal: leaving.signal })
    const reader = response.body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(': open\n\n')
    const next = reader?.read()
    const early = await Promise.race([next, new Promise((resolve) => setTimeout(resolve, 120, 'still open'))])
    expect(early).toBe('still open')
    leaving.abort()
    await expect(next).rejects.toMatchObject({ name: 'AbortError' })
    await vi.waitFor(() => expect(seen[0]?.socket.destroyed).toBe(true))
  })

  test.each<[string, Answer]>([
    ['before the answer', () => {}],
    ['within the answer', (_request, response) => void response.writeHead(200).write('{')],
  ])('the signal of the caller ends a call %s, and is no problem', async (_name, given) => {
    const leaving = new AbortController()
    answer = (request, response) => {
      given(request, response)
      setTimeout(() => leaving.abort(), 20)
    }
    const error = await failure(call(caller, make, { body: { name: 'a' } }, { signal: leaving.signal }))
    expect(error).toMatchObject({ name: 'AbortError' })
    expect(error).not.toBeInstanceOf(Problem)
  })

  test('a signal that was given already sends nothing', async () => {
    expect(await failure(call(caller, remove, {}, { signal: AbortSignal.abort() }))).toMatchObject({
      name: 'AbortError',
    })
    expect(seen).toEqual([])
  })
})
