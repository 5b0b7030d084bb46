import { appendResult, encodeGroup, type GroupedAppend, Problem, problemFrom, toProblem } from '@realtime/contracts'
import type { SendGroup } from './append-stream.ts'
import { mayPass } from './trying.ts'

/** A group leaves so long after the one before, in milliseconds; the first goes at once. */
const GROUP_MS = 5
/** And so long when that is not answered yet: what takes longer is better asked for less often. */
const BUSY_GROUP_MS = 10
/** Bytes of one group; what is above goes with the next, at once. */
const GROUP_BYTES = 4 * 1024 * 1024

interface Appended {
  firstSeq: number
  lastSeq: number
}

interface Waiting {
  append: GroupedAppend
  resolve(appended: Appended): void
  reject(problem: Problem): void
}

/**
 * Commits for all rooms: what comes within some milliseconds goes to the document service as one group, which answers
 * each of its appends as soon as that is durable. A room appends one after the other, so a group names it once.
 */
export class Committer {
  #request: SendGroup
  #waiting: Waiting[] = []
  #timer: NodeJS.Timeout | undefined
  #left = 0
  /** The newest group, while it is not answered. */
  #open: Waiting[] | null = null

  constructor(request: SendGroup) {
    this.#request = request
  }

  /**
   * Resolves when PostgreSQL has it durable.
   * @throws Problem of the append; `unavailable` or `timeout` when nobody knows whether it went through
   */
  append(append: GroupedAppend): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ append, resolve, reject })
      const wait = Math.max(0, this.#left + (this.#open ? BUSY_GROUP_MS : GROUP_MS) - performance.now())
      this.#timer ??= setTimeout(() => this.#leave(), wait)
    })
  }

  #leave(): void {
    this.#timer = undefined
    this.#left = performance.now()
    const group: Waiting[] = []
    let bytes = 0
    for (const waiting of this.#waiting) {
      bytes += waiting.append.frames.reduce((sum, { update }) => sum + update.length, 0)
      if (group.length > 0 && bytes > GROUP_BYTES) break
      group.push(waiting)
    }
    this.#waiting = this.#waiting.slice(group.length)
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#leave(), 0)
    this.#open = group
    void this.#send(group).then(() => {
      if (this.#open === group) this.#open = null
    })
  }

  async #send(group: Waiting[]): Promise<void> {
    const left = new Map(group.entries())
    try {
      const body = encodeGroup(group.map(({ append }) => append))
      await this.#request(body, group.length, (line) => {
        const result = appendResult.parse(line)
        const waiting = left.get(result.index)
        left.delete(result.index)
        if ('problem' in result) waiting?.reject(problemFrom(result.problem) ?? new Problem('upstream-failed'))
        else waiting?.resolve({ firstSeq: result.firstSeq, lastSeq: result.lastSeq })
      })
      if (left.size > 0) throw new Problem('upstream-failed', undefined, { cause: new Error('an answer is missing') })
    } catch (error) {
      // Whatever has no answer may have been committed or not. What is wrong with the group is nobody's update.
      const problem = toProblem(error)
      const reason = mayPass(problem) ? problem : new Problem('upstream-failed', undefined, { cause: problem })
      for (const waiting of left.values()) waiting.reject(reason)
    }
  }
}
