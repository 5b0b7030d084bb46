import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Problem } from '@realtime/contracts'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import { parseAddress } from './config.ts'
import { entering, fail } from './exchange.ts'
import type { Log } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'

export interface ServeOptions {
  name: string
  log: Log
  /** Where the public routes listen, `host:port`; port 0 takes a free one. */
  listen: string
  /** Where the internal routes, `/ready` and `/metrics` listen. */
  internalListen?: string
  routes: RequestHandler
  internalRoutes?: RequestHandler
  /** Looks at a public request before Express reads its path. @throws Problem for one that goes no further */
  guard?(request: IncomingMessage): void
  /** True where the public `/health` is among `routes`; else it answers `{status: 'ok'}`. */
  ownHealth?: boolean
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
  const app = application((app) => (options.ownHealth ? undefined : health(app)))
  const publicServer = createServer(
    entering(log, metrics, app.use(ending(options, metrics, options.routes)), options.guard),
  )
  options.attach?.(publicServer)
  const closers = [closer(publicServer)]
  const url = await listen(publicServer, options.listen)
  let internalUrl: string | null = null
  if (options.internalListen) {
    const app = application((internal) => {
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
    const server = createServer(
      entering(log, metrics, app.use(ending(options, metrics, options.internalRoutes ?? none))),
    )
    closers.push(closer(server))
    try {
      internalUrl = await listen(server, options.internalListen)
    } catch (error) {
      await closers[0]?.()
      throw error
    }
  }
  log.info({ url, internalUrl }, `${name} listens`)
  let stopping: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    state.draining = true
    // A drain that fails must not leave the ports open.
    await options.drain?.().catch((error: unknown) => log.error({ err: error }, 'the drain failed'))
    await Promise.all(closers.map((close) => close()))
    await options.stop?.()
    log.info(`${name} stopped`)
  }
  return { name, url, internalUrl, stop: () => (stopping ??= stop()) }
}

function application(add: (app: Express) => void): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  add(app)
  return app
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
  const failed: ErrorRequestHandler = (error, request, response, _next) =>
    fail(options.log, metrics, error, request, response)
  const missing: RequestHandler = () => {
    throw new Problem('not-found')
  }
  return [routes, missing, failed]
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

/** How a server is closed: open requests may finish, for a while; connections that carry none end at once. */
function closer(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeIdleConnections()
    // Node counts a connection that has not asked anything yet as busy; browsers open some in advance.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
    // A kept-alive connection whose last answer ends only now becomes idle after the first look.
    const idle = setInterval(() => server.closeIdleConnections(), 50)
    // All of them: Node does not count those that were upgraded, and would wait for their end.
    const timer = setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, DRAIN_MS)
    await closed
    clearInterval(idle)
    clearTimeout(timer)
  }
}
