import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PROBLEM_TYPE, Problem, toProblem } from '@realtime/contracts'
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import { parseAddress } from './config.ts'
import type { Log } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { REQUEST_ID_HEADER, readRequestId, withRequestId } from './request.ts'

export interface ServeOptions {
  name: string
  log: Log
  /** Where the public routes listen, `host:port`; port 0 takes a free one. */
  listen: string
  /** Where the internal routes, `/ready` and `/metrics` listen. */
  internalListen?: string
  routes: RequestHandler
  internalRoutes?: RequestHandler
  metrics?: Metrics
  /** Rejects while the service cannot do its work. */
  ready?(): Promise<unknown>
  /** Given the public HTTP server before it listens, to take upgrades. */
  attach?(server: Server): void
  /** First step of a drain: stop taking new work and let go of long-lived connections. */
  drain?(): Promise<unknown>
  /** Last step: close what the service holds. */
  stop?(): Promise<unknown>
}

/** A service that runs. */
export interface Running {
  name: string
  url: string
  internalUrl: string | null
  /** Drains, then closes; safe to call twice. */
  stop(): Promise<void>
}

/** Milliseconds that open requests get to finish before their connections are cut. */
const DRAIN_MS = 8_000

/** Stands a service up: request ids, log, health, readiness, metrics, problems and an orderly stop. */
export async function serve(options: ServeOptions): Promise<Running> {
  const { name, log } = options
  const metrics = options.metrics ?? createMetrics(name)
  const state = { draining: false }
  const publicServer = createServer(
    application(options, metrics, (app) => health(app)).use(ending(options, metrics, options.routes)),
  )
  options.attach?.(publicServer)
  const servers = [publicServer]
  const url = await listen(publicServer, options.listen)
  let internalUrl: string | null = null
  if (options.internalListen) {
    const app = application(options, metrics, (internal) => {
      health(internal)
      internal.get('/ready', async (_request, response) => {
        if (state.draining) throw new Problem('draining')
        await options.ready?.().catch((cause: unknown) => {
          throw new Problem('unavailable', `${name} is not ready: ${cause instanceof Error ? cause.message : cause}`, {
            cause,
          })
        })
        response.json({ status: 'ready' })
      })
      internal.get('/metrics', async (_request, response) => {
        response.type(metrics.registry.contentType).send(await metrics.registry.metrics())
      })
    })
    const none: RequestHandler = (_request, _response, next) => next()
    const server = createServer(app.use(ending(options, metrics, options.internalRoutes ?? none)))
    servers.push(server)
    internalUrl = await listen(server, options.internalListen)
  }
  log.info({ url, internalUrl }, `${name} listens`)
  let stopping: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    state.draining = true
    await options.drain?.()
    await Promise.all(servers.map(close))
    await options.stop?.()
    log.info(`${name} stopped`)
  }
  return { name, url, internalUrl, stop: () => (stopping ??= stop()) }
}

function application(options: ServeOptions, metrics: Metrics, add: (app: Express) => void): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.use((request, response, next) => {
    const id = readRequestId(request.headers[REQUEST_ID_HEADER])
    request.headers[REQUEST_ID_HEADER] = id
    response.setHeader(REQUEST_ID_HEADER, id)
    const began = performance.now()
    response.once('close', () => withRequestId(id, () => record(options.log, metrics, request, response, began)))
    withRequestId(id, next)
  })
  add(app)
  return app
}

function record(log: Log, metrics: Metrics, request: Request, response: Response, began: number): void {
  const ms = Math.round((performance.now() - began) * 10) / 10
  const route = typeof response.locals.route === 'string' ? response.locals.route : 'other'
  metrics.requests.observe({ method: request.method, route, status: String(response.statusCode) }, ms / 1000)
  const path = request.originalUrl.split('?', 1)[0]
  const line = { method: request.method, path, status: response.statusCode, ms, ended: response.writableFinished }
  if (path === '/health' || path === '/ready' || path === '/metrics') log.trace(line, 'request')
  else log.info(line, 'request')
}

function health(app: Express): void {
  app.get('/health', (_request, response) => {
    response.json({ status: 'ok' })
  })
}

/** The routes, then the answer for what none of them took, then the one place where errors become answers. */
function ending(
  options: ServeOptions,
  metrics: Metrics,
  routes: RequestHandler,
): [RequestHandler, RequestHandler, ErrorRequestHandler] {
  const failed: ErrorRequestHandler = (error, request, response, _next) => {
    const problem = fromHttpError(error)
    metrics.problems.inc({ problem: problem.key })
    if (problem.status >= 500)
      options.log.error({ err: problem.cause ?? problem, problem: problem.key }, 'request failed')
    else options.log.debug({ problem: problem.key, detail: problem.message }, 'request refused')
    if (response.headersSent) response.destroy()
    else sendProblem(response, problem, String(request.headers[REQUEST_ID_HEADER]))
  }
  const missing: RequestHandler = () => {
    throw new Problem('not-found')
  }
  return [routes, missing, failed]
}

/** Answers with a problem. */
export function sendProblem(response: Response, problem: Problem, requestId: string): void {
  response.status(problem.status).set(problem.headers).type(PROBLEM_TYPE)
  response.send(JSON.stringify(problem.toJson(requestId)))
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
  return toProblem(error)
}

async function listen(server: Server, address: string): Promise<string> {
  const { host, port } = parseAddress(address)
  // Upstream keep-alive must outlive the gateway's, else a reused connection meets a closed door.
  server.keepAliveTimeout = 75_000
  server.headersTimeout = 80_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const bound = server.address() as AddressInfo
  return `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
  await closed
  clearTimeout(timer)
}
