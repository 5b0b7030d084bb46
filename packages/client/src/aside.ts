import type { Problem } from '@realtime/contracts'
import type * as Y from 'yjs'
import { copyOf, isFinal, meansGone, type SetAside, setAsideKept, withoutState } from './copies.ts'
import type { OutboxStore } from './outbox.ts'
import type { Pending } from './pending.ts'

export interface AsideOptions {
  doc: Y.Doc
  pending: Pending
  store: OutboxStore | undefined
  document: string
  epoch(): string | null
  about(): unknown
  changed(): void
}

/** Makes private copies of what the server will never take. */
export class Aside {
  /** The copy of this replica's edits; null as long as there is none. */
  copy: SetAside | null = null
  /** How many copies were made. */
  made = 0
  #options: AsideOptions
  #reason: { problem: Problem; from: number } | null = null
  #working = false

  constructor(options: AsideOptions) {
    this.#options = options
  }

  /** The server refused for `problem` everything from update number `from` on; what is edited later goes the same way. */
  begin(problem: Problem, from: number): void {
    if (!isFinal(problem)) return
    this.#reason = { problem, from }
    void this.#work()
    if (meansGone(problem)) this.keep(problem, this.#options.epoch() ?? undefined)
  }

  /** There is another edit. */
  more(): void {
    if (this.#reason) void this.#work()
  }

  /** The server is asked again. */
  end(): void {
    this.#reason = null
  }

  /** Makes copies of what waits in the store under other epochs than `except`. */
  keep(problem: Problem, except: string | undefined): void {
    const { store, document, about, changed } = this.#options
    if (!store) return
    setAsideKept(store, document, problem, { ...(except === undefined ? {} : { except }), about: about() }).then(
      (copies) => {
        this.made += copies.length
        if (copies.length > 0) changed()
      },
      // They are in the store as before: the next session tries again.
      () => {},
    )
  }

  async #work(): Promise<void> {
    if (this.#working) return
    this.#working = true
    const { doc, pending, document, epoch, about, changed } = this.#options
    while (this.#reason && pending.count > 0) {
      const { problem, from } = this.#reason
      const before = this.copy
      const copy = await pending.setAside(from, (count) =>
        copyOf(doc, {
          ...(before ? { id: before.id } : {}),
          document,
          epoch: epoch() ?? '',
          problem,
          count: count + (before?.count ?? 0),
          about: about(),
        }),
      )
      if (!copy) break
      if (!before) this.made++
      this.copy = withoutState(copy)
    }
    this.#working = false
    changed()
  }
}
