import type { Caller } from '@realtime/contracts'
import { REQUEST_ID_HEADER, requestId } from './request.ts'
import { SERVICE_TOKEN_SECONDS, signServiceToken } from './tokens.ts'

/** How long one token is used: a call must never come with one that expires on its way. */
const REUSE_MS = (SERVICE_TOKEN_SECONDS * 1000) / 3

/**
 * How `from` calls the internal routes of the service `to`: its token, made anew every twenty seconds, and the current
 * request id on each call.
 */
export function serviceCaller(options: {
  from: string
  to: string
  url: string
  secret: string
  timeoutMs?: number
}): Caller {
  let token: Promise<string> | null = null
  let signedAt = 0
  const fresh = (): Promise<string> => {
    // By the clock that the token names: it may be set, in either direction.
    if (!token || Math.abs(Date.now() - signedAt) > REUSE_MS) {
      signedAt = Date.now()
      token = signServiceToken(options.from, options.to, options.secret)
    }
    return token
  }
  return {
    baseUrl: options.url,
    name: options.to,
    ...(options.timeoutMs ? { timeoutMs: options.timeoutMs } : {}),
    async headers() {
      const id = requestId()
      return { authorization: `Bearer ${await fresh()}`, ...(id ? { [REQUEST_ID_HEADER]: id } : {}) }
    },
  }
}
