import { Problem, problemFrom, socketLimits } from '@realtime/contracts'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { Aside } from './aside.ts'
import { Base } from './base.ts'
import { Connection } from './connection.ts'
import { Pending, type PendingMessage } from './pending.ts'
import { linkPresence } from './presence.ts'
import type { Provider, ProviderOptions } from './provider.ts'
import { Sending } from './sending.ts'
import { type ProviderState, STALL_MS } from './state.ts'
import { heldBy, holds, unsentOf } from './unsent.ts'
import { isUpkeep } from './upkeep.ts'
import { createAssembler, cut, readServerMessage, type ServerMessage, stateDigest, write } from './wire/index.ts'

/** Milliseconds to wait for the store before connecting without what it keeps; that is sent when it comes. */
const STORE_MS = 2_000

/** A provider over one socket: joins, exchanges, keeps what is not committed, and says how it stands. */
export class SocketProvider implements Provider {
  readonly doc: Y.Doc
  readonly awareness: Awareness
  state: ProviderState
  #options: ProviderOptions
  #connection: Connection
  #pending: Pending
  #sending: Sending
  #aside: Aside
  #base: Base
  #epoch: string | null
  #presence: ReturnType<typeof linkPresence>
  #assembler = createAssembler(Number.MAX_SAFE_INTEGER)
  #listeners = new Set<() => void>()
  #storeTimer: ReturnType<typeof setTimeout>
  #clock: ReturnType<typeof setInterval>
  /** What the last join told of the own replica: its state vector, and the last update in it. */
  #asked: { stateVector: Uint8Array; last: number } = { stateVector: new Uint8Array(), last: 0 }
  /** The first update that the refusal under way speaks of. */
  #refusedFrom = 0
  #mayWrite = true
  #applying = false
  #upkeep = new WeakSet<Y.Transaction>()
  #transfer = 0
  #started = false
  #cleared = false
  #destroyed = false

