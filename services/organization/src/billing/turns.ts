import type { Context } from '../context.ts'
import type { Transaction } from '../transactions.ts'

/** Transactions that wait for Stripe at once in a process: they hold connections which other work needs, too. */
const MOST_AT_ONCE = 2

/** Work that waits for Stripe, some at a time; equal work that has not looked yet is done once for all who want it. */
export class Turns {
  #running = 0
  readonly #waiting: (() => void)[] = []
  readonly #shared = new Map<string, Promise<unknown>>()
  readonly #open = new Set<Promise<unknown>>()

  /** Runs `work` when it is its turn. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#take(work)
    this.#open.add(turn)
    const close = () => void this.#open.delete(turn)
    turn.then(close, close)
    return turn
  }

  /**
   * Like `run`, but whoever comes with the same key before `work` says `looks` gets the answer of the one that waits:
   * what it will see is not older than what they would.
   */
  share<T>(key: string, work: (looks: () => void) => Promise<T>): Promise<T> {
    const shared = this.#shared.get(key) as Promise<T> | undefined
    if (shared) return shared
    const looks = () => {
      if (this.#shared.get(key) === own) this.#shared.delete(key)
    }
    const own: Promise<T> = this.run(() => work(looks).finally(looks))
    this.#shared.set(key, own)
    return own
  }

  /** Waits until nothing runs, `ms` milliseconds at most. */
  settled(ms: number): Promise<void> {
    return atMost(Promise.allSettled(this.#open), ms)
  }

  async #take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MOST_AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#running++
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }
}

/** Waits for `work`, which does not fail, `ms` milliseconds at most. */
export async function atMost(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}

/**
 * Runs `work` while no other process or request deals with the billing of this organization. It may ask Stripe, and
 * must do so inside: what was read before the lock could be older than what another has written since.
 */
export function holdBilling<T>(
  ctx: Context,
  organizationId: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return ctx.db.$transaction(
    async (tx) => {
      const key = `.billing.${organizationId}`
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ${key}, 0))`
      return work(tx)
    },
    { maxWait: 10_000, timeout: 90_000 },
  )
}
