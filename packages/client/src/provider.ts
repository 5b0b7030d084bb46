import { controlEvents, handshakeAuth, PROTOCOL_VERSION, Problem, problemFrom, socketLimits } from '@realtime/contracts'
import { io, type Socket } from 'socket.io-client'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import type { OutboxStore } from './outbox.ts'
import { Pending, type PendingMessage } from './pending.ts'
import { linkPresence } from './presence.ts'
import { type ProviderState, STALL_MS } from './state.ts'
import { tokenExpiry } from './token.ts'
import { unsentOf } from './unsent.ts'
import {
  BINARY_EVENT,
  createAssembler,
  cut,
  readServerMessage,
  type ServerMessage,
  wireParser,
  write,
} from './wire/index.ts'

export interface ProviderOptions {
  /** The platform's address; '' is the page's own origin. */
  url: string
  documentId: string
  /** The epoch of the state already in `doc`; null when nothing was loaded before. */
  epoch: string | null
  doc: Y.Doc
  /** A fresh user token; called for each connection and before one expires. */
  token(): Promise<string>
  /** Where unacknowledged edits outlive the tab; without one they live in memory. */
  store?: OutboxStore
}

export interface Provider {
  readonly doc: Y.Doc
  /** Presence of everybody in the document; `user` in others' states is stamped by the server. */
  readonly awareness: Awareness
  /** What is known now; a new object whenever it changes. */
  readonly state: ProviderState
  /** Calls `listener` after each change of `state`. @returns a function that ends it */
  subscribe(listener: () => void): () => void
  /** Tries to connect at once. */
  retry(): void
  /** Leaves the document. Unacknowledged edits stay in the store. */
  destroy(): void
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
/** Milliseconds to wait for the store before connecting without what it keeps; that is sent when it comes. */
const STORE_MS = 2_000
/** Longer timers fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Takes part in a document: see the README of this package for a complete example. */
export function createProvider(options: ProviderOptions): Provider {
  return new SocketProvider(options)
}

class SocketProvider implements Provider {
  readonly doc: Y.Doc
  readonly awareness: Awareness
  state: ProviderState
  #options: ProviderOptions
  #socket: Socket
  #pending: Pending
  #epoch: string | null
  #presence: ReturnType<typeof linkPresence>
  #assembler = createAssembler(Number.MAX_SAFE_INTEGER)
  #listeners = new Set<() => void>()
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #renewTimer: ReturnType<typeof setTimeout> | undefined
  #clock: ReturnType<typeof setInterval>
  #failures = 0
  #transfer = 0
  /** Counts connections, so that a token that comes too late is not used. */
  #attempt = 0
  #started = false
  #probing = false
  #destroyed = false

