import {
  type AnyEndpoint,
  authApi,
  type Caller,
  type CallOptions,
  call,
  type InputOf,
  type OutputOf,
  Problem,
} from '@realtime/contracts'
import { createTokenSource, type IssuedToken, type TokenSource } from './tokens.ts'

/** The page's own origin, with cookies for `/auth`. */
const origin: Caller = { baseUrl: '', name: 'server', credentials: 'same-origin' }

/** Calls an endpoint as the person signed in. @throws Problem */
export type Api = <E extends AnyEndpoint>(endpoint: E, input: InputOf<E>, options?: CallOptions) => Promise<OutputOf<E>>

/**
 * Makes the caller of a page: Bearer for services; a token that is refused is renewed once, and after that
 * `signedOut` is told. Exported for tests; pages use `api`.
 */
export function createApi(caller: Caller, tokens: TokenSource, signedOut: () => void): Api {
  return async (endpoint, input, options = {}) => {
    try {
      if (endpoint.access !== 'user') return await call(caller, endpoint, input, options)
      const token = await tokens.token()
      try {
        return await call(caller, endpoint, input, withBearer(options, token))
      } catch (error) {
        if (!isUnauthenticated(error)) throw error
        return await call(caller, endpoint, input, withBearer(options, await tokens.renew(token)))
      }
    } catch (error) {
      if (isUnauthenticated(error)) signedOut()
      throw error
    }
  }
}

function withBearer(options: CallOptions, token: string): CallOptions {
  return { ...options, headers: { ...options.headers, authorization: `Bearer ${token}` } }
}

export function isUnauthenticated(error: unknown): boolean {
  return error instanceof Problem && error.key === 'unauthenticated'
}

/** Whether trying again cannot help. */
export function isFinal(error: unknown): boolean {
  return error instanceof Problem && error.status < 500 && error.key !== 'rate-limited'
}

/** Whether a failure may be over in a moment without anything being done: a part that is away or too busy. */
export function isPassing(error: unknown): boolean {
  return error instanceof Problem && !isFinal(error)
}

/** What is known of a question to the server that may still be asked again. */
interface Asked {
  data: unknown
  error: Error | null
  failureCount: number
  failureReason: Error | null
}

/**
 * Why a query has no answer yet: at once when trying again cannot help, else after its third failure. It goes on
 * being asked meanwhile, so what this is shown on mends itself.
 */
export function failureOf(query: Asked): Error | null {
  if (query.data !== undefined) return null
  return query.error ?? (query.failureCount > 2 ? query.failureReason : null)
}

/** Whoever this page acts as in the place of the person signed in: somebody who came by a share link. */
export interface Visiting {
  fetchToken(): Promise<IssuedToken>
  /** The server knows the visit no more. */
  ended(): void
}

let visiting: Visiting | null = null

/** From now on this page acts as a visitor. @returns a function that ends it */
export function actAs(visit: Visiting): () => void {
  visiting = visit
  tokens.forget()
  return () => {
    if (visiting !== visit) return
    visiting = null
    tokens.forget()
  }
}

/** The tokens of this page; the socket asks it too. */
export const tokens: TokenSource = createTokenSource(() =>
  visiting ? visiting.fetchToken() : call(origin, authApi.token, {}),
)

let leaving = false

/** From now on this page goes elsewhere: what is refused to it meanwhile leads nowhere. */
export function leave(): void {
  leaving = true
}

/** The one way of a page to the server. */
export const api: Api = createApi(origin, tokens, () => {
  tokens.forget()
  if (leaving) return
  if (visiting) return visiting.ended()
  const here = location.pathname + location.search
  location.assign(`/sign-in?next=${encodeURIComponent(here)}`)
})

/** As `api`, for pages of people who may not be signed in: a 401 is theirs to handle. */
export const publicApi: Api = createApi(origin, tokens, () => {})

/** A path of this app that is safe to go to after signing in; anything else becomes `/`. */
export function safeNext(next: string | null | undefined): string {
  return next?.startsWith('/') && !/^\/[/\\]/.test(next) && !/[\\\p{Cc}]/u.test(next) ? next : '/'
}
