import * as Y from 'yjs'
import type { Update } from './claims.ts'
import type { Row } from './log-page.ts'

/** That somebody wrote `length` clocks of a client id from `clock` on. */
export interface Authored {
  clientId: number
  clock: number
  length: number
  principal: string
  /** Of the first of them; milliseconds since 1970. */
  at: number
}

/** What follows by the same hand within this time of the first is one record: an hour of writing costs a row. */
export const ONE_RECORD_MS = 3_600_000

/** Who wrote what, from the rows of a log in their order. Who writes a clock first wrote it; repeating it adds nothing. */
export class Authors {
  readonly #known: Map<number, number>
  readonly #last = new Map<number, Authored>()
  readonly list: Authored[] = []

  /** `known`: the clocks that were written before the first of these rows. */
  constructor(known: Map<number, number>) {
    this.#known = new Map(known)
  }

  add({ at, principal }: Row, { structs }: Update): void {
    for (const struct of structs) {
      if (struct instanceof Y.Skip) continue
      const { client: clientId } = struct.id
      const end = struct.id.clock + struct.length
      const clock = Math.max(struct.id.clock, this.#known.get(clientId) ?? 0)
      if (end <= clock) continue
      this.#known.set(clientId, end)
      const last = this.#last.get(clientId)
      const goes = last?.principal === principal && last.clock + last.length === clock && at - last.at <= ONE_RECORD_MS
      if (last && goes) last.length = end - last.clock
      else {
        const authored = { clientId, clock, length: end - clock, principal, at }
        this.#last.set(clientId, authored)
        this.list.push(authored)
      }
    }
  }
}
