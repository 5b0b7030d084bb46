import type { z } from 'zod'

/**
 * Who may call: anyone; whoever holds the session cookie (auth only); whoever holds a user token; another service.
 * Only `service` endpoints are on the internal port.
 */
export type Access = 'public' | 'session' | 'user' | 'service'
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What an answer may be besides JSON by a schema: raw bytes, server-sent events, or nothing (204). */
export type RawResponse = 'binary' | 'events' | 'empty'

/** One HTTP operation as a value, read by the server, the typed client and the OpenAPI document alike. */
export interface Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType | 'binary' = z.ZodType | 'binary',
  Response extends z.ZodType | RawResponse = z.ZodType | RawResponse,
> {
  method: Method
  /** Express path with `:name` parameters, as the public sees it. */
  path: string
  /** One sentence for the API reference. */
  summary: string
  access: Access
  params?: Params
  query?: Query
  body?: Body
  /** Media type of a `binary` body; application/octet-stream unless told. */
  bodyType?: string
  response: Response
  /** Status of success; 200 unless told, 204 for `empty`. */
  status?: number
  /** Largest body in bytes; 256 KB unless told. */
  maxBody?: number
}

/** Names an HTTP operation; the types of its parts are kept. */
export function endpoint<
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType | 'binary' = z.ZodUndefined,
  Response extends z.ZodType | RawResponse = 'empty',
>(value: Endpoint<Params, Query, Body, Response>): Endpoint<Params, Query, Body, Response> {
  return value
}

// biome-ignore lint/suspicious/noExplicitAny: the bound of "some endpoint"; its parts are inferred from the value
export type AnyEndpoint = Endpoint<any, any, any, any>

type Of<T> = T extends 'binary' ? Uint8Array : T extends z.ZodType ? z.output<T> : undefined
type SentOf<T> = T extends 'binary' ? Uint8Array : T extends z.ZodType ? z.input<T> : undefined
type Optional<K extends string, T> = [T] extends [undefined] ? { [P in K]?: undefined } : { [P in K]: T }

export type ParamsOf<E> = E extends Endpoint<infer P, infer _Q, infer _B, infer _R> ? Of<P> : never
export type QueryOf<E> = E extends Endpoint<infer _P, infer Q, infer _B, infer _R> ? Of<Q> : never
export type BodyOf<E> = E extends Endpoint<infer _P, infer _Q, infer B, infer _R> ? Of<B> : never
/** What a handler returns: the input of the response schema, or the raw kind's own value. */
export type ResponseOf<E> =
  E extends Endpoint<infer _P, infer _Q, infer _B, infer R> ? (R extends z.ZodType ? z.input<R> : R) : never

/** What a caller gives: `params`, `query` and `body`, each only where the endpoint has it. */
export type InputOf<E> =
  E extends Endpoint<infer P, infer Q, infer B, infer _R>
    ? Optional<'params', SentOf<P>> & Optional<'query', SentOf<Q>> & Optional<'body', SentOf<B>>
    : never

/** What a caller gets: the parsed JSON, the raw `Response` for bytes and events, or undefined. */
export type OutputOf<E> =
  E extends Endpoint<infer _P, infer _Q, infer _B, infer R>
    ? R extends z.ZodType
      ? z.output<R>
      : R extends 'empty'
        ? undefined
        : globalThis.Response
    : never
