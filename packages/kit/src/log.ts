import { type Logger, pino } from 'pino'
import { requestId } from './request.ts'

export type Log = Logger

/** A service's log: JSON lines on stdout, each with the service's name and the request id it belongs to. */
export function createLog(service: string, level: string): Log {
  return pino({
    level,
    base: { service },
    mixin: () => {
      const id = requestId()
      return id ? { requestId: id } : {}
    },
    redact: { paths: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.token'], censor: '[hidden]' },
  })
}
