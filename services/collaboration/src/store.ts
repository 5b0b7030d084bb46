import {
  type AccessNews,
  type Actor,
  type AppendFrame,
  accessNews,
  type Caller,
  call,
  decodeLog,
  documentInternal,
  EPOCH_HEADER,
  grownLogs,
  type LogFrame,
  type Permission,
  SEQ_HEADER,
} from '@realtime/contracts'
import { type Log, readEvents } from '@realtime/kit'
import { appendStream } from './append-stream.ts'
import { Committer } from './committer.ts'

/** The log of a document after some seq, newest last. */
export interface LoadedLog {
  epoch: string
  seq: number
  frames: LogFrame[]
}

/** Milliseconds to read a whole log: a connection that goes silent in the middle must not hold up a room. */
const LOAD_MS = 60_000
/** News beat each second: after this silence, in milliseconds, the connection to them is another. */
const SILENCE_MS = 3_000

/** What the document service tells by itself. */
export interface News {
  /** Somebody has appended to a log. */
  appended(document: string, seq: number): void
  /** Somebody's access may have changed. */
  access(news: AccessNews): void
  /** Whether there is news at the moment. */
  listening(told: boolean): void
}

/** The document service, as rooms see it: what is durable comes from and goes to it. */
export interface Store {
  /** May this actor open the document, and as what? Binds the client id to them. */
  join(document: string, actor: Actor, clientId: number): ReturnType<typeof callJoin>
  /** What each of these actors may do with a document now, and in which project it lies. */
  access(document: string, actors: Actor[]): Promise<{ permissions: (Permission | null)[]; projectId: string | null }>
  load(document: string, after: number, epoch?: string): Promise<LoadedLog>
  append(document: string, epoch: string, frames: AppendFrame[]): Promise<{ firstSeq: number; lastSeq: number }>
  clientIds(document: string): Promise<Map<number, string>>
  /** Follows the news until the returned function is called. */
  follow(news: News): () => void
  /** Nothing more is appended. */
  stop(): void
}

const callJoin = (caller: Caller, id: string, actor: Actor, clientId: number) =>
  call(caller, documentInternal.join, { params: { id }, body: { actor, clientId } })

/** The store over the document service's internal routes. */
export function documentStore(caller: Caller, log: Log): Store {
  const stream = appendStream(caller)
  const committer = new Committer(stream.send)
  return {
    join: (id, actor, clientId) => callJoin(caller, id, actor, clientId),
    access: (id, actors) => call(caller, documentInternal.access, { params: { id }, body: { actors } }),
    async load(id, after, epoch) {
      // Not `AbortSignal.timeout`, which would hold all of it for a minute after it has come.
      const late = new AbortController()
      const timer = setTimeout(() => late.abort(), LOAD_MS)
      try {
        const input = { params: { id }, query: { after, epoch } }
        const response = await call(caller, documentInternal.load, input, { signal: late.signal })
        const frames = decodeLog(new Uint8Array(await response.arrayBuffer()))
        return {
          epoch: response.headers.get(EPOCH_HEADER) ?? '',
          seq: frames.at(-1)?.seq ?? Number(response.headers.get(SEQ_HEADER)),
          frames,
        }
      } finally {
        clearTimeout(timer)
      }
    },
    append: (document, epoch, frames) => committer.append({ document, epoch, frames }),
    async clientIds(id) {
      const { clientIds } = await call(caller, documentInternal.clientIds, { params: { id } })
      return new Map(clientIds.map((row) => [row.clientId, row.principal]))
    },
    follow(news) {
      const stopping = new AbortController()
      void followNews(caller, log, stopping.signal, news)
      return () => stopping.abort()
    },
    stop: () => stream.stop(),
  }
}

async function followNews(caller: Caller, log: Log, stopping: AbortSignal, news: News): Promise<void> {
  while (!stopping.aborted) {
    const silence = new AbortController()
    const late = setTimeout(() => silence.abort(), SILENCE_MS)
    try {
      const signal = AbortSignal.any([stopping, silence.signal])
      const response = await call(caller, documentInternal.roomNews, {}, { signal })
      news.listening(true)
      for await (const { event, data } of readEvents(response)) {
        late.refresh()
        if (event === 'appended') {
          // Another release may tell it otherwise: rooms look by themselves then.
          for (const [id, seq] of grownLogs.safeParse(JSON.parse(data)).data ?? []) news.appended(id, seq)
        } else if (event === 'access') news.access(accessNews.parse(JSON.parse(data)))
      }
    } catch (error) {
      if (!stopping.aborted) log.debug({ err: error }, 'news of documents cannot be read; rooms ask meanwhile')
    }
    clearTimeout(late)
    if (stopping.aborted) return
    news.listening(false)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}
