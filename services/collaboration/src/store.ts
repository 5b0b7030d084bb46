import {
  type Actor,
  type AppendFrame,
  type Caller,
  call,
  decodeLog,
  documentInternal,
  EPOCH_HEADER,
  encodeAppend,
  type LogFrame,
  SEQ_HEADER,
} from '@realtime/contracts'
import { type Log, readEvents } from '@realtime/kit'

/** The log of a document after some seq, newest last. */
export interface LoadedLog {
  epoch: string
  seq: number
  frames: LogFrame[]
}

/** Milliseconds to read a whole log: a connection that goes silent in the middle must not hold up a room. */
const LOAD_MS = 60_000

/** The document service, as rooms see it: what is durable comes from and goes to it. */
export interface Store {
  /** May this actor open the document, and as what? Binds the client id to them; null only asks. */
  join(document: string, actor: Actor, clientId: number | null): ReturnType<typeof callJoin>
  load(document: string, after: number, epoch?: string): Promise<LoadedLog>
  append(document: string, epoch: string, frames: AppendFrame[]): Promise<{ firstSeq: number; lastSeq: number }>
  clientIds(document: string): Promise<Map<number, string>>
  /** Calls `onAppended` whenever anybody has appended to a log, until the returned function is called. */
  follow(onAppended: (document: string, seq: number) => void): () => void
}

const callJoin = (caller: Caller, id: string, actor: Actor, clientId: number | null) =>
  call(caller, documentInternal.join, { params: { id }, body: { actor, clientId } })

/** The store over the document service's internal routes. */
export function documentStore(caller: Caller, log: Log): Store {
  return {
    join: (id, actor, clientId) => callJoin(caller, id, actor, clientId),
    async load(id, after, epoch) {
      const signal = AbortSignal.timeout(LOAD_MS)
      const response = await call(
        caller,
        documentInternal.load,
        { params: { id }, query: { after, epoch } },
        { signal },
      )
      const frames = decodeLog(new Uint8Array(await response.arrayBuffer()))
      return {
        epoch: response.headers.get(EPOCH_HEADER) ?? '',
        seq: frames.at(-1)?.seq ?? Number(response.headers.get(SEQ_HEADER)),
        frames,
      }
    },
    append: (id, epoch, frames) =>
      call(caller, documentInternal.append, { params: { id }, query: { epoch }, body: encodeAppend(frames) }),
    async clientIds(id) {
      const { clientIds } = await call(caller, documentInternal.clientIds, { params: { id } })
      return new Map(clientIds.map((row) => [row.clientId, row.principal]))
    },
    follow(onAppended) {
      const stopping = new AbortController()
      void followAppended(caller, log, stopping.signal, onAppended)
      return () => stopping.abort()
    },
  }
}

async function followAppended(
  caller: Caller,
  log: Log,
  signal: AbortSignal,
  onAppended: (document: string, seq: number) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const response = await call(caller, documentInternal.roomNews, {}, { signal })
      for await (const { event, data } of readEvents(response)) {
        if (event !== 'appended') continue
        const { id, seq } = JSON.parse(data) as { id: string; seq: number }
        onAppended(id, seq)
      }
    } catch (error) {
      if (!signal.aborted) log.debug({ err: error }, 'news of appends cannot be read; rooms poll meanwhile')
    }
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 500))
  }
}
