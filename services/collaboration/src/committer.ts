import {
  appendResult,
  type Caller,
  call,
  documentInternal,
  encodeGroup,
  type GroupedAppend,
  Problem,
  problemFrom,
  toProblem,
} from '@realtime/contracts'

/** A group leaves so long after the one before, in milliseconds; the first goes at once. */
const GROUP_MS = 5
/** Bytes of one group; what is above goes with the next, at once. */
const GROUP_BYTES = 4 * 1024 * 1024
/** Milliseconds that a commit may take before its answer counts as lost. */
const ANSWER_MS = 15_000

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
 * Commits for all rooms: what comes within some milliseconds goes to the document service as one request, which answers
 * each of its appends as soon as that is durable. A room appends one after the other, so a group names it once.
 */
export class Committer {
  #caller: Caller
  #waiting: Waiting[] = []
  #timer: NodeJS.Timeout | undefined
  #left = 0

  constructor(caller: Caller) {
    this.#caller = caller
  }

  /**
   * Resolves when PostgreSQL has it durable.
   * @throws Problem of the append; `unavailable` or `timeout` when nobody knows whether it went through
   */
  append(append: GroupedAppend): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ append, resolve, reject })
      const wait = Math.max(0, this.#left + GROUP_MS - performance.now())
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
    void this.#send(group)
  }

  async #send(group: Waiting[]): Promise<void> {
    const left = new Map(group.entries())
    try {
      const body = encodeGroup(group.map(({ append }) => append))
      const signal = AbortSignal.timeout(ANSWER_MS)
      const response = await call(this.#caller, documentInternal.appendGroup, { body }, { signal })
      for await (const line of linesOf(response)) {
        const result = appendResult.parse(JSON.parse(line))
        const waiting = left.get(result.index)
        left.delete(result.index)
        if ('problem' in result) waiting?.reject(problemFrom(result.problem) ?? new Problem('upstream-failed'))
        else waiting?.resolve({ firstSeq: result.firstSeq, lastSeq: result.lastSeq })
      }
      throw new Error('the answer ended early')
    } catch (error) {
      if (left.size === 0) return
      const problem = error instanceof Problem ? error : new Problem('unavailable', undefined, { cause: error })
      for (const waiting of left.values()) waiting.reject(toProblem(problem))
    }
  }
}

/** The lines of an answer, as they come. */
async function* linesOf(response: Response): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of response.body ?? []) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines.filter((line) => line !== '')
  }
  if (rest !== '') yield rest
}
