import { controlEvents, handshakeAuth, PROTOCOL_VERSION, Problem, problemFrom } from '@realtime/contracts'
import { io, type Socket } from 'socket.io-client'
import { tokenExpiry } from './token.ts'
import { BINARY_EVENT, wireParser } from './wire/index.ts'

export interface ConnectionOptions {
  url: string
  documentId: string
  token(): Promise<string>
  /** The server takes messages now. */
  onOpen(): void
  onMessage(bytes: Uint8Array): void
  /** The connection is away and is tried again by itself; null when nobody said why. */
  onLost(problem: Problem | null): void
  /** The server said no for good; nothing is tried any more until `retry`. */
  onRefused(problem: Problem): void
}

/** Problems that trying again can mend. */
const PASSING = new Set([
  'unavailable',
  'upstream-failed',
  'internal',
  'timeout',
  'draining',
  'rate-limited',
  'unauthenticated',
])
const RETRY_MS = { first: 150, most: 3_000 }
/** A connection that does not answer for this long, in milliseconds, is given up for another. */
const PROBE_MS = 3_000
/** A token is renewed this long before it expires, in milliseconds. */
const RENEW_MS = 60_000
/** Milliseconds to wait for a token; the server gives up on a silent connection after ten seconds. */
const TOKEN_MS = 8_000
/** How long a server may ask to wait, in milliseconds. */
const LONGEST_PAUSE_MS = 10 * 60_000
/** Longer timers fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** A socket to one document that authenticates, renews its token, and comes back with growing pauses. */
export class Connection {
  #options: ConnectionOptions
  #socket: Socket
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #renewTimer: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  /** Before this time, by `performance.now()`, the server wants no further attempt. */
  #notBefore = 0
  /** Counts connections, so that a token that comes too late is not used. */
  #attempt = 0
  #probing = false
  /** Nothing is tried any more: the server refused, or the connection was ended. */
  #over = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#socket = this.#open()
  }

  /** Connects now, or once the server wants it, leaving whatever connection there was: it may be stuck. */
  connect(): void {
    this.#over = false
    const pause = this.#notBefore - performance.now()
    if (pause > 0) {
      this.#attempt++
      clearTimeout(this.#retryTimer)
      this.#retryTimer = setTimeout(() => this.#connect(), pause)
      this.#socket.disconnect()
      return
    }
    this.#socket.disconnect()
    this.#connect()
  }

  /** Sends a message; without a connection it goes nowhere. */
  send(bytes: Uint8Array): void {
    if (this.#socket.connected) this.#socket.emit(BINARY_EVENT, bytes)
  }

  /** The connection is as good as it can be: the next failure begins with short pauses again. */
  succeeded(): void {
    this.#failures = 0
  }

  /** Takes a problem that the server told: leaves for another connection, or for good. */
  fail(problem: Problem): void {
    if (!PASSING.has(problem.key)) {
      this.#refuse(problem)
      return
    }
    this.#lost(problem)
    this.#socket.disconnect()
  }

  /** Asks whether the connection still lives: TCP may not tell for minutes after a lost network or a sleep. */
  probe(): void {
    if (!this.#socket.connected || this.#probing) return
    this.#probing = true
    const { id } = this.#socket
    this.#socket.timeout(PROBE_MS).emit(controlEvents.alive, (error: Error | null) => {
      this.#probing = false
      if (error && this.#socket.connected && this.#socket.id === id) this.#socket.disconnect()
    })
  }

  /** Ends it once everything is written. */
  end(): void {
    this.#giveUp()
    // Without the word of a leaving socket, upon which a server drops what came in the same moment.
    this.#socket.io.engine?.close()
    this.#socket.disconnect()
  }

  #open(): Socket {
    const { url, documentId, onOpen, onMessage } = this.#options
    const socket = io(url === '' ? undefined : url, {
      path: '/socket.io',
      transports: ['websocket'],
      parser: wireParser,
      autoConnect: false,
      forceNew: true,
      reconnection: false,
      timeout: 10_000,
      query: { document: documentId, protocol: PROTOCOL_VERSION },
      auth: (give) => void this.#authenticate(give),
    })
    socket.on('connect', onOpen)
    socket.on('disconnect', () => this.#lost(null))
    socket.on('connect_error', (error: Error & { data?: unknown }) => {
      const problem = problemFrom(error.data)
      if (problem && !PASSING.has(problem.key)) this.#refuse(problem)
      else this.#lost(problem ?? new Problem('unavailable', 'The server cannot be reached.', { cause: error }))
    })
    socket.on(BINARY_EVENT, onMessage)
    socket.on(controlEvents.problem, (json: unknown) => {
      const problem = problemFrom(json)
      if (problem) this.fail(problem)
    })
    return socket
  }

  #connect(): void {
    clearTimeout(this.#retryTimer)
    this.#retryTimer = undefined
    this.#attempt++
    this.#socket.connect()
  }

  async #authenticate(give: (auth: object) => void): Promise<void> {
    const attempt = this.#attempt
    const late = (): boolean => this.#over || attempt !== this.#attempt
    try {
      const token = await inTime(this.#options.token(), TOKEN_MS)
      if (late()) return
      this.#renewLater(token)
      give(handshakeAuth.parse({ token, protocol: PROTOCOL_VERSION }))
    } catch (error) {
      if (late()) return
      this.fail(error instanceof Problem ? error : new Problem('unavailable', 'Signing in failed.', { cause: error }))
    }
  }

  #renewLater(token: string): void {
    clearTimeout(this.#renewTimer)
    const expiry = tokenExpiry(token)
    if (expiry === null) return
    const wait = Math.min(MAX_TIMER_MS, Math.max(1_000, expiry - Date.now() - RENEW_MS))
    this.#renewTimer = setTimeout(() => void this.#renew(), wait)
  }

  async #renew(): Promise<void> {
    if (!this.#socket.connected) return
    const attempt = this.#attempt
    try {
      const token = await this.#options.token()
      if (this.#over || attempt !== this.#attempt || !this.#socket.connected) return
      this.#socket.emit(controlEvents.token, token)
      this.#renewLater(token)
    } catch {
      // The server ends the socket when the old token has run out; the next connection asks again and says why.
    }
  }

  #refuse(problem: Problem): void {
    if (this.#over) return
    this.#giveUp()
    this.#options.onRefused(problem)
    this.#socket.disconnect()
  }

  #lost(problem: Problem | null): void {
    if (this.#over) return
    // The end of a connection after its reason was told says nothing new.
    if (this.#retryTimer && !problem) return
    this.#options.onLost(problem)
    const pause = pauseOf(problem)
    if (pause > 0) this.#notBefore = performance.now() + pause
    else if (this.#retryTimer) return
    clearTimeout(this.#retryTimer)
    this.#attempt++
    const wait = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** this.#failures++) * (0.75 + Math.random() / 2)
    this.#retryTimer = setTimeout(() => this.#connect(), Math.max(wait, pause))
  }

  #giveUp(): void {
    this.#over = true
    this.#attempt++
    clearTimeout(this.#retryTimer)
    clearTimeout(this.#renewTimer)
    this.#retryTimer = undefined
  }
}

/** How long the server asks to wait, in milliseconds; 0 when it does not say. */
function pauseOf(problem: Problem | null): number {
  const asked = problem?.extra.retryAfterMs
  return typeof asked === 'number' && asked > 0 ? Math.min(asked, LONGEST_PAUSE_MS) : 0
}

/** What `promise` gives, unless it takes longer than `ms`. @throws Problem `timeout` */
async function inTime<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Problem('timeout', 'Signing in takes too long.')), ms)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
