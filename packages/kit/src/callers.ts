import type { Caller } from '@realtime/contracts'
import { REQUEST_ID_HEADER, requestId } from './request.ts'
import { signServiceToken } from './tokens.ts'

/** How `from` calls the internal routes of the service `to`: its own token and the current request id on each call. */
export function serviceCaller(options: {
  from: string
  to: string
  url: string
  secret: string
  timeoutMs?: number
}): Caller {
  return {
    baseUrl: options.url,
    name: options.to,
    ...(options.timeoutMs ? { timeoutMs: options.timeoutMs } : {}),
    async headers() {
      const id = requestId()
      return {
        authorization: `Bearer ${await signServiceToken(options.from, options.to, options.secret)}`,
        ...(id ? { [REQUEST_ID_HEADER]: id } : {}),
      }
    },
  }
}
