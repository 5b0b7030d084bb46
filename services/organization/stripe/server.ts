import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerApi, Refusal } from './api.ts'
import { controls, type Fault } from './controls.ts'
import { Delivery } from './delivery.ts'
import { readForm } from './form.ts'
import { type Page, pay, payPage, portalPage, usePortal } from './pages.ts'
import { State } from './state.ts'

/** Serves Stripe's API, its pages, and the controls of tests, on loopback; port 0 takes a free one. */
export async function serveStripe(port: number): Promise<{ url: string; server: Server }> {
  const state = new State()
  const delivery = new Delivery(state)
  const faults: Fault[] = []
  const requests: string[] = []
  const table = controls(state, delivery, faults, requests)
  /** Answers by idempotency key: the same again is answered as before, and done once. */
  const done = new Map<string, { request: string; status: number; body: unknown }>()
  let base = ''

  const api = async (request: IncomingMessage, url: URL, text: string): Promise<{ status: number; body: unknown }> => {
    const name = `${request.method} ${url.pathname}`
    requests.push(name)
    if (!/^Bearer [sr]k_/.test(request.headers.authorization ?? '')) {
      return { status: 401, body: { error: { type: 'invalid_request_error', message: 'Invalid API Key provided' } } }
    }
    const fault = faults.find((one) => one.times > 0 && name.startsWith(one.request))
    if (fault) {
      fault.times--
      const error = { type: 'api_error', message: 'An error was asked for' }
      const answer = fault.status > 0 ? { status: fault.status, body: { error } } : answered(request, name, url, text)
      // What is answered late is how it was when it was asked.
      if (fault.delayMs) await new Promise((resolve) => setTimeout(resolve, fault.delayMs))
      return answer
    }
    return answered(request, name, url, text)
  }

  const answered = (
    request: IncomingMessage,
    name: string,
    url: URL,
    text: string,
  ): { status: number; body: unknown } => {
    const key = request.method === 'POST' ? request.headers['idempotency-key'] : undefined
    const before = typeof key === 'string' ? done.get(key) : undefined
    if (before && before.request !== `${name}?${text}`) {
      const message =
        'Keys for idempotent requests can only be used with the same parameters they were first used with.'
      return { status: 400, body: { error: { type: 'idempotency_error', message } } }
    }
    if (before) return before
    const answer = attempt(() =>
      answerApi(
        state,
        base,
        request.method ?? '',
        url.pathname,
        readForm(request.method === 'GET' ? url.search : text),
      ),
    )
    if (typeof key === 'string') done.set(key, structuredClone({ request: `${name}?${text}`, ...answer }))
    return answer
  }

  const server = createServer(async (request, response) => {
    try {
      const url = new URL(request.url ?? '/', base)
      const text = await bodyOf(request)
      const [, first = '', id = ''] = url.pathname.split('/')
      if (first === 'v1') {
        const { status, body } = await api(request, url, text)
        const retried: Record<string, string> = status >= 500 ? { 'stripe-should-retry': 'false' } : {}
        json(response, status, body, { 'request-id': 'req_fake', ...retried })
      } else if (first === 'control') {
        const control = table[id as keyof typeof table] as ((input: unknown) => unknown) | undefined
        if (control) json(response, 200, await control(JSON.parse(text)))
        else json(response, 404, null)
      } else {
        const posted = request.method === 'POST'
        const form = readForm(text)
        if (first === 'pay') show(response, posted ? pay(state, id, form) : payPage(state, id))
        else if (first === 'portal') show(response, posted ? usePortal(state, id, form) : portalPage(state, id))
        else json(response, 404, null)
      }
    } catch (error) {
      json(response, 500, { error: { type: 'api_error', message: String(error) } }, { 'stripe-should-retry': 'false' })
    }
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url: base, server }
}

function attempt(work: () => unknown): { status: number; body: unknown } {
  try {
    return { status: 200, body: structuredClone(work()) }
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: error.body }
    throw error
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

function show(response: ServerResponse, page: Page): void {
  if ('to' in page) response.writeHead(303, { location: page.to }).end()
  else response.writeHead(page.status, { 'content-type': 'text/html; charset=utf-8' }).end(page.html)
}
