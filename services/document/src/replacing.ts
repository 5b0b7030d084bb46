import { type Actor, kind, Problem, principalOf } from '@realtime/contracts'
import { recordChange } from './changes.ts'
import { decodeClaims } from './claims.ts'
import type { Folded, Part } from './compactor.ts'
import type { Context } from './context.ts'
import type { Prisma, Resource } from './database/client.ts'
import { newEpoch } from './ids.ts'
import { KEEPING, keepVersion, unpack } from './keeping.ts'
import { readPage } from './log-page.ts'
import { readSnapshot } from './snapshots.ts'
import { LogTrouble } from './troubles.ts'

/**
 * Puts another state in the place of a document's: repaired elsewhere, or imported anew; an empty `body` stands for all
 * that can be read of the document's own log. It begins a new epoch, so that whoever has the old state open is refused
 * instead of merging the two. What was there is kept as a version, and its rows for a week.
 * @throws Problem `not-found`, `invalid-update` (also for content that is none of the document's kind)
 */
export async function replaceState(
  ctx: Context,
  actor: Actor,
  { id, body }: { id: string; body: Uint8Array },
): Promise<{ epoch: string; seq: number }> {
  const resource = await ctx.db.resource.findUnique({ where: { id } })
  if (!resource || resource.trashedAt) throw new Problem('not-found')
  const given = body.length > 0 ? await stateFrom(ctx, resource, body) : null
  const before = await readable(ctx, resource, null)
  const epoch = newEpoch()
  const replace = async (tx: Prisma.TransactionClient): Promise<number> => {
    // From here on nobody appends: what follows is quick, since all but the newest rows were read already.
    const [held] = await tx.$queryRaw<Head[]>`
      SELECT epoch, seq FROM resources WHERE id = ${id} AND trashed_at IS NULL FOR UPDATE`
    if (!held) throw new Problem('not-found')
    if (held.epoch !== resource.epoch) throw new Problem('conflict', 'The document was just replaced by somebody else.')
    const last = await readable(ctx, { ...resource, seq: held.seq }, before)
    await putState(tx, { resource, epoch, actor, state: given ?? (await repaired(ctx, resource, last)), last })
    return Number(held.seq) + 1
  }
  const seq = await ctx.db.$transaction(replace, KEEPING)
  ctx.log.info({ document: id, epoch, seq }, 'The state of a document was replaced')
  // Whoever has it open looks, and is told of the epoch.
  ctx.announcer.announce(id, seq)
  return { epoch, seq }
}

interface Head {
  epoch: string
  seq: bigint
}

type State = Pick<Folded, 'packed' | 'digest' | 'claims' | 'content'>

async function stateFrom(ctx: Context, resource: Resource, body: Uint8Array): Promise<State> {
  const inspected = await ctx.compactor.inspect(kind.parse(resource.kind), new Uint8Array(body))
  if (typeof inspected === 'string') throw new Problem('invalid-update', inspected)
  const wrong = await ctx.compactor.verify(inspected)
  if (wrong !== null) throw new Error(`a state cannot be stored: ${wrong}`)
  return inspected
}

/** What can be read of a log must be whole in itself to go on with. */
async function repaired(ctx: Context, resource: Resource, last: Readable): Promise<State> {
  return stateFrom(ctx, resource, await unpack(last.packed))
}

/** As much as can be read of a log up to a row. */
interface Readable {
  packed: Uint8Array<ArrayBuffer>
  seq: number
}

/** What can be read of a log, whatever is wrong with it: from where `before` ends, or its newest sound snapshot. */
async function readable(ctx: Context, { id, epoch, seq }: Resource, before: Readable | null): Promise<Readable> {
  const upTo = Number(seq)
  if (before && before.seq === upTo) return before
  const base = before ?? (await soundSnapshot(ctx, { id, epoch, upTo }))
  const pages: Part['pages'] = []
  for (let after = base?.seq ?? 0; after < upTo; ) {
    const page = await readPage(ctx.pool, { id, epoch, after, upTo })
    if (page.rows === 0) break
    pages.push(page.bytes)
    after = page.lastSeq
  }
  const part = { base: base && new Uint8Array(base.packed), after: base?.seq ?? null, pages, leniently: true }
  const folded = await ctx.compactor.fold(part)
  if (folded.left > 0) ctx.log.warn({ document: id, rows: folded.left }, 'Rows of a log cannot be read')
  return { packed: folded.packed, seq: upTo }
}

async function soundSnapshot(ctx: Context, log: { id: string; epoch: string; upTo: number }) {
  try {
    return await readSnapshot(ctx.pool, log)
  } catch (error) {
    if (!(error instanceof LogTrouble)) throw error
    ctx.log.warn({ document: log.id, detail: error.message }, 'A snapshot is not what was stored')
    return null
  }
}

interface Putting {
  resource: Resource
  epoch: string
  actor: Actor
  state: State
  last: Readable
}

async function putState(tx: Prisma.TransactionClient, { resource, epoch, actor, state, last }: Putting): Promise<void> {
  const { id, organizationId, projectId } = resource
  const seq = BigInt(last.seq + 1)
  const digest = Buffer.from(state.digest, 'hex')
  await tx.snapshot.create({ data: { resourceId: id, epoch, seq, bytes: state.packed, digest } })
  // Client ids of nobody are the server's from now on: nobody may go on writing under them.
  const clocks = [...decodeClaims(state.claims).clocks]
  await tx.clientId.createMany({
    data: clocks.map(([client]) => ({ resourceId: id, clientId: BigInt(client), principal: principalOf(actor) })),
    skipDuplicates: true,
  })
  await tx.$executeRaw`
    INSERT INTO authorship (resource_id, epoch, client_id, clock, length, principal, at)
    SELECT ${id}, ${epoch}, c.client_id, 0, w.length, c.principal, now()
    FROM unnest(${clocks.map(([client]) => client)}::bigint[], ${clocks.map(([, end]) => end)}::bigint[])
      AS w (client_id, length) JOIN client_ids c ON c.resource_id = ${id} AND c.client_id = w.client_id
    WHERE w.length > 0`
  const before = {
    resource,
    epoch: resource.epoch,
    seq: last.seq,
    reason: 'before-restore',
    bytes: last.packed,
  } as const
  await keepVersion(tx, before)
  // People go back to versions by their content, whichever state that was written in.
  await tx.version.updateMany({ where: { resourceId: id, epoch: resource.epoch }, data: { epoch } })
  await tx.logTrouble.deleteMany({ where: { resourceId: id } })
  const data = { epoch, seq, historySeq: seq, compactedSeq: seq, replacedAt: new Date(), updatedAt: new Date() }
  await tx.resource.update({ where: { id }, data })
  await recordChange(tx, organizationId, 'document.changed', { id, projectId })
}
