/** How a state can be sent. */
export type Encoding = 'identity' | 'gzip' | 'br'

/** The state of a resource at one seq. */
export interface State {
  id: string
  epoch: string
  seq: number
  /** A Yjs V1 update. */
  bytes: Uint8Array
  /** The same, compressed, once somebody asked for it. */
  encoded: Map<Encoding, Promise<Uint8Array>>
  /** Resolved sizes of `encoded`, in bytes. */
  encodedBytes: number
}

/** The newest states, one a resource, the least recently used leaving first. */
export interface StateCache {
  get(id: string): State | undefined
  put(state: State): void
  /** Counts what was added to a state after it was put. */
  grew(state: State, bytes: number): void
  /** Folds under way, by id, epoch and seq, so that one asker folds for all. */
  folding: Map<string, Promise<State>>
}

/** A cache of states of at most `limit` bytes. */
export function stateCache(limit: number): StateCache {
  const states = new Map<string, State>()
  let held = 0
  const size = (state: State): number => state.bytes.length + state.encodedBytes
  const drop = (id: string): void => {
    const state = states.get(id)
    if (!state) return
    held -= size(state)
    states.delete(id)
  }
  const trim = (): void => {
    for (const id of states.keys()) {
      if (held <= limit) return
      drop(id)
    }
  }
  return {
    get(id) {
      const state = states.get(id)
      if (state) {
        states.delete(id)
        states.set(id, state)
      }
      return state
    },
    put(state) {
      const known = states.get(state.id)
      if (known && known.epoch === state.epoch && known.seq > state.seq) return
      drop(state.id)
      states.set(state.id, state)
      held += size(state)
      trim()
    },
    grew(state, bytes) {
      state.encodedBytes += bytes
      if (states.get(state.id) !== state) return
      held += bytes
      trim()
    },
    folding: new Map(),
  }
}
