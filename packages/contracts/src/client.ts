import { z } from 'zod'
import type { AnyEndpoint, InputOf, OutputOf } from './endpoint.ts'
import { Problem, problemFrom } from './problem.ts'

/** How to reach a service: where, and with which headers (tokens, request id). */
export interface Caller {
  /** Base URL without a trailing slash; empty in a browser means the page's own origin. */
  baseUrl: string
  /** The name of the other side, for messages. */
  name?: string
  /** Headers of each request, made anew each time. */
  headers?(): Record<string, string> | Promise<Record<string, string>>
  /** Deadline of a request in milliseconds, 10 s unless told; for bytes and events until their headers have come. */
  timeoutMs?: number
  credentials?: RequestCredentials
}

export interface CallOptions {
  signal?: AbortSignal
  headers?: Record<string, string>
}

/**
 * Calls an endpoint: the one HTTP client of web, services and tests. When `options.signal` ends the call, the error of
 * the abort is thrown as it is; the signal also ends the reading of bytes and events.
 * @throws Problem for every non-2xx answer, `unavailable` when nothing answers, `timeout` after the deadline,
 * `upstream-failed` for an answer that is not what the endpoint says
 */
export async function call<E extends AnyEndpoint>(
  caller: Caller,
  endpoint: E,
  input: InputOf<E>,
  options: CallOptions = {},
): Promise<OutputOf<E>> {
  const request = await requestOf(caller, endpoint, input as SentInput, options)
  const { response: kind }: AnyEndpoint = endpoint
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), caller.timeoutMs ?? 10_000)
  const aborted = () => deadline.abort()
  options.signal?.addEventListener('abort', aborted)
  if (options.signal?.aborted) deadline.abort()
  let streams = false
  try {
    const response = await fetch(request.url, { ...request.init, signal: deadline.signal })
    const unchanged = response.status === 304 && kind === 'binary'
    if (!response.ok && !unchanged) throw await readProblem(response, caller.name)
    streams = kind === 'binary' || kind === 'events'
    if (streams) return response as OutputOf<E>
    const text = await response.text()
    return (kind === 'empty' ? undefined : read(endpoint, text)) as OutputOf<E>
  } catch (cause) {
    if (cause instanceof Problem && !deadline.signal.aborted) throw cause
    if (options.signal?.aborted) throw cause
    const name = caller.name ?? 'server'
    if (deadline.signal.aborted) throw new Problem('timeout', undefined, { cause, extra: { upstream: name } })
    throw new Problem('unavailable', `The ${name} cannot be reached.`, { cause, extra: { upstream: name } })
  } finally {
    clearTimeout(timer)
    // A stream goes on after its headers: only the caller's own signal may end it then.
    if (!streams) options.signal?.removeEventListener('abort', aborted)
  }
}

function read(endpoint: AnyEndpoint, text: string): unknown {
  const fail = (cause: unknown) => new Problem('upstream-failed', undefined, { cause })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw fail(cause)
  }
  const parsed = (endpoint.response as z.ZodType).safeParse(json)
  if (parsed.success) return parsed.data
  throw fail(new Error(`${endpoint.method} ${endpoint.path}: ${z.prettifyError(parsed.error)}`))
}

interface SentInput {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
}

async function requestOf(
  caller: Caller,
  endpoint: AnyEndpoint,
  input: SentInput,
  options: CallOptions,
): Promise<{ url: string; init: RequestInit }> {
  const binary = input.body instanceof Uint8Array
  const headers: Record<string, string> = { ...(await caller.headers?.()), ...options.headers }
  if (input.body !== undefined)
    headers['content-type'] ??= binary ? (endpoint.bodyType ?? 'application/octet-stream') : 'application/json'
  const body = input.body === undefined ? null : binary ? (input.body as BodyInit) : JSON.stringify(input.body)
  return {
    url: caller.baseUrl + pathOf(endpoint, input),
    init: {
      method: endpoint.method,
      headers,
      body,
      redirect: 'error',
      ...(caller.credentials ? { credentials: caller.credentials } : {}),
    },
  }
}

/** The path and query of a call, each parameter encoded. @throws Problem `invalid-path` for a dot segment */
export function pathOf(endpoint: AnyEndpoint, input: SentInput): string {
  const path = endpoint.path.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = input.params?.[name]
    if (value === undefined || value === '') throw new Error(`${endpoint.path} needs the parameter ${name}`)
    // Every URL parser would take these for steps in the path, however they are encoded.
    if (value === '.' || value === '..') throw new Problem('invalid-path')
    return encodeURIComponent(String(value))
  })
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value !== undefined) query.set(name, String(value))
  }
  const text = query.toString()
  return text ? `${path}?${text}` : path
}

/** Reads a problem from a failed answer; one that is none of ours becomes `upstream-failed`. */
export async function readProblem(response: Response, name = 'server'): Promise<Problem> {
  const text = await response.text().catch(() => '')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    json = undefined
  }
  return (
    problemFrom(json) ??
    new Problem('upstream-failed', undefined, { cause: new Error(`${name} answered ${response.status}`) })
  )
}
