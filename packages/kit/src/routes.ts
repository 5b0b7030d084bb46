import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  type Actor,
  type AnyEndpoint,
  type BodyOf,
  invalidInput,
  type ParamsOf,
  Problem,
  principalOf,
  type QueryOf,
  type ResponseOf,
} from '@realtime/contracts'
import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { type BodyTurns, bodyTurns } from './bodies.ts'
import { bearerToken, serviceTokens, type UserTokens } from './tokens.ts'

/** Raw bytes as an answer, at once or piece by piece as the asker takes them; `body` null with status 304. */
export interface BinaryAnswer {
  body: Uint8Array | AsyncIterable<Uint8Array> | null
  status?: number
  headers?: Record<string, string>
}

/** What a handler is given: parsed input, who calls, and the raw request for what the contract does not say. */
export interface Call<E extends AnyEndpoint> {
  /** Who acts on `user` endpoints; the calling service on `service` endpoints; a nameless service elsewhere. */
  actor: Actor
  params: ParamsOf<E>
  query: QueryOf<E>
  body: BodyOf<E>
  request: Request
  response: Response
}

type Answer<E extends AnyEndpoint> =
  ResponseOf<E> extends 'binary'
    ? BinaryAnswer
    : ResponseOf<E> extends 'events' | 'empty'
      ? // biome-ignore lint/suspicious/noConfusingVoidType: a handler without an answer returns nothing
        void
      : ResponseOf<E>

/** A handler bound to its endpoint. */
export interface Route {
  endpoint: AnyEndpoint
  handle(call: Call<AnyEndpoint>): unknown
}

/** Binds an endpoint to the function that answers it: input parsed, access checked, unknown keys of the answer cut. */
export function answer<E extends AnyEndpoint>(
  endpoint: E,
  handle: (call: Call<E>) => Answer<E> | Promise<Answer<E>>,
): Route {
  return { endpoint, handle: handle as Route['handle'] }
}

/** How callers are recognised; `service` is the secret of the service that serves these routes. */
export interface Gates {
  users?: UserTokens
  service?: { name: string; secret: string }
}

const DEFAULT_MAX_BODY = 256 * 1024
/** Bodies that may be larger than this are read in turns: else a few people could fill the memory of a service. */
const LARGE_BODY = 1024 * 1024
/** How many of those one caller may have in memory at once. */
const LARGE_BODIES = 4

/** A router over a table of routes. A known path with another method answers 405. */
export function router(routes: Route[], gates: Gates): Router {
  const result = Router({ caseSensitive: true })
  const methods = new Map<string, string[]>()
  const turns = bodyTurns(LARGE_BODIES)
  const services = gates.service && serviceTokens(gates.service)
  for (const route of routes) {
    const { endpoint } = route
    methods.set(endpoint.path, [...(methods.get(endpoint.path) ?? []), endpoint.method])
    const method = endpoint.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'
    // Who calls is checked first: nobody else gets a body read into memory.
    const enter = async (request: Request, response: Response, next: NextFunction): Promise<void> => {
      response.locals.route = endpoint.path
      response.locals.actor = await authenticate(endpoint, { users: gates.users, services }, request)
      next()
    }
    result[method](
      endpoint.path,
      enter,
      ...bodyParsers(endpoint, turns),
      async (request: Request, response: Response) => {
        await respond(route, response.locals.actor as Actor, request, response)
      },
    )
  }
  for (const [path, allowed] of methods) {
    result.all(path, (request: Request) => {
      if (request.method === 'OPTIONS' || request.method === 'HEAD') throw new Problem('not-found')
      throw new Problem('method-not-allowed', undefined, { headers: { allow: allowed.join(', ') } })
    })
  }
  return result
}

/** Aborted when the caller has gone away, for answers that wait. */
export function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController()
  // An abort makes an error object: not for each answer that went out whole.
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  return gone.signal
}

