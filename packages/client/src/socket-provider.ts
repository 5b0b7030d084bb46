import { Problem, problemFrom, socketLimits } from '@realtime/contracts'
import { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { Aside } from './aside.ts'
import { Base } from './base.ts'
import { Connection } from './connection.ts'
import { isOfContent } from './copies.ts'
import { type Asked, askToJoin, compareWith } from './joining.ts'
import { Pending, type PendingMessage } from './pending.ts'
import { linkPresence } from './presence.ts'
import type { Provider, ProviderOptions } from './provider.ts'
import { Replica } from './replica.ts'
import { Sending } from './sending.ts'
import { type ProviderState, STALL_MS } from './state.ts'
import { watchSurroundings } from './surroundings.ts'
import { createAssembler, cut, readServerMessage, type ServerMessage, write } from './wire/index.ts'

/** Milliseconds to wait for the store before connecting without what it keeps; that is sent when it comes. */
const STORE_MS = 2_000

/** A provider over one socket: joins, exchanges, keeps what is not committed, and says how it stands. */
export class SocketProvider implements Provider {
  readonly doc: Y.Doc
  readonly awareness: Awareness
  state: ProviderState
  #options: ProviderOptions
  #connection: Connection
  #replica: Replica
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
  #asked: Asked | undefined
  /** The first update that the refusal under way speaks of. */
  #refusedFrom = 0
  #transfer = 0
  #started = false
  #cleared = false
  #destroyed = false
  #unwatch: () => void

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
      unread: false,
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
    this.#replica = new Replica(doc, this, (update) => this.#edited(update))
    this.#clock = setInterval(() => this.#look(), 1_000)
    this.#unwatch = watchSurroundings({
      onOnline: () => {
        if (this.state.phase === 'offline') this.retry()
      },
      onDoubt: () => this.#probe(),
    })
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
    this.#pending.stop()
    clearTimeout(this.#storeTimer)
    clearInterval(this.#clock)
    this.#unwatch()
    this.#replica.stop()
    this.#presence.stop()
    this.awareness.destroy()
    this.#connection.end()
    this.#listeners.clear()
  }

  settled(): Promise<void> {
    return this.#pending.settled()
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
    this.#replica.apply(updates)
    this.#sending.more()
    this.#aside.more()
    this.#show({})
  }

  #join(): void {
    this.#asked = askToJoin(this.doc, this.#pending, this.#options.documentId, this.#epoch ?? '')
    this.#connection.send(this.#asked.message)
  }

  #receive(bytes: Uint8Array): void {
    const message = this.#read(bytes)
    if (!message) return
    if (message.type === 'joined') this.#joined(message)
    else if (message.type === 'updates') this.#take(message.updates)
    else if (message.type === 'presence') this.#presence.receive(message.entries)
    else if (message.type === 'permission') {
      this.#replica.mayWrite = message.permission === 'write'
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
    this.#replica.mayWrite = message.permission === 'write'
    this.#base.grew()
    if (this.#asked) compareWith(message, this.#asked, this.#replica, this.#pending)
    this.#connection.succeeded()
    this.#pending.restartClock()
    if (!this.#replica.mayWrite && this.#pending.count > 0) {
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
    const from = number > 0 ? this.#sending.firstOf(number) : 0
    if (number > 0 && isOfContent(problem) && this.#pending.divide(from, number)) {
      // Nobody but us put these edits into one message: each counts by itself before anything is final.
      this.#connection.connect()
      return
    }
    this.#refusedFrom = from
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
    this.#refusedFrom = 0
    this.#sending.close()
    this.#presence.clear()
    this.#show({
      phase: this.state.everSynced || problem ? 'offline' : 'connecting',
      problem: problem ?? this.state.problem,
    })
  }

  #edited(update: Uint8Array): void {
    this.#pending.add(update)
    this.#sending.more()
    this.#aside.more()
    this.#show({})
  }

  #probe(): void {
    if (this.state.phase === 'online') this.#connection.probe()
  }

  #look(): void {
    this.#show({})
    this.#base.look(this.#epoch, this.#pending.oldest)
    if (this.state.stalledMs !== null) this.#probe()
  }

  #take(updates: Uint8Array[]): void {
    this.#base.grew()
    this.#replica.apply(updates)
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
    const { count, oldest, persisted, loading, unread } = this.#pending
    const { copy, made } = this.#aside
    const next: ProviderState = { ...this.state, ...change, pending: count, persisted, loading, unread }
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