  constructor(options: ProviderOptions) {
    this.#options = options
    this.doc = options.doc
    this.#epoch = options.epoch
    this.awareness = new Awareness(options.doc)
    this.#pending = new Pending(options.store, options.documentId, options.epoch, () => this.#show({}))
    this.state = {
      phase: 'connecting',
      everSynced: false,
      pending: 0,
      persisted: options.store !== undefined,
      stalledMs: null,
      permission: null,
      problem: null,
    }
    this.#socket = this.#connection()
    this.#presence = linkPresence(this.awareness, this, (json) => {
      if (this.state.phase === 'online') this.#send(write.sendPresence(json))
    })
    this.doc.on('update', this.#onUpdate)
    this.#clock = setInterval(() => {
      this.#show({})
      if (this.state.stalledMs !== null) this.#probe()
    }, 1_000)
    globalThis.addEventListener?.('online', this.#onOnline)
    globalThis.addEventListener?.('offline', this.#probe)
    globalThis.document?.addEventListener('visibilitychange', this.#probe)
    this.#retryTimer = setTimeout(() => this.#start(), STORE_MS)
    void this.#pending.load(this.#takeUp).then(() => this.#start())
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  retry(): void {
    if (this.#destroyed || !this.#started || this.state.phase === 'online') return
    this.#show({ phase: this.state.everSynced ? 'offline' : 'connecting', problem: null })
    // A connection that has not joined yet may be stuck: begin anew.
    this.#socket.disconnect()
    this.#connect()
  }

  destroy(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    clearTimeout(this.#retryTimer)
    clearTimeout(this.#renewTimer)
    clearInterval(this.#clock)
    globalThis.removeEventListener?.('online', this.#onOnline)
    globalThis.removeEventListener?.('offline', this.#probe)
    globalThis.document?.removeEventListener('visibilitychange', this.#probe)
    this.doc.off('update', this.#onUpdate)
    this.#presence.stop()
    this.awareness.destroy()
    this.#socket.disconnect()
    this.#listeners.clear()
  }

  #connection(): Socket {
    const { url, documentId } = this.#options
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
    socket.on('connect', () => this.#join())
    socket.on('disconnect', () => this.#lost(null))
    socket.on('connect_error', (error: Error & { data?: unknown }) => {
      const problem = problemFrom(error.data)
      if (problem && !PASSING.has(problem.key)) this.#refuse(problem)
      else this.#lost(problem ?? new Problem('unavailable', 'The server cannot be reached.', { cause: error }))
    })
    socket.on(BINARY_EVENT, (bytes: Uint8Array) => this.#receive(bytes))
    socket.on(controlEvents.problem, (json: unknown) => {
      const problem = problemFrom(json)
      if (problem && !PASSING.has(problem.key)) this.#refuse(problem)
    })
    return socket
  }

  #start(): void {
    if (this.#destroyed || this.#started) return
    this.#started = true
    this.#show({})
    this.#connect()
  }

  #connect(): void {
    clearTimeout(this.#retryTimer)
    this.#retryTimer = undefined
    this.#attempt++
    this.#socket.connect()
  }

  /** What an earlier session left: into the document, and to the server when that is there. */
  #takeUp = (updates: Uint8Array[], messages: PendingMessage[]): void => {
    if (this.#destroyed) return
    if (this.state.phase === 'online') for (const { number, update } of messages) this.#sendUpdate(number, update)
    this.#applyAll(updates)
    this.#show({})
  }

  async #authenticate(give: (auth: object) => void): Promise<void> {
    const attempt = this.#attempt
    const late = (): boolean => this.#destroyed || attempt !== this.#attempt
    try {
      const token = await inTime(this.#options.token(), TOKEN_MS)
      if (late()) return
      this.#renewLater(token)
      give(handshakeAuth.parse({ token, protocol: PROTOCOL_VERSION }))
    } catch (error) {
      if (late()) return
      const problem =
        error instanceof Problem ? error : new Problem('unavailable', 'Signing in failed.', { cause: error })
      if (PASSING.has(problem.key)) this.#end(problem)
      else this.#refuse(problem)
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
      if (this.#destroyed || attempt !== this.#attempt || !this.#socket.connected) return
      this.#socket.emit(controlEvents.token, token)
      this.#renewLater(token)
    } catch {
      // The server ends the socket when the old token has run out; the next connection asks again and says why.
    }
  }

  #join(): void {
    const { documentId } = this.#options
    this.#send(write.join(documentId, this.#epoch ?? '', this.doc.clientID, Y.encodeStateVector(this.doc)))
  }

  #receive(bytes: Uint8Array): void {
    const message = this.#read(bytes)
    if (!message) return
    if (message.type === 'joined') this.#joined(message)
    else if (message.type === 'updates') this.#applyAll(message.updates)
    else if (message.type === 'presence') this.#presence.receive(message.entries)
    else if (message.type === 'refused') this.#refused(problemFrom(message.problem) ?? new Problem('internal'))
    else {
      this.#pending.settle(message.number)
      this.#show({})
    }
  }

  /** A message of the server; null while its chunks come in, and when it cannot be read, which ends the connection. */
  #read(bytes: Uint8Array): Exclude<ServerMessage, { type: 'chunk' }> | null {
    try {
      const message = readServerMessage(bytes)
      if (message.type !== 'chunk') return message
      const whole = this.#assembler.add(message)
      return whole && this.#read(whole)
    } catch (cause) {
      this.#end(new Problem('upstream-failed', undefined, { cause }))
      return null
    }
  }

  #joined(message: Extract<ServerMessage, { type: 'joined' }>): void {
    Y.applyUpdate(this.doc, message.update, this)
    if (message.permission === 'write') {
      const pending = () => this.#pending.messages().map(({ update }) => update)
      const unsent = unsentOf(this.doc, message.stateVector, pending)
      if (unsent) this.#pending.prepend(unsent)
    }
    this.#failures = 0
    this.#pending.restartClock()
    // Sent before anybody hears of being online: an edit made by a listener comes after them.
    for (const { number, update } of this.#pending.messages()) this.#sendUpdate(number, update)
    this.#show({ phase: 'online', everSynced: true, permission: message.permission, problem: null })
    this.#presence.announce()
    if (this.#epoch !== null || this.#destroyed) return
    this.#epoch = message.epoch
    void this.#pending.adopt(message.epoch, this.#takeUp)
  }

  #refused(problem: Problem): void {
    if (problem.key === 'client-id-taken') {
      // Somebody else holds this client id: go on under another. Updates made under the old one stay in the outbox.
      const state = this.awareness.getLocalState()
      this.awareness.setLocalState(null)
      this.doc.clientID = Math.floor(Math.random() * 0xffffffff)
      this.awareness.clientID = this.doc.clientID
      this.awareness.setLocalState(state)
      this.#join()
    } else if (PASSING.has(problem.key)) this.#end(problem)
    else this.#refuse(problem)
  }

  /** Leaves this connection for another, because of `problem`. */
  #end(problem: Problem): void {
    this.#lost(problem)
    this.#socket.disconnect()
  }

  /** The server said no for good: keep everything, send nothing more. */
  #refuse(problem: Problem): void {
    if (this.#destroyed) return
    this.#attempt++
    clearTimeout(this.#retryTimer)
    this.#retryTimer = undefined
    this.#show({ phase: 'refused', problem })
    this.#socket.disconnect()
    this.#presence.clear()
  }

  #lost(problem: Problem | null): void {
    if (this.#destroyed || this.state.phase === 'refused') return
    // The end of a connection after its reason was told says nothing new.
    if (this.#retryTimer && !problem) return
    this.#presence.clear()
    this.#show({
      phase: this.state.everSynced || problem ? 'offline' : 'connecting',
      problem: problem ?? this.state.problem,
    })
    if (this.#retryTimer) return
    this.#attempt++
    const wait = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** this.#failures++) * (0.75 + Math.random() / 2)
    this.#retryTimer = setTimeout(() => this.#connect(), wait)
  }

  #onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === this) return
    const number = this.#pending.add(update)
    if (this.state.phase === 'online') this.#sendUpdate(number, update)
    this.#show({})
  }

  #onOnline = (): void => {
    if (this.state.phase === 'offline') this.retry()
  }

  /** Asks whether the connection still lives: TCP may not tell for minutes after a lost network or a sleep. */
  #probe = (): void => {
    if (this.state.phase !== 'online' || this.#probing) return
    this.#probing = true
    const { id } = this.#socket
    this.#socket.timeout(PROBE_MS).emit(controlEvents.alive, (error: Error | null) => {
      this.#probing = false
      if (error && this.#socket.connected && this.#socket.id === id) this.#socket.disconnect()
    })
  }

  #applyAll(updates: Uint8Array[]): void {
    if (updates.length === 0) return
    this.doc.transact(() => {
      for (const update of updates) Y.applyUpdate(this.doc, update, this)
    }, this)
  }

  #sendUpdate(number: number, update: Uint8Array): void {
    const message = write.sendUpdate(number, update)
    for (const part of cut(message, ++this.#transfer, socketLimits.chunk, socketLimits.chunk)) this.#send(part)
  }

  #send(bytes: Uint8Array): void {
    if (this.#socket.connected) this.#socket.emit(BINARY_EVENT, bytes)
  }

  #show(change: Partial<ProviderState>): void {
    if (this.#destroyed) return
    const { count, oldest, persisted } = this.#pending
    const next: ProviderState = { ...this.state, ...change, pending: count, persisted }
    const waited = oldest === null ? 0 : performance.now() - oldest
    next.stalledMs = next.phase === 'online' && waited > STALL_MS ? Math.floor(waited / 1_000) * 1_000 : null
    const keys = Object.keys(next) as (keyof ProviderState)[]
    if (keys.every((key) => next[key] === this.state[key])) return
    this.state = next
    for (const listener of this.#listeners) listener()
  }
}

/** What `promise` gives, unless it takes longer than `ms`. @throws Problem `timeout` */
async function inTime<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Problem('timeout', 'Signing in takes too long.')), ms)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
