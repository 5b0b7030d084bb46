/** Many times in milliseconds, and what share of them lies below what. */
export class Latencies {
  #values = new Float32Array(4096)
  #count = 0
  #sorted = false

  get count(): number {
    return this.#count
  }

  add(ms: number): void {
    if (this.#count === this.#values.length) {
      const more = new Float32Array(this.#count * 2)
      more.set(this.#values)
      this.#values = more
    }
    this.#values[this.#count++] = ms
    this.#sorted = false
  }

  clear(): void {
    this.#count = 0
  }

  /** The time that a share of all times does not pass; NaN when there are none. */
  quantile(share: number): number {
    const values = this.#values.subarray(0, this.#count)
    if (!this.#sorted) values.sort()
    this.#sorted = true
    return values[Math.min(this.#count - 1, Math.max(0, Math.ceil(this.#count * share) - 1))] ?? Number.NaN
  }
}
