import { Worker } from 'node:worker_threads'

/** Folds updates into states without holding up the service. */
export interface Folder {
  /** The state that all updates, in their order, lead to, as one V1 update. @throws Error when one cannot be read */
  fold(updates: Uint8Array[]): Promise<Uint8Array>
  stop(): Promise<void>
}

/** What the thread is asked: updates laid end to end, so that none drags along the network buffer it is a view of. */
export interface Ask {
  id: number
  bytes: Uint8Array
  lengths: Uint32Array
}

type Answer = { id: number; state: Uint8Array } | { id: number; error: string }
type Asked = { resolve(state: Uint8Array): void; reject(error: Error): void }

/**
 * Folds in one worker thread, started at the first need and again after it died. Through a `Y.Doc`: `mergeUpdates`
 * takes minutes where this takes seconds.
 */
export function folder(): Folder {
  const asked = new Map<number, Asked>()
  let worker: Worker | null = null
  let count = 0
  const start = (): Worker => {
    const started = new Worker(new URL('./fold.worker.mjs', import.meta.url), { execArgv: [] })
    started.on('message', (answer: Answer) => {
      const waiting = asked.get(answer.id)
      asked.delete(answer.id)
      if ('state' in answer) waiting?.resolve(answer.state)
      else waiting?.reject(new Error(`a log cannot be folded: ${answer.error}`))
    })
    started.on('error', (error) => lost(started, error))
    started.on('exit', () => lost(started, new Error('the folding thread ended')))
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
    fold(updates) {
      worker ??= start()
      const id = ++count
      const to = worker
      return new Promise((resolve, reject) => {
        asked.set(id, { resolve, reject })
        const ask: Ask = { id, bytes: joined(updates), lengths: Uint32Array.from(updates, (update) => update.length) }
        to.postMessage(ask, [ask.bytes.buffer as ArrayBuffer, ask.lengths.buffer as ArrayBuffer])
      })
    },
    async stop() {
      const running = worker
      if (running) lost(running, new Error('the service stops'))
      await running?.terminate()
    },
  }
}

function joined(parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    all.set(part, offset)
    offset += part.length
  }
  return all
}
