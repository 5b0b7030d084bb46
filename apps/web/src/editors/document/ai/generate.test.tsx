import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Problem } from '@realtime/contracts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createApi } from '../../../api.ts'
import { createTokenSource } from '../../../tokens.ts'
import { type Ending, generate } from './generate.ts'

const event = (name: string, data: unknown) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
const delta = (text: string) => event('delta', { text })
const done = (finish: string) => event('done', { finish, usage: { input: 1, output: 1 } })
const problem = (key: 'rate-limited' | 'upstream-failed') => new Problem(key).toJson('test')

let server: Server
let answer: (response: ServerResponse) => void

beforeEach(async () => {
  // The page of this environment has another origin than the server; that is not what is tested here.
  Reflect.get(window, 'happyDOM').settings.fetch.disableSameOriginPolicy = true
  server = createServer((_request, response) => answer(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

async function asked(stop = new AbortController(), onText = (_text: string) => {}): Promise<[string, Ending]> {
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const expiresAt = new Date(Date.now() + 600_000).toISOString()
  const api = createApi(
    { baseUrl },
    createTokenSource(async () => ({ token: 't', expiresAt })),
    () => {},
  )
  let text = ''
  const heard = (now: string) => {
    text = now
    onText(now)
  }
  const ending = await generate({ documentId: 'd', action: 'continue' }, stop.signal, heard, { api, silenceMs: 400 })
  return [text, ending]
}

function streaming(...parts: string[]): (response: ServerResponse) => ServerResponse {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const part of parts) response.write(part)
    return response
  }
}

test('tells the text as it comes, and how it ends', async () => {
  answer = (response) => void streaming(delta('Grüße '), ': ping\n\n', delta('an alle'), done('length'))(response).end()
  expect(await asked()).toEqual(['Grüße an alle', { how: 'finished', finish: 'length' }])
})

test.each([
  ['ends without a word', (response: ServerResponse) => void streaming(delta('half'))(response).end()],
  ['breaks', (response: ServerResponse) => void streaming(delta('half'))(response).write('', () => response.destroy())],
  ['falls silent', (response: ServerResponse) => void streaming(delta('half'))(response)],
  [
    'fails',
    (response: ServerResponse) =>
      void streaming(delta('half'), event('problem', problem('upstream-failed')))(response).end(),
  ],
  [
    'says nonsense',
    (response: ServerResponse) => void streaming(delta('half'), 'event: delta\ndata: {\n\n')(response).end(),
  ],
])('an answer that %s is cut, and its text stands', async (_how, given) => {
  answer = given
  expect(await asked()).toEqual(['half', { how: 'cut' }])
})

test('a problem before the first word, and one that speaks of whoever asks, is told as it is', async () => {
  answer = (response) => {
    response.writeHead(429, { 'content-type': 'application/problem+json' })
    response.end(JSON.stringify(problem('rate-limited')))
  }
  expect((await asked())[1]).toMatchObject({ how: 'failed', problem: { key: 'rate-limited' } })
  answer = (response) => void streaming(delta('half'), event('problem', problem('rate-limited')))(response).end()
  expect(await asked()).toMatchObject(['half', { how: 'failed', problem: { key: 'rate-limited' } }])
})

test('no answer is a problem, not an error', async () => {
  answer = (response) => void response.destroy()
  expect((await asked())[1]).toMatchObject({ how: 'failed', problem: { key: 'unavailable' } })
})

test('stopped, it ends there and the connection with it', async () => {
  const stop = new AbortController()
  let closed: Promise<void> | undefined
  answer = (response) => {
    closed = new Promise((resolve) => response.once('close', () => resolve()))
    streaming(delta('half'))(response)
  }
  expect(await asked(stop, () => stop.abort())).toEqual(['half', { how: 'stopped' }])
  await closed
})
