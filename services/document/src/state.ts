import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { type Actor, EPOCH_HEADER, Problem, SEQ_HEADER } from '@realtime/contracts'
import type { BinaryAnswer } from '@realtime/kit'
import type { Request } from 'express'
import { documentFor } from './access.ts'
import type { Context } from './context.ts'
import type { Encoding, State } from './state-cache.ts'
import { Stopped } from './thread.ts'
import { LogTrouble } from './troubles.ts'
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

async function fold(ctx: Context, id: string, base: State | undefined): Promise<State> {
  const loaded = await load(ctx, { id, after: base?.seq ?? 0, ...(base ? { epoch: base.epoch } : {}) })
  const { epoch, seq, frames } = loaded
  const updates = frames.map((frame) => frame.update)
  // A snapshot stands for all before it.
  const begins = base && frames[0]?.origin !== 'snapshot' ? [base.bytes, ...updates] : updates
  const [only] = begins
  const bytes =
    begins.length === 1 && only && frames[0]?.origin === 'snapshot' ? only : await foldHere(ctx, loaded, id, begins)
  const state: State = { id, epoch, seq, bytes, encoded: new Map(), encodedBytes: 0 }
  ctx.states.put(state)
  return state
}

async function foldHere(ctx: Context, { epoch }: Loaded, id: string, updates: Uint8Array[]): Promise<Uint8Array> {
  try {
    return await ctx.folder.fold(updates)
  } catch (error) {
    if (!(error instanceof Stopped)) {
      await ctx.troubles.report(
        { id, epoch },
        new LogTrouble('unreadable', error instanceof Error ? error.message : ''),
      )
    }
    throw error
  }
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
