import { type Joined, join, thread } from './thread.ts'

/** Folds updates into states without holding up the service. */
export interface Folder {
  /** The state that all updates, in their order, lead to, as one V1 update. @throws Error when one cannot be read */
  fold(updates: Uint8Array[]): Promise<Uint8Array>
  stop(): Promise<void>
}

/** Folds in one worker thread. Through a `Y.Doc`: `mergeUpdates` takes minutes where this takes seconds. */
export function folder(): Folder {
  const worker = thread<Joined, Uint8Array>(new URL('./fold.worker.mjs', import.meta.url), 'a log cannot be folded')
  return {
    fold(updates) {
      const ask = join(updates)
      return worker.ask(ask, [ask.bytes.buffer, ask.lengths.buffer])
    },
    stop: () => worker.stop(),
  }
}
