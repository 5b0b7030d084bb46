import { type Actor, kind, Problem, principalOf, type Version } from '@realtime/contracts'
import { documentFor } from './access.ts'
import { appendWithin } from './append.ts'
import type { Context } from './context.ts'
import type { Prisma, Resource } from './database/client.ts'
import { KEEPING, type Kept, keepVersion, pack, unpack } from './keeping.ts'
import type { Reverted } from './past.ts'
import { stateAt } from './past-states.ts'
import { newestState } from './state.ts'
import type { State } from './state-cache.ts'
import { showOne, stateOf, versionOf } from './versions.ts'

/** How often a restore begins anew because the server itself wrote meanwhile, as another restore does. */
const TRIES = 5

/**
 * Makes the content what it was in a version: one more edit in the log, for `actor`, which merges with whatever others
 * write meanwhile. What was there before, to the last row, is kept as a version; restoring that undoes this.
 * @throws Problem `not-found`, also for a version of another epoch
 */
export async function restoreVersion(
  ctx: Context,
  actor: Actor,
  { id, version }: { id: string; version: string },
): Promise<{ seq: number | null; before: Version | null }> {
  const { resource } = await documentFor(ctx, actor, id, 'restore')
  const kept = await versionOf(ctx, resource, version)
  const past = await unpack((await stateOf(ctx, kept)).bytes)
  const restoring = { resource, past, principal: principalOf(actor) }
  for (let attempt = 1; ; attempt++) {
    const { seq } = await ctx.db.resource.findUniqueOrThrow({ where: { id }, select: { seq: true } })
    const state = await newestState(ctx, { id, epoch: resource.epoch, seq: Number(seq) })
    if (state.epoch !== resource.epoch) throw new Problem('not-found')
    const prepared = await prepare(ctx, restoring, state)
    if (!prepared) return { seq: null, before: null }
    const restored = await ctx.db.$transaction((tx) => commit(tx, restoring, prepared, attempt === TRIES), KEEPING)
    if (!restored) continue
    ctx.announcer.announce(id, restored.seq)
    const before = await complete(ctx, restoring, prepared, restored)
    return { seq: restored.seq, before: await showOne(ctx, resource.organizationId, before) }
  }
}

interface Restoring {
  resource: Resource
  past: Uint8Array
  principal: string
}

interface Prepared extends Reverted {
  state: State
  /** The state, packed. */
  packed: Uint8Array<ArrayBuffer>
}

interface Restored {
  seq: number
  before: Kept
}

async function prepare(ctx: Context, { resource, past }: Restoring, state: State): Promise<Prepared | null> {
  const reverted = await ctx.past.revert({ kind: kind.parse(resource.kind), state: state.bytes, past })
  return reverted && { ...reverted, state, packed: await pack(state.bytes) }
}

/**
 * Appends the edit, and keeps the state that it was prepared on. Rows of people that came since merge with it; null
 * when one of the server came, which may be the same restore. `insist` appends all the same.
 */
async function commit(
  tx: Prisma.TransactionClient,
  { resource, principal }: Restoring,
  { state, packed, update, clientIds }: Prepared,
  insist: boolean,
): Promise<Restored | null> {
  const { id, epoch } = resource
  const [held] = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM resources WHERE id = ${id} AND epoch = ${epoch} AND trashed_at IS NULL FOR UPDATE`
  if (!held) throw new Problem('not-found')
  const since = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM updates
    WHERE resource_id = ${id} AND epoch = ${epoch} AND seq > ${state.seq} AND origin <> 'user' LIMIT 1`
  if (since.length > 0 && !insist) return null
  const seq = await appendWithin(tx, resource, { principal, origin: 'restore', clientIds, update })
  const version = { resource, epoch, seq: state.seq, reason: 'before-restore', bytes: packed } as const
  return { seq, before: await keepVersion(tx, version) }
}

/**
 * Brings the version from before a restore to the last row before it, when rows came between: after the commit, so that
 * no writer waits for it. Were it to fail, the version lacks what was written while the restore was prepared.
 */
async function complete(
  ctx: Context,
  { resource }: Restoring,
  { state }: Prepared,
  { seq, before }: Restored,
): Promise<Kept> {
  const last = seq - 1
  if (last === state.seq) return before
  try {
    const { id, epoch } = resource
    const bytes = await pack(await stateAt(ctx, { id, epoch, seq: last }, state))
    const keep = async (tx: Prisma.TransactionClient): Promise<Kept> => {
      await tx.version.delete({ where: { id: before.id } })
      return keepVersion(tx, { resource, epoch, seq: last, reason: 'before-restore', at: before.at, bytes })
    }
    return await ctx.db.$transaction(keep, KEEPING)
  } catch (error) {
    ctx.log.warn({ err: error, document: resource.id }, 'a version from before a restore lacks its last moment')
    return before
  }
}
