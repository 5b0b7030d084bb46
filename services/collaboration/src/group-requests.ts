import { type Caller, documentInternal, Problem, readProblem } from '@realtime/contracts'
import { type Dispatcher, Pool } from 'undici'

/** Milliseconds that a commit may take before its answer counts as lost. */
const ANSWER_MS = 15_000
/** Requests of groups that may be under way at the same time; one that waits for a slow disk holds up no other. */
const CONNECTIONS = 16

/** Sends a group of appends and gives each line of the answer as it comes. @throws Problem */
export type GroupRequests = (body: Uint8Array, onLine: (line: string) => void) => Promise<void>

/**
 * Requests of `appendGroup`, some two hundred a second: by undici itself, which costs a quarter of `fetch` on top of it
 * (its streams and signals are what `call` needs for all else).
 */
export function groupRequests(caller: Caller): GroupRequests {
  const pool = new Pool(caller.baseUrl, { connections: CONNECTIONS, headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS })
  const { method, path } = documentInternal.appendGroup
  return async (body, onLine) => {
    const headers = { ...(await caller.headers?.()), 'content-type': 'application/octet-stream' }
    const answer = new Answer(onLine)
    pool.dispatch({ method, path, headers, body }, answer)
    return answer.ended
  }
}

class Answer implements Dispatcher.DispatchHandler {
  readonly ended: Promise<void>
  #end!: () => void
  #fail!: (error: Error) => void
  #onLine: (line: string) => void
  #status = 0
  #rest = ''

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine
    this.ended = new Promise((resolve, reject) => {
      this.#end = resolve
      this.#fail = reject
    })
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#rest += chunk.toString()
    if (this.#status !== 200) return
    const lines = this.#rest.split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#onLine(line)
  }

  onResponseEnd(): void {
    if (this.#status === 200) this.#end()
    else void readProblem(new Response(this.#rest, { status: this.#status }), 'document').then(this.#fail)
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    const extra = { upstream: 'document' }
    this.#fail(new Problem('unavailable', 'The document service cannot be reached.', { cause, extra }))
  }
}
