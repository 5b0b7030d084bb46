import type { IncomingMessage } from 'node:http'
import type { BlockList, Socket } from 'node:net'
import { Problem, toProblem } from '@realtime/contracts'
import { type Log, REQUEST_ID_HEADER, readRequestId, withRequestId } from '@realtime/kit'
import { createProxyServer } from 'httpxy'
import { clientAddress } from './addresses.ts'
import { missing, problemOf, refuse, UpstreamTimeout } from './failures.ts'
import { limitConnect, targetOf } from './forwarding.ts'
import { cleanHandshake, cleanShared } from './headers.ts'
import type { Limits } from './limits.ts'
import { checkOrigin } from './origins.ts'
import { checkTarget, pathOf } from './paths.ts'
import { isUnder, type Upstream, upstreamOf } from './upstreams.ts'

export interface UpgradeOptions {
  table: Upstream[]
  origins: Set<string>
  trusted: BlockList
  publicUrl: URL
  limits: Limits
  timeoutMs: number
  log: Log
  isDraining(): boolean
}

export interface Upgrades {
  /** Takes over a socket that asks for another protocol. */
  take(request: IncomingMessage, socket: Socket, head: Buffer): void
  /** Ends all upgraded sockets. */
  close(): void
}

/** WebSockets: checked like requests, then handed to their part; one that is refused gets a real HTTP answer. */
export function createUpgrades(options: UpgradeOptions): Upgrades {
  const open = new Set<Socket>()
  const take = async (request: IncomingMessage, socket: Socket, head: Buffer, id: string): Promise<void> => {
    const began = performance.now()
    const path = pathOf(request.url ?? '')
    const say = (status: number, upstream?: Upstream): void =>
      options.log.info(
        { method: request.method, path, upstream: upstream?.name, status, ms: Math.round(performance.now() - began) },
        'upgrade',
      )
    let upstream: Upstream | undefined
    try {
      upstream = await admit(request, options)
      await connect(request, socket, head, upstream, options, id, say)
    } catch (error) {
      const problem = toProblem(error)
      if (problem.status >= 500) options.log.error({ err: problem.cause ?? problem }, 'upgrade failed')
      say(problem.status, upstream)
      refuse(socket, problem, id)
    }
  }
  return {
    take(request, socket, head) {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
      // From here on nobody else listens for the errors of this socket, or closes its other half.
      socket.on('error', () => socket.destroy())
      socket.once('finish', () => socket.destroy())
      const id = readRequestId(request.headers[REQUEST_ID_HEADER])
      request.headers[REQUEST_ID_HEADER] = id
      void withRequestId(id, () => take(request, socket, head, id))
    },
    close() {
      for (const socket of open) socket.destroy()
    },
  }
}

/** The part that may take this handshake. @throws Problem why none may */
async function admit(request: IncomingMessage, options: UpgradeOptions): Promise<Upstream> {
  const target = request.url ?? ''
  checkTarget(target)
  if (options.isDraining()) throw new Problem('draining')
  if (request.method !== 'GET' || request.headers.upgrade?.toLowerCase() !== 'websocket') {
    throw new Problem('invalid-input', 'Only WebSocket upgrades are known here.')
  }
  const path = pathOf(target)
  const upstream = upstreamOf(options.table, path)
  if (!upstream.upgrades.some((prefix) => isUnder(path, prefix))) throw new Problem('not-found')
  checkOrigin(request.headers.origin, options.origins)
  await options.limits.take(request, clientAddress(request, options.trusted))
  return upstream
}

async function connect(
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
  upstream: Upstream,
  options: UpgradeOptions,
  id: string,
  say: (status: number, upstream: Upstream) => void,
): Promise<void> {
  if (!upstream.url) throw missing()
  const address = clientAddress(request, options.trusted)
  cleanHandshake(request, upstream, { address, publicUrl: options.publicUrl })
  const proxy = createProxyServer()
  let answered = false
  // An error before any answer becomes one, and must be written at once: httpxy ends the socket right after telling.
  proxy.on('error', (error) => {
    if (answered) return
    answered = true
    if (!socket.destroyed) {
      const problem = problemOf(error, upstream)
      options.log.error({ err: error, problem: problem.key }, 'upgrade failed')
      say(problem.status, upstream)
      refuse(socket, problem, id)
    }
  })
  proxy.on('proxyReqWs', (proxyReq) => {
    limitConnect(proxyReq)
    const timer = setTimeout(() => proxyReq.destroy(new UpstreamTimeout('no handshake in time')), options.timeoutMs)
    proxyReq.once('close', () => clearTimeout(timer))
    const began = (answer: IncomingMessage): void => {
      clearTimeout(timer)
      answered = true
      cleanShared(answer.headers, upstream)
      answer.headers[REQUEST_ID_HEADER] = id
      say(answer.statusCode ?? 0, upstream)
    }
    proxyReq.once('response', began)
    proxyReq.once('upgrade', (answer, upstreamSocket) => {
      began(answer)
      // Pipes carry an orderly end across but not a broken connection.
      socket.once('close', () => upstreamSocket.destroy())
      upstreamSocket.once('close', () => socket.destroySoon())
    })
    socket.once('close', () => proxyReq.destroy())
  })
  await proxy.ws(request, socket, { target: targetOf(upstream.url), changeOrigin: true }, head)
}
