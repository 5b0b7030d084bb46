import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { PROBLEM_TYPE, Problem, toProblem } from '@realtime/contracts'
import { isDatabaseDown } from './database/down.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import { REQUEST_ID_HEADER, readRequestId, withRequestId } from './request.ts'

/** What comes before Express: the request id, the line in the log, and the guard. */
export function entering(
  log: Log,
  metrics: Metrics,
  app: RequestListener,
  guard: (request: IncomingMessage) => void = () => undefined,
): RequestListener {
  return (request, response) => {
    const id = readRequestId(request.headers[REQUEST_ID_HEADER])
    request.headers[REQUEST_ID_HEADER] = id
    response.setHeader(REQUEST_ID_HEADER, id)
    const began = performance.now()
    const path = request.url?.split('?', 1)[0] ?? ''
    response.once('close', () => withRequestId(id, () => record(log, metrics, request, response, path, began)))
    const work = (): void => {
      try {
        guard(request)
      } catch (error) {
        fail(log, metrics, error, request, response)
        return
      }
      app(request, response)
    }
    withRequestId(id, work, request)
  }
}

/** What routes may leave in `response.locals`: the pattern for metrics, and for the log the upstream and a safer path. */
interface Locals {
  route?: unknown
  upstream?: unknown
  path?: unknown
}

function record(
  log: Log,
  metrics: Metrics,
  request: IncomingMessage,
  response: ServerResponse & { locals?: Locals },
  path: string,
  began: number,
): void {
  const ms = Math.round((performance.now() - began) * 10) / 10
  const { route, upstream, path: shown } = response.locals ?? {}
  const method = request.method ?? ''
  const labels = { method, route: typeof route === 'string' ? route : 'other', status: String(response.statusCode) }
  metrics.requests.observe(labels, ms / 1000)
  const line = {
    method,
    path: typeof shown === 'string' ? shown : path,
    ...(typeof upstream === 'string' ? { upstream } : {}),
    status: response.statusCode,
    ms,
    ended: response.writableFinished,
  }
  log[levelOf(path, response.statusCode)](line, 'request')
}

/** Asked every few seconds by other parts: not worth a line each. */
const POLLED = new Set(['/health', '/ready', '/metrics', '/auth/revocations', '/internal/changes'])

/** Calls between services are many (one for each commit of a keystroke): they show at `debug` unless they fail. */
function levelOf(path: string, status: number): 'trace' | 'debug' | 'info' {
  if (POLLED.has(path)) return 'trace'
  return path.startsWith('/internal/') && status < 400 ? 'debug' : 'info'
}

/** The one place where an error becomes a count, a line and an answer. */
export function fail(
  log: Log,
  metrics: Metrics,
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const problem = fromHttpError(error)
  metrics.problems.inc({ problem: problem.key })
  if (problem.status >= 500) log.error({ err: problem.cause ?? problem, problem: problem.key }, 'request failed')
  else log.debug({ problem: problem.key, detail: problem.message }, 'request refused')
  if (response.headersSent) response.destroy()
  else sendProblem(response, problem, String(request.headers[REQUEST_ID_HEADER]))
}

/** Answers with a problem. */
export function sendProblem(response: ServerResponse, problem: Problem, requestId: string): void {
  const body = Buffer.from(JSON.stringify(problem.toJson(requestId)))
  response.writeHead(problem.status, {
    ...problem.headers,
    'content-type': `${PROBLEM_TYPE}; charset=utf-8`,
    'content-length': body.length,
  })
  response.end(body)
}

/** Problems of Express's body parsers and path decoding, by their own names. */
function fromHttpError(error: unknown): Problem {
  if (error instanceof Problem) return error
  const { type, status } = error as { type?: unknown; status?: unknown }
  if (type === 'entity.too.large') return new Problem('payload-too-large', undefined, { cause: error })
  if (type === 'entity.parse.failed') return new Problem('malformed-json', undefined, { cause: error })
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') return new Problem('unsupported-media-type')
  if (typeof type === 'string' && status === 400) return new Problem('invalid-input', undefined, { cause: error })
  if (error instanceof URIError) return new Problem('invalid-path', undefined, { cause: error })
  if (isDatabaseDown(error)) {
    return new Problem('unavailable', 'The database cannot be reached.', {
      cause: error,
      extra: { upstream: 'postgres' },
    })
  }
  return toProblem(error)
}
