import { Problem, problemFrom, socketLimits } from '@realtime/contracts'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { Connection } from './connection.ts'
import type { OutboxStore } from './outbox.ts'
import { Pending, type PendingMessage } from './pending.ts'
import { linkPresence } from './presence.ts'
import { type ProviderState, STALL_MS } from './state.ts'
import { unsentOf } from './unsent.ts'
import { createAssembler, cut, readServerMessage, type ServerMessage, stateDigest, write } from './wire/index.ts'

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

/** Milliseconds to wait for the store before connecting without what it keeps; that is sent when it comes. */
const STORE_MS = 2_000
/** Takes part in a document: see the README of this package for a complete example. */
export function createProvider(options: ProviderOptions): Provider {
  return new SocketProvider(options)
}

class SocketProvider implements Provider {
  readonly doc: Y.Doc
  readonly awareness: Awareness
  state: ProviderState
  #options: ProviderOptions
  #connection: Connection
  #pending: Pending
  #epoch: string | null
  #presence: ReturnType<typeof linkPresence>
  #assembler = createAssembler(Number.MAX_SAFE_INTEGER)
  #listeners = new Set<() => void>()
  #storeTimer: ReturnType<typeof setTimeout>
  #clock: ReturnType<typeof setInterval>
  /** The own state vector at the last join: the server's as well when it answers that nothing differs. */
  #asked: Uint8Array = new Uint8Array()
  #transfer = 0
  #started = false
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
    const { url, documentId, token } = options
    this.#connection = new Connection({
      url,
      documentId,
      token,
      onOpen: () => this.#join(),
      onMessage: (bytes) => this.#receive(bytes),
      onLost: (problem) => this.#lost(problem),
      onRefused: (problem) => {
        this.#show({ phase: 'refused', problem })
        this.#presence.clear()
      },
    })
    this.#presence = linkPresence(this.awareness, this, (json) => {
      if (this.state.phase === 'online') this.#connection.send(write.sendPresence(json))
    })
    this.doc.on('update', this.#onUpdate)
    this.#clock = setInterval(() => {
      this.#show({})
      if (this.state.stalledMs !== null) this.#probe()
    }, 1_000)
    globalThis.addEventListener?.('online', this.#onOnline)
    globalThis.addEventListener?.('offline', this.#probe)
    globalThis.document?.addEventListener('visibilitychange', this.#probe)
    this.#storeTimer = setTimeout(() => this.#start(), STORE_MS)
    void this.#pending.load(this.#takeUp).then(() => this.#start())
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  retry(): void {
    if (this.#destroyed || !this.#started || this.state.phase === 'online') return
    this.#show({ phase: this.state.everSynced ? 'offline' : 'connecting', problem: null })
    this.#connection.connect()
  }

  destroy(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    clearTimeout(this.#storeTimer)
    clearInterval(this.#clock)
    globalThis.removeEventListener?.('online', this.#onOnline)
    globalThis.removeEventListener?.('offline', this.#probe)
    globalThis.document?.removeEventListener('visibilitychange', this.#probe)
    this.doc.off('update', this.#onUpdate)
    this.#presence.stop()
    this.awareness.destroy()
    this.#connection.end()
    this.#listeners.clear()
  }

  #start(): void {
    if (this.#destroyed || this.#started) return
    this.#started = true
    this.#show({})
    this.#connection.connect()
  }

  /** What an earlier session left: into the document, and to the server when that is there. */
  #takeUp = (updates: Uint8Array[], messages: PendingMessage[]): void => {
    if (this.#destroyed) return
    if (this.state.phase === 'online') for (const { number, update } of messages) this.#sendUpdate(number, update)
    this.#applyAll(updates)
    this.#show({})
  }

  #join(): void {
    const { documentId } = this.#options
    this.#asked = Y.encodeStateVector(this.doc)
    const digest = stateDigest(this.doc)
    this.#connection.send(write.join(documentId, this.#epoch ?? '', this.doc.clientID, digest, this.#asked))
  }

  #receive(bytes: Uint8Array): void {
    const message = this.#read(bytes)
    if (!message) return
    if (message.type === 'joined') this.#joined(message)
    else if (message.type === 'updates') this.#applyAll(message.updates)
    else if (message.type === 'presence') this.#presence.receive(message.entries)
    else if (message.type === 'permission') this.#show({ permission: message.permission })
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
      this.#connection.fail(new Problem('upstream-failed', undefined, { cause }))
      return null
    }
  }

  #joined(message: Extract<ServerMessage, { type: 'joined' }>): void {
    const same = message.stateVector.length === 0
    if (!same) Y.applyUpdate(this.doc, message.update, this)
    if (message.permission === 'write') {
      const pending = () => this.#pending.messages().map(({ update }) => update)
      const unsent = unsentOf(this.doc, same ? this.#asked : message.stateVector, pending)
      if (unsent) this.#pending.prepend(unsent)
    }
    this.#connection.succeeded()
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
    } else this.#connection.fail(problem)
  }

  #lost(problem: Problem | null): void {
    this.#presence.clear()
    this.#show({
      phase: this.state.everSynced || problem ? 'offline' : 'connecting',
      problem: problem ?? this.state.problem,
    })
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

  #probe = (): void => {
    if (this.state.phase === 'online') this.#connection.probe()
  }

  #applyAll(updates: Uint8Array[]): void {
    if (updates.length === 0) return
    this.doc.transact(() => {
      for (const update of updates) Y.applyUpdate(this.doc, update, this)
    }, this)
  }

  #sendUpdate(number: number, update: Uint8Array): void {
    const message = write.sendUpdate(number, update)
    for (const part of cut(message, ++this.#transfer, socketLimits.chunk, socketLimits.chunk))
      this.#connection.send(part)
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
