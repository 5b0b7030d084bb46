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
  /** Deadline of a request in milliseconds, until its headers have come; 10 s unless told. */
  timeoutMs?: number
  credentials?: RequestCredentials
}

export interface CallOptions {
  signal?: AbortSignal
  headers?: Record<string, string>
}

/**
 * Calls an endpoint: the one HTTP client of web, services and tests.
 * @throws Problem for every non-2xx answer, `unavailable` when nothing answers, `timeout` after the deadline.
 */
export async function call<E extends AnyEndpoint>(
  caller: Caller,
  endpoint: E,
  input: InputOf<E>,
  options: CallOptions = {},
): Promise<OutputOf<E>> {
  const response = await send(caller, endpoint, input as SentInput, options)
  if (!response.ok && response.status !== 304) throw await readProblem(response, caller.name)
  const kind: unknown = endpoint.response
  if (kind === 'empty') return undefined as OutputOf<E>
  if (kind === 'binary' || kind === 'events') return response as OutputOf<E>
  const parsed = (kind as z.ZodType).safeParse(await response.json())
  if (!parsed.success) {
    const cause = new Error(`${endpoint.method} ${endpoint.path}: ${z.prettifyError(parsed.error)}`)
    throw new Problem('upstream-failed', undefined, { cause })
  }
  return parsed.data as OutputOf<E>
}

interface SentInput {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
}

async function send(caller: Caller, endpoint: AnyEndpoint, input: SentInput, options: CallOptions): Promise<Response> {
  const binary = input.body instanceof Uint8Array
  const headers: Record<string, string> = { ...(await caller.headers?.()), ...options.headers }
  if (input.body !== undefined) headers['content-type'] ??= binary ? 'application/octet-stream' : 'application/json'
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), caller.timeoutMs ?? 10_000)
  const aborted = () => deadline.abort()
  options.signal?.addEventListener('abort', aborted)
  if (options.signal?.aborted) deadline.abort()
  const body = input.body === undefined ? null : binary ? (input.body as BodyInit) : JSON.stringify(input.body)
  try {
    return await fetch(caller.baseUrl + pathOf(endpoint, input), {
      method: endpoint.method,
      headers,
      body,
      signal: deadline.signal,
      redirect: 'error',
      ...(caller.credentials ? { credentials: caller.credentials } : {}),
    })
  } catch (cause) {
    if (options.signal?.aborted) throw cause
    const name = caller.name ?? 'server'
    if (deadline.signal.aborted) throw new Problem('timeout', undefined, { cause, extra: { upstream: name } })
    throw new Problem('unavailable', `The ${name} cannot be reached.`, { cause, extra: { upstream: name } })
  } finally {
    clearTimeout(timer)
    // A stream goes on after its headers: only the caller's own signal may end it then.
    if (endpoint.response !== 'events') options.signal?.removeEventListener('abort', aborted)
  }
}

/** The path and query of a call, each parameter encoded. */
export function pathOf(endpoint: AnyEndpoint, input: SentInput): string {
  const path = endpoint.path.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = input.params?.[name]
    if (value === undefined || value === '') throw new Error(`${endpoint.path} needs the parameter ${name}`)
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
