import * as Y from 'yjs'
import { invalid, type Struct } from './decoding.ts'
import type { KnownState } from './updates.ts'

type Id = { client: number; clock: number }

/**
 * Runs Yjs's own order of integration without integrating: a struct is taken once all it depends on is there. What
 * is left in the end would have stayed pending. Each turn to another client id takes at least one struct, so that it
 * takes as long as there are structs, in whatever order they depend on each other.
 */
export class Integration {
  /** Whether anything is new. */
  fresh = false
  /** The clock that each client id reaches. */
  readonly reached = new Map<number, number>()
  #byClient: Map<number, Struct[]>
  #state: KnownState
  #next = new Map<number, number>()

  constructor(byClient: Map<number, Struct[]>, state: KnownState) {
    this.#byClient = byClient
    this.#state = state
  }

  clock(clientId: number): number {
    return this.reached.get(clientId) ?? this.#state.clock(clientId)
  }

  /** @throws Problem `invalid-update` */
  run(): void {
    for (const root of this.#byClient.keys()) {
      if (this.#take(root) !== null) this.#follow(root)
    }
  }

  /** Takes those first that a client id waits for. */
  #follow(root: number): void {
    const under = new Set([root])
    const turns = [{ clientId: root, from: this.#next.get(root) ?? 0 }]
    for (let turn = turns.at(-1); turn; turn = turns.at(-1)) {
      const waits = this.#take(turn.clientId)
      if (waits !== null && !under.has(waits) && this.#byClient.has(waits)) {
        under.add(waits)
        turns.push({ clientId: waits, from: this.#next.get(waits) ?? 0 })
        continue
      }
      // At its end, or waiting for one that waits for it: that one goes on if this one came any further.
      if (waits !== null && (turns.length === 1 || this.#next.get(turn.clientId) === turn.from)) {
        throw invalid('it depends on something that nobody has')
      }
      turns.pop()
      under.delete(turn.clientId)
    }
  }

  /** Takes what it can of a client id. @returns the client id it waits for, or null at the end */
  #take(clientId: number): number | null {
    const list = this.#byClient.get(clientId) ?? []
    let index = this.#next.get(clientId) ?? 0
    let waits: number | null = null
    for (; index < list.length; index++) {
      const struct = list[index] as Struct
      waits = this.#waitsFor(struct)
      if (waits !== null) break
      const end = struct.id.clock + struct.length
      // A hole adds nothing; what follows it is only taken when the hole is known.
      if (end > this.clock(clientId) && !(struct instanceof Y.Skip)) {
        this.reached.set(clientId, end)
        this.fresh = true
      }
    }
    this.#next.set(clientId, index)
    return waits
  }

  /** The client id of something that a struct depends on and that is not there; null when all is. */
  #waitsFor(struct: Struct): number | null {
    const { client, clock } = struct.id
    if (struct instanceof Y.Skip) return null
    if (clock > this.clock(client)) return client
    if (!(struct instanceof Y.Item)) return null
    for (const id of [struct.origin, struct.rightOrigin, struct.parent]) {
      if (isId(id) && id.clock >= (id.client === client ? clock : this.clock(id.client))) return id.client
    }
    return null
  }
}

/** Whether the parent or origin of a struct is named by an id. */
export function isId(parent: unknown): parent is Id {
  return parent instanceof Y.ID
}
