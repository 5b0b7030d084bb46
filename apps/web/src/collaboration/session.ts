import type { Provider, ProviderState } from '@realtime/client'
import type { Problem } from '@realtime/contracts'
import * as Y from 'yjs'
import { isPassing } from '../api.ts'

/** What a page knows of a document it has open; a new object whenever it changes. */
export interface SessionSnapshot {
  /** The replica and its connection, once the last saved content was fetched. */
  opened: { doc: Y.Doc; provider: Provider } | null
  /** Of the connection. */
  state: ProviderState | null
  /** Why the last saved content could not be fetched, and how many times running; in sight until it is there. */
  failure: { error: unknown; times: number } | null
  /** How many private copies were made of edits to it since it was opened. */
  copies: number
}

/** The last saved content of a document. */
export interface SavedState {
  epoch: string | null
  /** A Yjs V1 update. */
  update: Uint8Array
}

export interface SessionOptions {
  load(signal: AbortSignal): Promise<SavedState>
  /** Connects the replica that holds the saved content. */
  connect(doc: Y.Doc, epoch: string | null): Provider
}

export interface Session {
  snapshot(): SessionSnapshot
  /** @returns a function that ends it */
  subscribe(listener: () => void): () => void
  /** Fetches at once after a failure, of which it recovers by itself too; connects at once when that is away. */
  retry(): void
  /** Ends the connection for good: the document is known to be gone, or no longer for this person. */
  refuse(problem: Problem): void
  close(): void
}

/** What is known before anything is. */
export const LOADING: SessionSnapshot = { opened: null, state: null, failure: null, copies: 0 }

/** How long after a failure the content is fetched again, in milliseconds. */
const AGAIN_MS = { first: 400, most: 4_000 }

/** A replica is opened anew by itself so often at most within the time, in milliseconds: then somebody has to ask. */
const RENEWALS = { most: 3, within: 60_000 }

/**
 * Opens a document: fetches the last saved content, shows it at once, then connects. When the server refuses edits for
 * good, or has replaced the document, it does so again: what is shown is then the server's.
 */
export function openSession({ load, connect }: SessionOptions): Session {
  let current = LOADING
  let release = () => {}
  let again: ReturnType<typeof setTimeout> | undefined
  let stop = new AbortController()
  let renewed: number[] = []
  /** Of the replicas before this one. */
  let copies = 0
  const listeners = new Set<() => void>()

  function show(next: SessionSnapshot): void {
    current = next
    for (const listener of listeners) listener()
  }

  async function start(): Promise<void> {
    stop.abort()
    clearTimeout(again)
    stop = new AbortController()
    const { signal } = stop
    try {
      const saved = await load(signal)
      if (signal.aborted) return
      release()
      take(saved)
    } catch (error) {
      if (signal.aborted) return
      release()
      const times = (current.failure?.times ?? 0) + 1
      show({ ...LOADING, failure: { error, times }, copies })
      if (isPassing(error)) again = setTimeout(start, Math.min(AGAIN_MS.most, AGAIN_MS.first * 2 ** (times - 1)))
    }
  }

  function take({ epoch, update }: SavedState): void {
    const doc = new Y.Doc()
    // Before the provider listens: this content is the server's, not an edit of ours.
    Y.applyUpdate(doc, update, 'saved')
    const provider = connect(doc, epoch)
    const guard = guardUnsaved(() => provider.state)
    let over = false
    const unsubscribe = provider.subscribe(() => {
      const { state } = provider
      guard.update()
      show({ opened: current.opened, state, failure: null, copies: copies + state.copies })
      if (!over && isOver(state) && mayRenew()) {
        over = true
        void start()
      }
    })
    release = () => {
      copies += provider.state.copies
      unsubscribe()
      guard.stop()
      provider.destroy()
      doc.destroy()
      release = () => {}
    }
    show({ opened: { doc, provider }, state: provider.state, failure: null, copies })
  }

  function mayRenew(): boolean {
    renewed = renewed.filter((at) => Date.now() - at < RENEWALS.within)
    return renewed.length < RENEWALS.most && renewed.push(Date.now()) > 0
  }

  void start()
  return {
    snapshot: () => current,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    retry() {
      if (current.failure) void start()
      else current.opened?.provider.retry()
    },
    refuse: (problem) => current.opened?.provider.refuse(problem),
    close() {
      stop.abort()
      clearTimeout(again)
      release()
      listeners.clear()
    },
  }
}

/** Whether a replica is not what the server has, and never will be, while nothing of it waits to be kept. */
function isOver(state: ProviderState): boolean {
  if (state.phase !== 'refused') return false
  return state.setAside !== null || (state.problem?.key === 'epoch-changed' && state.pending === 0)
}

/** Has the browser ask before it leaves while edits are neither on the server nor kept on this device. */
function guardUnsaved(state: () => ProviderState): { update(): void; stop(): void } {
  let guarding = false
  const ask = (event: BeforeUnloadEvent) => event.preventDefault()
  function set(on: boolean): void {
    if (on === guarding) return
    guarding = on
    if (on) window.addEventListener('beforeunload', ask)
    else window.removeEventListener('beforeunload', ask)
  }
  return {
    update: () => set(state().pending > 0 && !state().persisted),
    stop: () => set(false),
  }
}
