import { randomInt } from 'node:crypto'
import {
  type AppendFrame,
  type AppendResult,
  appendResult,
  type Caller,
  call,
  decodeLog,
  documentInternal,
  EPOCH_HEADER,
  encodeAppend,
  type LogFrame,
  problemFrom,
  SEQ_HEADER,
} from '@realtime/contracts'
import { type Running, serviceCaller } from '@realtime/kit'
import { freshSchema } from '@realtime/kit/database'
import { type Authority, startAuthority } from '@realtime/kit/testing'
import * as Y from 'yjs'
import type { DocumentConfig } from './config.ts'
import { type Context, open } from './context.ts'
import type { Resource } from './database/client.ts'
import { insertDocument } from './documents.ts'
import { newId } from './ids.ts'
import { start } from './index.ts'

export const PUBLIC_URL = 'http://localhost:3000'
export const SECRET = 'the-secret-of-the-document-service'

/** The service on a schema of its own, with the functions' own context beside it for what no endpoint makes. */
export interface Bench {
  url: string
  internalUrl: string
  authority: Authority
  /** A second opening of the same schema, as another process of the service would have. */
  ctx: Context
  internal: Caller
  schema: string
  sql: ReturnType<typeof freshSchema>['sql']
  /** A resource in a project of its own. */
  document(): Promise<Resource>
  /** Another process of the service on the same schema, as it begins after a restart. */
  restart(): Promise<Running>
  stop(): Promise<void>
}

/** Starts the document service for tests, its organization service being out of reach. */
export async function startBench(): Promise<Bench> {
  const schema = freshSchema('document')
  const authority = await startAuthority(PUBLIC_URL)
  const config: DocumentConfig = {
    DOCUMENT_LISTEN: '127.0.0.1:0',
    DOCUMENT_INTERNAL_LISTEN: '127.0.0.1:0',
    DOCUMENT_SERVICE_SECRET: SECRET,
    PUBLIC_URL,
    LOG_LEVEL: 'silent',
    AUTH_URL: authority.url,
    AUTH_INTERNAL_URL: 'http://127.0.0.1:9',
    AUTH_SERVICE_SECRET: 'the-secret-of-the-auth-service-for-tests',
    ORGANIZATION_INTERNAL_URL: 'http://127.0.0.1:9',
    ORGANIZATION_SERVICE_SECRET: 'the-secret-of-the-organization-service',
    DATABASE_POOL: 5,
    ...schema.config,
  }
  const running = await start(config)
  const ctx = await open(config)
  const internalUrl = running.internalUrl ?? ''
  return {
    url: running.url,
    internalUrl,
    authority,
    ctx,
    internal: serviceCaller({ from: 'collaboration', to: 'document', url: internalUrl, secret: SECRET }),
    schema: schema.schema,
    sql: schema.sql,
    async document() {
      const organizationId = newId()
      const project = { id: newId(), organizationId, name: 'Tests', createdBy: 'user:ada' }
      await ctx.db.project.create({ data: project })
      return insertDocument(ctx, {
        projectId: project.id,
        organizationId,
        kind: 'document',
        title: 'Trial',
        createdBy: 'user:ada',
      })
    },
    restart: () => start(config),
    async stop() {
      await running.stop()
      ctx.drain()
      await ctx.close()
      await authority.stop()
      await schema.drop()
    },
  }
}

/** A frame that inserts text under a client id of its own. */
export function typed(text: string, options: { clientId?: number; principal?: string } = {}): AppendFrame {
  const doc = new Y.Doc()
  doc.clientID = options.clientId ?? randomInt(2, 2 ** 32)
  doc.getText('notes').insert(0, text)
  const clientIds = [doc.clientID]
  return { principal: options.principal ?? 'user:ada', origin: 'user', clientIds, update: Y.encodeStateAsUpdate(doc) }
}

/** Appends frames over HTTP. */
export function append(bench: Bench, { id, epoch }: { id: string; epoch: string }, frames: AppendFrame[]) {
  const body = encodeAppend(frames)
  return call(bench.internal, documentInternal.append, { params: { id }, query: { epoch }, body })
}

/**
 * Sends one group by a stream of its own; each answer is given to `heard` as it comes, and all of them in the order of
 * the group.
 * @throws Problem when the stream, or the group as a whole, is refused
 */
export async function sendGroup(
  by: Caller,
  group: Uint8Array,
  { heard, signal = null }: { heard?: (result: AppendResult) => void; signal?: AbortSignal | null } = {},
): Promise<AppendResult[]> {
  const { method, path } = documentInternal.appends
  const head = Buffer.alloc(4)
  head.writeUInt32BE(group.length)
  const headers = { ...(await by.headers?.()), 'content-type': 'application/octet-stream' }
  const body = Buffer.concat([head, group])
  const response = await fetch(`${by.baseUrl}${path}`, { method, headers, body, signal })
  if (!response.ok) throw problemFrom(await response.json())
  const results: AppendResult[] = []
  let rest = ''
  for await (const bytes of response.body ?? []) {
    const lines = (rest + Buffer.from(bytes as Uint8Array).toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines.map((one) => JSON.parse(one) as Record<string, unknown>)) {
      if (line.index === undefined) throw problemFrom(line.problem)
      const result = appendResult.parse(line)
      results.push(result)
      heard?.(result)
    }
  }
  return results.sort((a, b) => a.index - b.index)
}

/** Loads a log over HTTP. */
export async function load(
  bench: Bench,
  id: string,
  query: { after?: number; epoch?: string } = {},
): Promise<{ epoch: string | null; seq: number; frames: LogFrame[] }> {
  const answer = await call(bench.internal, documentInternal.load, { params: { id }, query })
  const frames = decodeLog(new Uint8Array(await answer.arrayBuffer()))
  return { epoch: answer.headers.get(EPOCH_HEADER), seq: Number(answer.headers.get(SEQ_HEADER)), frames }
}

/** The document that log frames lead to. */
export function replay(frames: LogFrame[]): Y.Doc {
  const doc = new Y.Doc()
  for (const frame of frames) Y.applyUpdate(doc, frame.update)
  return doc
}
