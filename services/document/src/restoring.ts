import { type Actor, kind, Problem, principalOf, type Version } from '@realtime/contracts'
import { documentFor } from './access.ts'
import type { Context } from './context.ts'
import type { Prisma, Resource } from './database/client.ts'
import { type Kept, keepVersion, pack, unpack } from './keeping.ts'
import type { Reverted } from './past.ts'
import { newestState } from './state.ts'
import { appendWithin } from './updates.ts'
import { showOne, stateOf, versionOf } from './versions.ts'

/** How often a restore is prepared beside the writing of others, before they are asked to wait for it. */
const TRIES = 3
/** Longest time that writers may wait then. */
const WAIT_MS = 60_000

/**
 * Makes the content what it was in a version: one more edit in the log, for `actor`, which merges with whatever others
 * write. What was there before, to the last row, is kept as a version; restoring that undoes this.
 * @throws Problem `not-found`, also for a version of another epoch
 */
export async function restoreVersion(
  ctx: Context,
  actor: Actor,
  { id, version }: { id: string; version: string },
): Promise<{ seq: number | null; before: Version | null }> {
  const { resource } = await documentFor(ctx, actor, id, 'write')
  const kept = await versionOf(ctx, resource, version)
  const past = await unpack((await stateOf(ctx, kept)).bytes)
  const restoring = { resource, past, principal: principalOf(actor) }
  for (let attempt = 1; ; attempt++) {
    const done = await restore(ctx, restoring, attempt === TRIES)
    if (done === 'moved') continue
    if (done === 'same') return { seq: null, before: null }
    ctx.announcer.announce(id, done.seq)
    return { seq: done.seq, before: await showOne(ctx, resource.organizationId, done.before) }
  }
}

interface Restoring {
  resource: Resource
  past: Uint8Array
  principal: string
}

type Restored = { seq: number; before: Kept }

/**
 * Prepares the edit, then commits it if the log is where it was. When it has moved on: `moved`, or with `insist` the
 * rows that came are added while the log is held.
 */
async function restore(ctx: Context, input: Restoring, insist: boolean): Promise<Restored | 'same' | 'moved'> {
  const { id, epoch } = input.resource
  const { seq } = await ctx.db.resource.findUniqueOrThrow({ where: { id }, select: { seq: true } })
  const state = await newestState(ctx, { id, epoch, seq: Number(seq) })
  const prepared = await prepare(ctx, input, state.bytes)
  if (!prepared) return 'same'
  const work = async (tx: Prisma.TransactionClient): Promise<Restored | 'same' | 'moved'> => {
    const held = await hold(tx, input.resource)
    if (state.epoch !== epoch) throw new Problem('not-found')
    if (held === state.seq) return commit(tx, input, held, prepared)
    if (!insist) return 'moved'
    const rows = await tx.$queryRaw<{ bytes: Uint8Array }[]>`
      SELECT bytes FROM updates WHERE resource_id = ${id} AND epoch = ${epoch} AND seq > ${state.seq} ORDER BY seq`
    const newest = await ctx.past.fold([state.bytes, ...rows.map((row) => row.bytes)])
    const again = await prepare(ctx, input, newest)
    return again ? commit(tx, input, held, again) : 'same'
  }
  return ctx.db.$transaction(work, { timeout: WAIT_MS })
}

interface Prepared extends Reverted {
  /** What was there before, packed. */
  before: Uint8Array<ArrayBuffer>
}

async function prepare(ctx: Context, { resource, past }: Restoring, state: Uint8Array): Promise<Prepared | null> {
  const reverted = await ctx.past.revert({ kind: kind.parse(resource.kind), state, past })
  return reverted && { ...reverted, before: await pack(state) }
}

/** Keeps all others from appending until the transaction ends; answers the newest seq. */
async function hold(tx: Prisma.TransactionClient, { id, epoch }: Resource): Promise<number> {
  const [row] = await tx.$queryRaw<{ seq: bigint }[]>`
    SELECT seq FROM resources WHERE id = ${id} AND epoch = ${epoch} AND trashed_at IS NULL FOR UPDATE`
  if (!row) throw new Problem('not-found')
  return Number(row.seq)
}

async function commit(
  tx: Prisma.TransactionClient,
  { resource, principal }: Restoring,
  held: number,
  { update, clientIds, before }: Prepared,
): Promise<Restored> {
  const { epoch } = resource
  const seq = await appendWithin(tx, resource, { principal, origin: 'restore', clientIds, update })
  const version = { resource, epoch, seq: held, reason: 'before-restore', bytes: before } as const
  return { seq, before: await keepVersion(tx, version) }
}
