/** A token bucket: `burst` at once, and `perSecond` in the long run. */
export class Budget {
  #perSecond: number
  #burst: number
  #left: number
  #at: number

  constructor({ perSecond, burst }: { perSecond: number; burst: number }, now = performance.now()) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#left = burst
    this.#at = now
  }

  /** Takes an amount. @returns 0, or the milliseconds after which there will be enough; then nothing was taken */
  take(amount: number, now = performance.now()): number {
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#at) / 1_000) * this.#perSecond)
    this.#at = now
    // More than the whole bucket goes when it is full: it would never fit.
    if (this.#left >= Math.min(amount, this.#burst)) {
      this.#left -= amount
      return 0
    }
    return Math.ceil(((Math.min(amount, this.#burst) - this.#left) / this.#perSecond) * 1_000)
  }

  /** Takes an amount whether it is there or not: what comes next has to wait for it. */
  spend(amount: number): void {
    this.#left -= amount
  }

  /** Whether it is as full as can be. */
  full(now = performance.now()): boolean {
    return this.#left + ((now - this.#at) / 1_000) * this.#perSecond >= this.#burst
  }
}
