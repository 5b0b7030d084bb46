import { Worker } from 'node:worker_threads'

/** A worker thread that is asked and answers, so that long work does not hold up the service. */
export interface Thread<Ask extends object, Answer> {
  /** `transfer` names the buffers that the thread takes over. @throws Error when the thread fails at it */
  ask(ask: Ask, transfer: ArrayBuffer[]): Promise<Answer>
  stop(): Promise<void>
}

type Reply<Answer> = { id: number; answer: Answer } | { id: number; error: string }
type Asked<Answer> = { resolve(answer: Answer): void; reject(error: Error): void }

/** One thread, started at the first need and again after it died. `failure` begins the message of what fails in it. */
export function thread<Ask extends object, Answer>(file: URL, failure: string): Thread<Ask, Answer> {
  const asked = new Map<number, Asked<Answer>>()
  let worker: Worker | null = null
  let count = 0
  const start = (): Worker => {
    const started = new Worker(file, { execArgv: [] })
    started.on('message', (reply: Reply<Answer>) => {
      const waiting = asked.get(reply.id)
      asked.delete(reply.id)
      if ('answer' in reply) waiting?.resolve(reply.answer)
      else waiting?.reject(new Error(`${failure}: ${reply.error}`))
    })
    started.on('error', (error) => lost(started, error))
    started.on('exit', () => lost(started, new Error('the thread ended')))
    // The service decides when the process ends, not an idle thread.
    started.unref()
    return started
  }
  const lost = (which: Worker, error: Error): void => {
    if (worker !== which) return
    worker = null
    for (const waiting of asked.values()) waiting.reject(error)
    asked.clear()
  }
  return {
    ask(ask, transfer) {
      worker ??= start()
      const id = ++count
      const to = worker
      return new Promise((resolve, reject) => {
        asked.set(id, { resolve, reject })
        to.postMessage({ id, ...ask }, transfer)
      })
    },
    async stop() {
      const running = worker
      if (running) lost(running, new Error('the service stops'))
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