  constructor(options: ProviderOptions) {
    const { url, documentId, token, doc, store, epoch, about = () => null } = options
    const changed = () => this.#show({})
    this.#options = options
    this.doc = doc
    this.#epoch = epoch
    this.awareness = new Awareness(doc)
    this.#pending = new Pending(store, documentId, epoch, changed)
    this.#sending = new Sending(this.#pending, (message) => this.#send(message))
    this.#base = new Base(doc, store, documentId, about)
    this.#aside = new Aside({
      doc,
      pending: this.#pending,
      store,
      document: documentId,
      epoch: () => this.#epoch,
      about,
      changed,
    })
    this.state = {
      phase: 'connecting',
      everSynced: false,
      pending: 0,
      persisted: store !== undefined,
      loading: store !== undefined,
      stalledMs: null,
      permission: null,
      problem: null,
      setAside: null,
      copies: 0,
    }
    this.#connection = new Connection({
      url,
      documentId,
      token,
      onOpen: () => this.#join(),
      onMessage: (bytes) => this.#receive(bytes),
      onLost: (problem) => this.#lost(problem),
      onRefused: (problem) => this.#ended(problem),
    })
    this.#presence = linkPresence(this.awareness, this, (json) => {
      if (this.state.phase === 'online') this.#connection.send(write.sendPresence(json))
    })
    doc.on('afterTransaction', this.#onTransaction)
    doc.on('update', this.#onUpdate)
    this.#clock = setInterval(() => this.#look(), 1_000)
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
    if (this.#destroyed || !this.#started || this.state.phase === 'online' || this.#aside.copy) return
    this.#aside.end()
    this.#show({ phase: this.state.everSynced ? 'offline' : 'connecting', problem: null })
    this.#connection.connect()
  }

  refuse(problem: Problem): void {
    if (!this.#destroyed && this.state.phase !== 'refused') this.#connection.fail(problem)
  }

  destroy(): void {
    if (this.#destroyed) return
    this.#sending.flush()
    this.#destroyed = true
    this.#sending.close()
    clearTimeout(this.#storeTimer)
    clearInterval(this.#clock)
    globalThis.removeEventListener?.('online', this.#onOnline)
    globalThis.removeEventListener?.('offline', this.#probe)
    globalThis.document?.removeEventListener('visibilitychange', this.#probe)
    this.doc.off('update', this.#onUpdate)
    this.doc.off('afterTransaction', this.#onTransaction)
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
  #takeUp = (updates: Uint8Array[]): void => {
    if (this.#destroyed) return
    if (updates.length > 0 && this.#epoch !== null) this.#base.found(this.#epoch)
    this.#applyAll(updates)
    this.#sending.more()
    this.#aside.more()
    this.#show({})
  }

  #join(): void {
    const { documentId } = this.#options
    this.#asked = { stateVector: Y.encodeStateVector(this.doc), last: this.#pending.last }
    const digest = stateDigest(this.doc)
    this.#connection.send(write.join(documentId, this.#epoch ?? '', this.doc.clientID, digest, this.#asked.stateVector))
  }

  #receive(bytes: Uint8Array): void {
    const message = this.#read(bytes)
    if (!message) return
    if (message.type === 'joined') this.#joined(message)
    else if (message.type === 'updates') this.#applyOthers(message.updates)
    else if (message.type === 'presence') this.#presence.receive(message.entries)
    else if (message.type === 'permission') {
      this.#mayWrite = message.permission === 'write'
      this.#show({ permission: message.permission })
    } else if (message.type === 'refused') {
      this.#refused(message.number, problemFrom(message.problem) ?? new Problem('internal'))
    } else {
      this.#pending.settle(message.number)
      this.#sending.acknowledged(message.number)
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
    this.#mayWrite = message.permission === 'write'
    this.#compare(message)
    this.#connection.succeeded()
    this.#pending.restartClock()
    if (!this.#mayWrite && this.#pending.count > 0) {
      this.#show({ everSynced: true, permission: message.permission })
      this.#refused(0, new Problem('read-only'))
      return
    }
    // Sent before anybody hears of being online: an edit made by a listener comes after them.
    this.#sending.open()
    if (this.#epoch === null) {
      this.#epoch = message.epoch
      void this.#pending.adopt(message.epoch, this.#takeUp)
    }
    this.#show({ phase: 'online', everSynced: true, permission: message.permission, problem: null })
    this.#presence.announce()
    if (this.#cleared) return
    this.#cleared = true
    this.#aside.keep(new Problem('epoch-changed'), message.epoch)
  }

  /** Takes what the own replica lacks, and finds out what the server lacks of it. */
  #compare(message: Extract<ServerMessage, { type: 'joined' }>): void {
    const { stateVector, update } = message
    if (stateVector.length === 0) {
      // Nothing differed when it was asked; what stands on something missing is no part of that.
      const { pendingStructs, pendingDs } = this.doc.store
      if (!pendingStructs && !pendingDs) this.#pending.settle(this.#asked.last)
      return
    }
    this.#applyOthers([update])
    const hadNothing = this.#asked.stateVector.length <= 1 && this.#pending.count === 0
    if (hadNothing) return
    const held = heldBy(stateVector, update)
    if (this.#mayWrite) {
      const unsent = unsentOf(this.doc, held, () => this.#pending.updates())
      if (unsent) this.#pending.prepend(unsent)
    } else this.#pending.drop((own) => holds(held, own))
  }

  #refused(number: number, problem: Problem): void {
    if (problem.key === 'client-id-taken') {
      // Somebody else holds this client id: go on under another. Updates made under the old one stay in the outbox.
      const state = this.awareness.getLocalState()
      this.awareness.setLocalState(null)
      this.doc.clientID = Math.floor(Math.random() * 0xffffffff)
      this.awareness.clientID = this.doc.clientID
      this.awareness.setLocalState(state)
      this.#join()
      return
    }
    // What was sent before it is being committed, and was not if the next join does not know it.
    this.#refusedFrom = number > 0 ? this.#sending.firstOf(number) : 0
    this.#connection.fail(problem)
  }

  /** The server said no for good. */
  #ended(problem: Problem): void {
    const from = this.#refusedFrom
    this.#refusedFrom = 0
    this.#sending.close()
    this.#show({ phase: 'refused', problem })
    this.#presence.clear()
    this.#aside.begin(problem, from)
  }

  #lost(problem: Problem | null): void {
    this.#sending.close()
    this.#presence.clear()
    this.#show({
      phase: this.state.everSynced || problem ? 'offline' : 'connecting',
      problem: problem ?? this.state.problem,
    })
  }

  #onTransaction = (transaction: Y.Transaction): void => {
    if (this.#applying && !this.#mayWrite && isUpkeep(transaction)) this.#upkeep.add(transaction)
  }

  #onUpdate = (update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction): void => {
    // What every replica does by itself is no edit of somebody who may not edit.
    if (origin === this || this.#upkeep.has(transaction)) return
    this.#pending.add(update)
    this.#sending.more()
    this.#aside.more()
    this.#show({})
  }

  #onOnline = (): void => {
    if (this.state.phase === 'offline') this.retry()
  }

  #probe = (): void => {
    if (this.state.phase === 'online') this.#connection.probe()
  }

  #look(): void {
    this.#show({})
    this.#base.look(this.#epoch, this.#pending.oldest)
    if (this.state.stalledMs !== null) this.#probe()
  }

  #applyOthers(updates: Uint8Array[]): void {
    this.#base.grew()
    this.#applyAll(updates)
  }

  #applyAll(updates: Uint8Array[]): void {
    if (updates.length === 0) return
    this.#applying = true
    try {
      this.doc.transact(() => {
        for (const update of updates) Y.applyUpdate(this.doc, update, this)
      }, this)
    } finally {
      this.#applying = false
    }
  }

  #send({ number, update }: PendingMessage): void {
    if (update.length > socketLimits.update) {
      const most = socketLimits.update / 1024 / 1024
      this.#refused(number, new Problem('payload-too-large', `One change is larger than ${most} MB.`))
      return
    }
    const message = write.sendUpdate(number, update)
    for (const part of cut(message, ++this.#transfer, socketLimits.chunk, socketLimits.chunk))
      this.#connection.send(part)
  }

  #show(change: Partial<ProviderState>): void {
    if (this.#destroyed) return
    const { count, oldest, persisted, loading } = this.#pending
    const { copy, made } = this.#aside
    const next: ProviderState = { ...this.state, ...change, pending: count, persisted, loading }
    next.setAside = copy
    next.copies = made
    const waited = oldest === null ? 0 : performance.now() - oldest
    next.stalledMs = next.phase === 'online' && waited > STALL_MS ? Math.floor(waited / 1_000) * 1_000 : null
    const keys = Object.keys(next) as (keyof ProviderState)[]
    if (keys.every((key) => next[key] === this.state[key])) return
    this.state = next
    for (const listener of this.#listeners) listener()
  }
}
