import { Worker } from 'node:worker_threads'

/** A worker thread that is asked and answers, so that long work does not hold up the service. */
export interface Thread<Ask extends object, Answer> {
  /**
   * One ask is worked on at a time, in their order. `transfer` names the buffers that the thread takes over.
   * @throws Error when the thread fails at it, `Overdue` when it does not come to an end, `Stopped`
   */
  ask(ask: Ask, transfer: ArrayBuffer[]): Promise<Answer>
  stop(): Promise<void>
}

/** The thread worked longer than it may, and was ended. */
export class Overdue extends Error {}

/** The thread was stopped before it came to an end. */
export class Stopped extends Error {}

/** How long a thread may work on one ask, in milliseconds: a hundred times what a large document needs. */
const LIMIT_MS = 60_000

type Reply<Answer> = { answer: Answer } | { error: string }

interface Asked<Ask, Answer> {
  ask: Ask
  transfer: ArrayBuffer[]
  resolve(answer: Answer): void
  reject(error: Error): void
}

/**
 * One thread, started at the first need and again after it died or was ended because it took longer than `limitMs`.
 * `failure` begins the message of what fails in it.
 */
export function thread<Ask extends object, Answer>(
  file: URL,
  failure: string,
  limitMs = LIMIT_MS,
): Thread<Ask, Answer> {
  const waiting: Asked<Ask, Answer>[] = []
  let worker: Worker | null = null
  let current: Asked<Ask, Answer> | null = null
  let limit: NodeJS.Timeout | undefined
  const start = (): Worker => {
    const started = new Worker(file, { execArgv: [] })
    started.on('message', (reply: Reply<Answer>) => {
      if (worker !== started) return
      settle((asked) => {
        if ('answer' in reply) asked.resolve(reply.answer)
        else asked.reject(new Error(`${failure}: ${reply.error}`))
      })
    })
    started.on('error', (error) => lost(started, error))
    started.on('exit', () => lost(started, new Error('the thread ended')))
    // The service decides when the process ends, not an idle thread.
    started.unref()
    return started
  }
  const settle = (tell: (asked: Asked<Ask, Answer>) => void): void => {
    const asked = current
    current = null
    clearTimeout(limit)
    if (asked) tell(asked)
    next()
  }
  const lost = (which: Worker, error: Error): void => {
    if (worker !== which) return
    worker = null
    settle((asked) => asked.reject(error))
  }
  const next = (): void => {
    const asked = current ? undefined : waiting.shift()
    if (!asked) return
    current = asked
    worker ??= start()
    const at = worker
    limit = setTimeout(() => {
      void at.terminate()
      lost(at, new Overdue(`${failure}: it takes longer than ${limitMs / 1000} s`))
    }, limitMs)
    limit.unref()
    at.postMessage(asked.ask, asked.transfer)
  }
  return {
    ask(ask, transfer) {
      return new Promise((resolve, reject) => {
        waiting.push({ ask, transfer, resolve, reject })
        next()
      })
    },
    async stop() {
      const stopped = new Stopped('the service stops')
      for (const asked of waiting.splice(0)) asked.reject(stopped)
      const running = worker
      if (running) lost(running, stopped)
      await running?.terminate()
    },
  }
}

/** Byte strings laid end to end, so that none drags along the network buffer it is a view of. */
export interface Joined {
  bytes: Uint8Array<ArrayBuffer>
  lengths: Uint32Array<ArrayBuffer>
}

/** Lays byte strings end to end. */
export function join(parts: Uint8Array[]): Joined {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.length
  }
  return { bytes, lengths: Uint32Array.from(parts, (part) => part.length) }
}

/** Lays what is laid end to end already behind each other. */
export function concat(parts: Joined[]): Joined {
  const lengths = new Uint32Array(parts.reduce((sum, part) => sum + part.lengths.length, 0))
  let offset = 0
  for (const part of parts) {
    lengths.set(part.lengths, offset)
    offset += part.lengths.length
  }
  return { bytes: join(parts.map((part) => part.bytes)).bytes, lengths }
}
