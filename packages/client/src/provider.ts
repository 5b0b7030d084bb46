import { Problem } from '@realtime/contracts'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import type { OutboxStore } from './outbox.ts'
import { SocketProvider } from './socket-provider.ts'
import { type ProviderState, saveState } from './state.ts'

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
  /** What to remember of the document in private copies, such as its title: structured-cloneable, for a file store JSON. */
  about?(): unknown
}

export interface Provider {
  readonly doc: Y.Doc
  /** Presence of everybody in the document; `user` in others' states is stamped by the server. */
  readonly awareness: Awareness
  /** What is known now; a new object whenever it changes. */
  readonly state: ProviderState
  /** Calls `listener` after each change of `state`. @returns a function that ends it */
  subscribe(listener: () => void): () => void
  /** Tries to connect at once, or as soon as the server wants it. Does nothing after edits were set aside. */
  retry(): void
  /**
   * Ends it as if the server had refused on the socket: for what is learnt elsewhere, such as that the document was
   * deleted, and where the socket may not get through.
   */
  refuse(problem: Problem): void
  /** Leaves the document. Unacknowledged edits stay in the store. */
  destroy(): void
  /** Resolves when nothing is being read from the store or written to it: after `destroy` it may be closed then. */
  settled(): Promise<void>
}

/** Takes part in a document: see the README of this package for a complete example. */
export function createProvider(options: ProviderOptions): Provider {
  return new SocketProvider(options)
}

/**
 * Resolves once every own edit is committed, those too that an earlier session left in the store, for programs that
 * leave when they are done.
 * @throws Problem with which the server refused, or `timeout` after `timeoutMs`
 */
export function whenSaved(provider: Provider, timeoutMs = 30_000): Promise<void> {
  return new Promise((resolve, reject) => {
    let unsubscribe = (): void => {}
    const end = (settle: () => void): void => {
      clearTimeout(timer)
      unsubscribe()
      settle()
    }
    const late = (): Problem =>
      new Problem(
        'timeout',
        provider.state.unread ? 'What was kept on this device cannot be read.' : 'Saving takes too long.',
      )
    const timer = setTimeout(() => end(() => reject(late())), timeoutMs)
    const look = (): void => {
      const { phase, problem } = provider.state
      if (phase === 'refused') end(() => reject(problem ?? new Problem('internal')))
      else if (saveState(provider.state).kind === 'saved') end(resolve)
    }
    unsubscribe = provider.subscribe(look)
    look()
  })
}
