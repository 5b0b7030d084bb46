import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Fault } from '../plan/plan.ts'

/**
 * A TCP connection's way through the harness. Its faults:
 * `cut` ends all connections in order, `reset` by RST, `refuse` does so with every new one as well;
 * `half-up` tells only the server that the client is gone, `half-down` only the client that the server is;
 * `hole` swallows what is sent either way, then cuts; `stall` holds it back and lets it go later,
 * `stall-up` only what goes to the server, `stall-down` only its answers; `delay` and `slow` take their time.
 */
export interface Link {
  port: number
  /** How many went through, either way. */
  readonly bytes: number
  /** Makes the link suffer for `ms` milliseconds; those that are over at once take no time. */
  suffer(fault: Fault, ms: number): void
  /** Ends all faults. */
  heal(): void
  stop(): Promise<void>
}

type Way = 'up' | 'down'

interface Pair {
  client: Socket
  upstream: Socket
  /** What is sent is swallowed. */
  lost: boolean
}

/** Milliseconds that every piece takes under `delay`. */
const DELAY_MS = 300
/** Bytes a second under `slow`. */
const SLOW_BYTES = 20_000

/** Opens a link to a port of this machine. */
export async function openLink(to: number): Promise<Link> {
  const pairs = new Set<Pair>()
  const active = new Map<Fault, NodeJS.Timeout>()
  const held = new Set<() => void>()

  let bytes = 0

  const pass = async (way: Way, size: number): Promise<void> => {
    bytes += size
    while (active.has('stall') || active.has(`stall-${way}`)) await new Promise<void>((resolve) => held.add(resolve))
    const wait = (active.has('delay') ? DELAY_MS : 0) + (active.has('slow') ? (size / SLOW_BYTES) * 1_000 : 0)
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
  }
  const end = (pair: Pair, how: 'cut' | 'reset'): void => {
    for (const socket of [pair.client, pair.upstream]) how === 'reset' ? socket.resetAndDestroy() : socket.destroy()
  }
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    if (active.has('refuse')) return void client.resetAndDestroy()
    const upstream = connect({ port: to, host: '127.0.0.1', allowHalfOpen: true })
    const pair: Pair = { client, upstream, lost: active.has('hole') }
    pairs.add(pair)
    const pump = (from: Socket, into: Socket, way: Way): void => {
      from.on('data', (piece) => {
        if (pair.lost) return
        from.pause()
        void pass(way, piece.length).then(() => {
          if (into.writable && !pair.lost) into.write(piece, () => from.resume())
          else from.resume()
        })
      })
      from.on('end', () => void pass(way, 0).then(() => into.writable && !pair.lost && into.end()))
      from.on('error', () => {})
      from.on('close', (failed) => {
        if (into.destroyed) pairs.delete(pair)
        // Behind a hole nobody hears of it, until the hole ends.
        else if (failed && !pair.lost) into.destroy()
        // What was sent before comes first, also when it is held back for longer than its sender lives.
        else void pass(way, 0).then(() => into.writable && !pair.lost && into.end())
      })
      from.resume()
    }
    pump(client, upstream, 'up')
    pump(upstream, client, 'down')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const over = (fault: Fault): void => {
    clearTimeout(active.get(fault))
    active.delete(fault)
    if (fault === 'hole') for (const pair of [...pairs]) if (pair.lost) end(pair, 'cut')
    for (const go of held) {
      held.delete(go)
      go()
    }
  }
  return {
    port: (server.address() as AddressInfo).port,
    get bytes() {
      return bytes
    },
    suffer(fault, ms) {
      if (fault === 'cut' || fault === 'reset') for (const pair of [...pairs]) end(pair, fault)
      else if (fault === 'half-up') for (const { upstream } of pairs) upstream.end()
      else if (fault === 'half-down') for (const { client } of pairs) client.end()
      else {
        if (fault === 'refuse') for (const pair of [...pairs]) end(pair, 'reset')
        if (fault === 'hole') for (const pair of pairs) pair.lost = true
        clearTimeout(active.get(fault))
        active.set(
          fault,
          setTimeout(() => over(fault), ms),
        )
      }
    },
    heal() {
      for (const fault of [...active.keys()]) over(fault)
    },
    async stop() {
      for (const fault of [...active.keys()]) over(fault)
      for (const pair of [...pairs]) end(pair, 'cut')
      server.close()
      await once(server, 'close')
    },
  }
}
