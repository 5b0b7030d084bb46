import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { healthApi, Problem } from '@realtime/contracts'
import { answer, createLog, type Running, readRequestId, router, serve } from '@realtime/kit'
import express, { type Request, type Response } from 'express'
import { clientAddress } from './addresses.ts'
import { type GatewayConfig, trustedProxies } from './config.ts'
import { missing, problemOf, refuse, waitingPage, waitingPageHeaders, wantsPage } from './failures.ts'
import { createAgents, forward } from './forwarding.ts'
import { healthOf } from './health.ts'
import { createLimits } from './limits.ts'
import { allowedOrigins, cors } from './origins.ts'
import { checkTarget, pathOf } from './paths.ts'
import { protection } from './protection.ts'
import { createUpgrades } from './upgrades.ts'
import { type Upstream, upstreamOf, upstreams } from './upstreams.ts'

export { type GatewayConfig, gatewayConfig } from './config.ts'

/** Starts the gateway: the one public port, and every part behind it. */
export async function start(config: GatewayConfig): Promise<Running> {
  const log = createLog('gateway', config.LOG_LEVEL)
  const table = upstreams(config)
  const origins = allowedOrigins(config.PUBLIC_URL, config.ALLOWED_ORIGINS)
  const trusted = trustedProxies(config.TRUSTED_PROXIES)
  const publicUrl = new URL(config.PUBLIC_URL)
  const limits = createLimits(config)
  const agents = createAgents()
  const active = new Map<Response, { reconnects: boolean }>()
  let draining = false
  const isDraining = () => draining
  const upgrades = createUpgrades({
    table,
    origins,
    trusted,
    publicUrl,
    limits,
    timeoutMs: config.UPGRADE_TIMEOUT_MS,
    log,
    isDraining,
  })
  const proxied = async (request: Request, response: Response): Promise<void> => {
    const upstream = upstreamOf(table, pathOf(request.url))
    describe(request, response, upstream)
    if (!upstream.url) throw missing()
    const entry = { reconnects: false }
    active.set(response, entry)
    response.once('close', () => {
      active.delete(response)
      if (draining && active.size === 0) upgrades.close()
    })
    const forwarded = { address: clientAddress(request, trusted), publicUrl }
    try {
      await forward(request, response, upstream, {
        url: upstream.url,
        agents,
        forwarded,
        timeoutMs: config.UPSTREAM_TIMEOUT_MS,
        isDraining,
        onAnswer: ({ headers }) => {
          const events = headers['content-type']?.startsWith('text/event-stream') ?? false
          entry.reconnects = events && request.method === 'GET'
        },
      })
    } catch (cause) {
      const problem = problemOf(cause, upstream)
      if (upstream.name !== 'web' || !wantsPage(request)) throw problem
      log.error({ err: cause, problem: problem.key }, 'page replaced')
      response
        .status(problem.status)
        .set({ ...waitingPageHeaders, 'retry-after': '2' })
        .send(waitingPage)
    }
  }
  const routes = express.Router({ caseSensitive: true })
  routes.use(protection(publicUrl))
  routes.use(cors(origins))
  routes.use(async (request, _response, next) => {
    await limits.take(request, clientAddress(request, trusted))
    next()
  })
  routes.use(router([answer(healthApi.gateway, healthOf(table))], {}))
  routes.use(proxied)

  return serve({
    name: 'gateway',
    log,
    listen: config.GATEWAY_LISTEN,
    internalListen: config.GATEWAY_INTERNAL_LISTEN,
    routes,
    ownHealth: true,
    guard: (request) => checkTarget(request.url ?? ''),
    attach(server: Server) {
      server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) =>
        upgrades.take(request, socket, head),
      )
      server.on('clientError', refuseUnreadable)
    },
    async drain() {
      draining = true
      // Subscriptions would last for ever and their readers come back by themselves; all else may finish.
      for (const [response, { reconnects }] of active) if (reconnects) response.destroy()
      if (active.size === 0) upgrades.close()
    },
    async stop() {
      upgrades.close()
      agents.http.destroy()
      agents.https.destroy()
    },
  })
}

/** For the metrics and the log: the row of the table, and of a page's path nothing that could be a token. */
function describe(request: Request, response: Response, upstream: Upstream): void {
  const path = pathOf(request.url)
  response.locals.upstream = upstream.name
  response.locals.route = `${upstream.prefixes.find((prefix) => path.startsWith(prefix)) ?? ''}/*`
  if (upstream.name === 'web' && !path.startsWith('/_next/')) {
    response.locals.path = path.replace(/[^/]{20,}/g, '[hidden]')
  }
}

/** What Node's parser could not read gets an answer too; Node's own has no body. */
function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy()
    return
  }
  const key = error.code === 'HPE_INVALID_URL' ? 'invalid-path' : 'invalid-input'
  refuse(
    socket,
    new Problem(key, error.code === 'HPE_INVALID_URL' ? undefined : 'This is not HTTP.'),
    readRequestId(undefined),
  )
}
