import type { Provider, ProviderState } from '@realtime/client'
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
  close(): void
}

/** What is known before anything is. */
export const LOADING: SessionSnapshot = { opened: null, state: null, failure: null }

/** How long after a failure the content is fetched again, in milliseconds. */
const AGAIN_MS = { first: 400, most: 4_000 }

/** Opens a document: fetches the last saved content, shows it at once, then connects. */
export function openSession({ load, connect }: SessionOptions): Session {
  let current = LOADING
  let release = () => {}
  let again: ReturnType<typeof setTimeout> | undefined
  let stop = new AbortController()
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
      const { epoch, update } = await load(signal)
      if (signal.aborted) return
      const doc = new Y.Doc()
      // Before the provider listens: this content is the server's, not an edit of ours.
      Y.applyUpdate(doc, update, 'saved')
      const provider = connect(doc, epoch)
      const guard = guardUnsaved(() => provider.state)
      const unsubscribe = provider.subscribe(() => {
        guard.update()
        show({ opened: current.opened, state: provider.state, failure: null })
      })
      release = () => {
        unsubscribe()
        guard.stop()
        provider.destroy()
        doc.destroy()
        release = () => {}
      }
      show({ opened: { doc, provider }, state: provider.state, failure: null })
    } catch (error) {
      if (signal.aborted) return
      const times = (current.failure?.times ?? 0) + 1
      show({ ...LOADING, failure: { error, times } })
      if (isPassing(error)) again = setTimeout(start, Math.min(AGAIN_MS.most, AGAIN_MS.first * 2 ** (times - 1)))
    }
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
    close() {
      stop.abort()
      clearTimeout(again)
      release()
      listeners.clear()
    },
  }
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