async function respond(route: Route, actor: Actor, request: Request, response: Response): Promise<void> {
  const { endpoint } = route
  const result = await route.handle({
    actor,
    params: part(endpoint.params, request.params, 'params'),
    query: part(endpoint.query, request.query, 'query'),
    body: endpoint.body === 'binary' ? request.body : part(endpoint.body, request.body, 'body'),
    request,
    response,
  })
  if (endpoint.response === 'events') return
  if (endpoint.response === 'empty') {
    response.status(endpoint.status ?? 204).end()
  } else if (endpoint.response === 'binary') {
    const binary = result as BinaryAnswer
    const body = request.method === 'HEAD' ? null : binary.body
    const bytes = body === null || body instanceof Uint8Array ? body : await begun(body)
    response.status(binary.status ?? 200).set({ 'content-type': 'application/octet-stream', ...binary.headers })
    if (bytes === null || bytes instanceof Uint8Array) response.end(bytes ?? undefined)
    else await stream(bytes, response)
  } else {
    response.status(endpoint.status ?? 200).json((endpoint.response as z.ZodType).parse(result))
  }
}

/**
 * The same pieces, of which the first is there: until then a failure can be answered as one. A piece that nothing
 * follows in the same turn is all there is to send.
 */
async function begun(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array | AsyncIterable<Uint8Array>> {
  const iterator = pieces[Symbol.asyncIterator]()
  const first = await iterator.next()
  if (first.done) return new Uint8Array()
  const second = iterator.next()
  const turn = new Promise<null>((resolve) => process.nextTick(resolve, null))
  if ((await Promise.race([second, turn]))?.done) return first.value
  return (async function* () {
    try {
      yield first.value
      for (let next = await second; !next.done; next = await iterator.next()) yield next.value
    } finally {
      await iterator.return?.()
    }
  })()
}

/** Sends pieces one after the other. What fails after the first can only be cut off; who goes away needs no more. */
async function stream(pieces: AsyncIterable<Uint8Array>, response: Response): Promise<void> {
  try {
    await pipeline(Readable.from(pieces, { objectMode: false }), response)
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}

async function authenticate(
  endpoint: AnyEndpoint,
  gates: { users: UserTokens | undefined; services: ((token: string) => Promise<string>) | undefined },
  request: Request,
): Promise<Actor> {
  if (endpoint.access === 'user') {
    if (!gates.users) throw new Error(`${endpoint.path} needs user tokens`)
    return (await gates.users.verify(bearerToken(request.headers.authorization))).actor
  }
  if (endpoint.access === 'service') {
    if (!gates.services) throw new Error(`${endpoint.path} needs a service secret`)
    return { type: 'service', name: await gates.services(bearerToken(request.headers.authorization)) }
  }
  return { type: 'service', name: '' }
}

function part(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (!schema || schema instanceof z.ZodUndefined) return undefined
  const parsed = schema.safeParse(value ?? {})
  if (!parsed.success) throw invalidInput(parsed.error, where)
  return parsed.data
}

function bodyParsers(endpoint: AnyEndpoint, turns: BodyTurns) {
  if (!endpoint.body || endpoint.body instanceof z.ZodUndefined) return []
  const limit = endpoint.maxBody ?? DEFAULT_MAX_BODY
  const type = endpoint.body === 'binary' ? (endpoint.bodyType ?? 'application/octet-stream') : 'application/json'
  const mustBe = (request: Request, _response: Response, next: () => void): void => {
    if (!request.is(type)) throw new Problem('unsupported-media-type', `Send ${type}.`)
    // Express would read all of it before it answers.
    if (Number(request.headers['content-length'] ?? 0) > limit) throw new Problem('payload-too-large')
    next()
  }
  const inTurn = async (_request: Request, response: Response, next: () => void): Promise<void> => {
    if (endpoint.access === 'user' && limit > LARGE_BODY) {
      await turns(principalOf(response.locals.actor as Actor), response)
    }
    next()
  }
  return [mustBe, inTurn, endpoint.body === 'binary' ? express.raw({ type, limit }) : express.json({ type, limit })]
}
