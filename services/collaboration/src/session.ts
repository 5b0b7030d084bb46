import type { Socket as NetSocket } from 'node:net'
import { write } from '@realtime/client/wire'
import {
  type Actor,
  type Permission,
  type PresenceIdentity,
  Problem,
  principalOf,
  socketLimits,
} from '@realtime/contracts'
import type { Socket } from 'socket.io'
import { Budget } from './budget.ts'
import { type Frame, framed } from './frames.ts'
import type { Room } from './room.ts'

/** Bytes that may wait for a slow reader; above it nothing more is sent until they are read. */
const SLOW_BYTES = 1024 * 1024
/** Bytes of answers that may wait on top of those, for somebody who asks and never reads. */
const STUCK_BYTES = 256 * 1024
/** Who lags and has read nothing for so long, in milliseconds, is cut off. */
const STUCK_MS = 30_000
/** What a struct of an update is counted as, in bytes: its work on the server is more than its length. */
const STRUCT_BYTES = 32
/** How much of one socket is refused before it is let go. */
const REFUSALS = { perSecond: 5, burst: 200 }
/** How often somebody who lags is brought up to date at most, in milliseconds. */
const RESYNC_MS = 500

/** The parts of `ws` and Socket.IO under a session, of exactly the versions in package.json. */
interface WebSocket {
  prependListener(event: 'message', listener: (data: { length: number }) => void): unknown
  on(event: 'ping', listener: (data: Buffer) => void): unknown
  pong(data: Buffer): void
  _autoPong: boolean
  _socket: NetSocket
  readyState: number
  terminate(): void
}

/** One socket that takes part in a document, or is about to. */
export class Session {
  readonly socket: Socket
  readonly requestId: string
  readonly actor: Actor
  readonly principal: string
  room: Room | null = null
  clientId = 0
  organizationId = ''
  /** In which project its document lies, as far as was last heard. */
  projectId = ''
  /** Whose access it has; null for one that is nobody's. */
  userId: string | null = null
  permission: Permission = 'read'
  identity: PresenceIdentity = { id: '', name: '', color: '', image: null }
  /** The newest acknowledgement. */
  acknowledged = 0
  /** Whether it is told nothing at the moment, because it does not read. */
  lag = false
  /** Whether it was let go. */
  ended = false
  #webSocket: WebSocket
  #lagBytes = 0
  #leastLag = 0
  #readAt = 0
  #messages = new Budget(socketLimits.messages)
  #bytes = new Budget(socketLimits.bytes)
  #refusals = new Budget(REFUSALS)

  constructor(socket: Socket, actor: Actor, requestId: string) {
    this.socket = socket
    this.requestId = requestId
    this.actor = actor
    this.principal = principalOf(actor)
    const { transport } = socket.conn as unknown as { transport: { socket: WebSocket } }
    this.#webSocket = transport.socket
  }

  /** Whether what it sent may be written. */
  get mayWrite(): boolean {
    return this.permission === 'write' && !this.ended
  }

  /** Whether more waits for its reader than should. */
  get slow(): boolean {
    return this.#webSocket._socket.writableLength > SLOW_BYTES
  }

  /**
   * Writes frames straight to the connection: they are complete, and nothing of Socket.IO's is needed for them. While
   * the session lags they are dropped: whoever has it lag sends what was missed.
   */
  send(frame: Frame): void {
    if (!this.lag && this.#open) this.#webSocket._socket.write(frame)
  }

  /** Drops what is sent until the reader has read what waits, and calls `resync` then. */
  lagUntilDrained(resync: () => void): void {
    this.lag = true
    this.#lagBytes = this.#webSocket._socket.writableLength
    this.#leastLag = this.#lagBytes
    this.#readAt = performance.now()
    const since = performance.now()
    this.#webSocket._socket.once('drain', () => {
      const resume = (): void => {
        this.lag = false
        resync()
      }
      setTimeout(resume, Math.max(0, since + RESYNC_MS - performance.now())).unref()
    })
  }

  /**
   * Says that an update (or, with 0, the join or the whole session) is refused, and why. Whoever is refused again and
   * again is let go.
   */
  refuse(number: number, problem: Problem): void {
    if (this.ended) return
    this.#answer(number, problem)
    const wait = this.#refusals.take(1)
    if (wait > 0) {
      this.end(new Problem('rate-limited', 'Too much was refused.', { extra: { retryAfterMs: wait } }))
    }
  }

  /** Ends the session, with the reason. What it still sends is not looked at. */
  end(problem: Problem): void {
    if (this.ended) return
    this.#answer(0, problem)
    this.ended = true
    this.socket.disconnect(true)
  }

  #answer(number: number, problem: Problem): void {
    if (!this.#open) return
    this.#webSocket._socket.write(framed(write.refused(number, problem.toJson(this.requestId))))
    this.cutIfStuck()
  }

  /** Cuts off who asks on and on and reads nothing, or has read nothing for long. */
  cutIfStuck(now = performance.now()): void {
    const { writableLength } = this.#webSocket._socket
    const allowed = this.lag ? this.#lagBytes : SLOW_BYTES
    if (writableLength > allowed + STUCK_BYTES) this.#webSocket.terminate()
    if (!this.lag || writableLength === 0 || writableLength < this.#leastLag) {
      this.#leastLag = writableLength
      this.#readAt = now
    } else if (now - this.#readAt > STUCK_MS) this.#webSocket.terminate()
  }

  /**
   * Calls `meter` with the bytes of whatever comes, before anything else looks at it. Pings are answered here, and only
   * while the session goes on: `ws` by itself would answer every one that it has read.
   */
  listen(meter: (bytes: number) => void): void {
    const webSocket = this.#webSocket
    webSocket.prependListener('message', (data: { length: number }) => meter(data.length))
    webSocket._autoPong = false
    webSocket.on('ping', (data) => {
      meter(0)
      if (!this.ended && this.#open) webSocket.pong(data)
    })
  }

  /** Counts a message. @returns milliseconds until it could be taken, 0 when it can */
  admit(bytes: number): number {
    const now = performance.now()
    return this.#messages.take(1, now) || this.#bytes.take(bytes, now)
  }

  /** Counts the work of an update beyond its bytes. */
  charge(structs: number): void {
    this.#bytes.spend(structs * STRUCT_BYTES)
  }

  get #open(): boolean {
    return this.#webSocket.readyState === 1
  }
}
