import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { type Caller, documentInternal, Problem, problemFrom, readProblem } from '@realtime/contracts'

/** Milliseconds that a commit may take before its answer counts as lost. */
const ANSWER_MS = 15_000
/** A stream is followed by another after this long, in milliseconds: servers do not wait for a request without end. */
const STREAM_MS = 60_000
const HEAD = 4

/** Sends a group of so many appends and gives the line of each answer as it comes. @throws Problem */
export type SendGroup = (body: Uint8Array, count: number, onResult: (result: unknown) => void) => Promise<void>

interface Group {
  left: number
  since: number
  onResult(result: unknown): void
  resolve(): void
  reject(problem: Problem): void
}

/**
 * Sends groups of appends, some two hundred a second, over one request that stays open: a request for each would cost
 * several times as much as the rest of a commit, on both sides.
 */
export function appendStream(caller: Caller): { send: SendGroup; stop(): void } {
  let current: Promise<Stream> | null = null
  const open = async (): Promise<Stream> => new Stream(caller.baseUrl, (await caller.headers?.()) ?? {})
  /** The stream that takes groups now: whoever finds that it is another one opens it for all. */
  const taking = async (): Promise<Stream> => {
    const asked = current
    const stream = await asked
    if (stream?.open) return stream
    if (current === asked) current = open()
    return taking()
  }
  return {
    send: async (body, count, onResult) => (await taking()).send(body, count, onResult),
    stop: () => void current?.then((stream) => stream.stop()),
  }
}

class Stream {
  /** Whether it takes groups. */
  open = true
  #request: ClientRequest
  #groups = new Map<number, Group>()
  #count = 0
  #status = 0
  #rest = ''
  #until = performance.now() + STREAM_MS
  #watching: NodeJS.Timeout

  constructor(baseUrl: string, headers: Record<string, string>) {
    const { method, path } = documentInternal.appends
    const url = new URL(path, baseUrl)
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest
    this.#request = request(url, { method, headers: { ...headers, 'content-type': 'application/octet-stream' } })
    this.#request.on('response', (response) => this.#answered(response))
    this.#request.on('error', (cause) => this.#over(cause))
    this.#request.on('close', () => this.#over())
    this.#watching = setInterval(() => this.#watch(), 1_000).unref()
    this.#request.flushHeaders()
  }

  send(body: Uint8Array, count: number, onResult: (result: unknown) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.open) return reject(away())
      this.#groups.set(this.#count++, { left: count, since: performance.now(), onResult, resolve, reject })
      const framed = Buffer.allocUnsafe(HEAD + body.length)
      framed.writeUInt32BE(body.length, 0)
      framed.set(body, HEAD)
      this.#request.write(framed)
    })
  }

  /** No more groups; what is under way is answered. */
  stop(): void {
    this.open = false
    this.#request.end()
  }

  #answered(response: IncomingMessage): void {
    this.#status = response.statusCode ?? 0
    response.setEncoding('utf8')
    response.on('data', (text: string) => {
      this.#rest += text
      if (this.#status === 200) this.#read()
    })
    response.on('end', () => this.#over())
    response.on('error', (cause) => this.#over(cause))
  }

  #read(): void {
    const lines = this.#rest.split('\n')
    this.#rest = lines.pop() ?? ''
    try {
      for (const line of lines) this.#take(JSON.parse(line) as { group: number; index?: number; problem?: unknown })
    } catch (cause) {
      this.#over(cause)
    }
  }

  #take(result: { group: number; index?: number; problem?: unknown }): void {
    const group = this.#groups.get(result.group)
    if (!group) return
    if (result.index === undefined) {
      this.#groups.delete(result.group)
      group.reject(problemFrom(result.problem) ?? away())
      return
    }
    group.onResult(result)
    if (--group.left > 0) return
    this.#groups.delete(result.group)
    group.resolve()
  }

  /** Lets another stream follow, and gives up on one that does not answer. */
  #watch(): void {
    const now = performance.now()
    if (this.open && now > this.#until) this.stop()
    const [oldest] = this.#groups.values()
    if (oldest && now - oldest.since > ANSWER_MS) this.#over(new Error('no answer in time'))
  }

  /** Nothing more comes: whatever has no answer may have been committed or not. */
  #over(cause?: unknown): void {
    this.open = false
    clearInterval(this.#watching)
    const groups = [...this.#groups.values()]
    this.#groups.clear()
    this.#request.destroy()
    if (groups.length === 0) return
    const problem =
      this.#status === 0 || this.#status === 200
        ? Promise.resolve(away(cause))
        : readProblem(new Response(this.#rest, { status: this.#status }), 'document')
    void problem.then((known) => {
      for (const group of groups) group.reject(known)
    })
  }
}

function away(cause?: unknown): Problem {
  const extra = { upstream: 'document' }
  return new Problem('unavailable', 'The document service cannot be reached.', { cause, extra })
}
