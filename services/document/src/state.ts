import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { type Actor, EPOCH_HEADER, Problem, SEQ_HEADER } from '@realtime/contracts'
import type { BinaryAnswer } from '@realtime/kit'
import type { Request } from 'express'
import { documentFor } from './access.ts'
import type { Context } from './context.ts'
import { FOLD_AFTER_ROWS, storeFold } from './snapshots.ts'
import type { Encoding, State } from './state-cache.ts'
import { type Loaded, load } from './updates.ts'

/**
 * The newest state of a resource as an HTTP answer: compressed as the asker takes it, or 304 when they have it.
 * @throws Problem `not-found`
 */
export async function answerState(
  ctx: Context,
  actor: Actor,
  { id, request }: { id: string; request: Request },
): Promise<BinaryAnswer> {
  const { resource } = await documentFor(ctx, actor, id, 'read')
  const headers = (epoch: string, seq: number): Record<string, string> => ({
    etag: tagOf(epoch, seq),
    'cache-control': 'private, no-cache',
    vary: 'Authorization, Accept-Encoding',
    [EPOCH_HEADER]: epoch,
    [SEQ_HEADER]: String(seq),
  })
  const wanted = Number(resource.seq)
  if (holds(request.headers['if-none-match'], tagOf(resource.epoch, wanted))) {
    return { body: null, status: 304, headers: headers(resource.epoch, wanted) }
  }
  const state = await newestState(ctx, { id, epoch: resource.epoch, seq: wanted })
  const encoding: Encoding = request.acceptsEncodings('br')
    ? 'br'
    : request.acceptsEncodings('gzip')
      ? 'gzip'
      : 'identity'
  const body = await encoded(ctx, state, encoding)
  request.res?.once('finish', () => storeFold(ctx, state))
  return {
    body,
    headers: {
      ...headers(state.epoch, state.seq),
      ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
    },
  }
}

/**
 * The state at `seq` of `epoch` or a newer one: from the cache, else the cached older state or the newest snapshot
 * with the rows after it, folded.
 */
export function newestState(ctx: Context, at: { id: string; epoch: string; seq: number }): Promise<State> {
  const cached = ctx.states.get(at.id)
  const base = cached?.epoch === at.epoch ? cached : undefined
  if (base && base.seq >= at.seq) return Promise.resolve(base)
  const key = `${at.id} ${at.epoch} ${at.seq}`
  const under = ctx.states.folding.get(key)
  if (under) return under
  const state = fold(ctx, at.id, base)
    .catch((error: unknown) => {
      // Replaced between the look at the resource and the look at its log: start from what is there now.
      if (base && error instanceof Problem && error.key === 'epoch-changed') return fold(ctx, at.id, undefined)
      throw error
    })
    .finally(() => ctx.states.folding.delete(key))
  ctx.states.folding.set(key, state)
  return state
}

/** Stores a snapshot for a log that somebody just loaded from its start and found long; in the background. */
export function foldLong(ctx: Context, id: string, { epoch, seq, frames }: Loaded): void {
  if (frames.length <= FOLD_AFTER_ROWS || ctx.states.writing.has(id)) return
  newestState(ctx, { id, epoch, seq })
    .then((state) => storeFold(ctx, state))
    .catch((error: unknown) => ctx.log.warn({ err: error, document: id }, 'a log could not be folded'))
}

async function fold(ctx: Context, id: string, base: State | undefined): Promise<State> {
  const loaded = await load(ctx, { id, after: base?.seq ?? 0, ...(base ? { epoch: base.epoch } : {}) })
  const first = loaded.frames[0]
  const snapshotSeq = base ? base.snapshotSeq : first?.origin === 'snapshot' ? first.seq : 0
  const updates = loaded.frames.map((frame) => frame.update)
  const bytes = await ctx.folder.fold(base ? [base.bytes, ...updates] : updates)
  const { epoch, seq } = loaded
  const state: State = { id, epoch, seq, snapshotSeq, bytes, encoded: new Map(), encodedBytes: 0 }
  ctx.states.put(state)
  return state
}

const compressBrotli = promisify(brotliCompress)
const compressGzip = promisify(gzip)
/** Quality 4 of 11: most of the saving for a tenth of the time. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }

function encoded(ctx: Context, state: State, encoding: Encoding): Promise<Uint8Array> {
  if (encoding === 'identity') return Promise.resolve(state.bytes)
  const known = state.encoded.get(encoding)
  if (known) return known
  const compressing = encoding === 'br' ? compressBrotli(state.bytes, BROTLI) : compressGzip(state.bytes, { level: 5 })
  const result = compressing.then((bytes) => {
    ctx.states.grew(state, bytes.length)
    return bytes
  })
  state.encoded.set(encoding, result)
  return result
}

function tagOf(epoch: string, seq: number): string {
  return `"${epoch}.${seq}"`
}

/** Whether an `If-None-Match` names the tag; proxies may have marked it weak. */
function holds(header: string | undefined, tag: string): boolean {
  return (header ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === tag)
}
