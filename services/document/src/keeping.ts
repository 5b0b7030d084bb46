import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress } from 'node:zlib'
import type { VersionReason } from '@realtime/contracts'
import { SEED_CLIENT_ID } from '@realtime/resources'
import { recordChange } from './changes.ts'
import type { Prisma, Resource, Version } from './database/client.ts'
import { newId } from './ids.ts'
import { packing } from './packing.ts'

/** A kept version without its state. */
export type Kept = Omit<Version, 'bytes'>

/** How long a transaction that keeps a version may take: a large state is on its way for a while. */
export const KEEPING = { maxWait: 10_000, timeout: 30_000 }

const compress = promisify(brotliCompress)
const decompress = promisify(brotliDecompress)

/** Compresses a state as versions keep it. */
export async function pack(state: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await compress(state, packing(state.length)))
}

/** The state of a version, as it was. */
export function unpack(bytes: Uint8Array): Promise<Uint8Array> {
  return decompress(bytes)
}

interface Keeping {
  resource: Pick<Resource, 'id' | 'organizationId' | 'projectId'>
  epoch: string
  seq: number
  reason: VersionReason
  name?: string
  /** When it was so; now unless told. */
  at?: Date
  /** As `pack` made it. */
  bytes: Uint8Array<ArrayBuffer>
}

/** Keeps a version. The last statement of a transaction but an append: it records a change. */
export async function keepVersion(tx: Prisma.TransactionClient, { resource, ...input }: Keeping): Promise<Kept> {
  const { epoch } = input
  const seq = BigInt(input.seq)
  const before = await tx.version.findFirst({
    where: { resourceId: resource.id, epoch, seq: { lte: seq } },
    orderBy: [{ seq: 'desc' }, { at: 'desc' }, { id: 'desc' }],
    omit: { bytes: true },
  })
  const since = { after: before?.seq ?? 0n, since: before?.at ?? new Date(0), upTo: seq }
  // The same state again was made by the same people.
  const principals = before?.seq === seq ? before.principals : await writersOf(tx, resource.id, epoch, since)
  const data = { id: newId(), resourceId: resource.id, ...input, seq, principals }
  const version = await tx.version.create({ data, omit: { bytes: true } })
  await recordVersions(tx, resource)
  return version
}

/** Tells that the versions of a resource are not what they were. */
export function recordVersions(
  tx: Prisma.TransactionClient,
  { id, organizationId, projectId }: Keeping['resource'],
): Promise<void> {
  return recordChange(tx, organizationId, 'versions.changed', { id, projectId })
}

/**
 * Whose edits stand in a part of a log, who wrote most first; of rows that are gone those who wrote since `since`. What
 * the server wrote to begin with is nobody's edit.
 */
async function writersOf(
  tx: Prisma.TransactionClient,
  id: string,
  epoch: string,
  { after, since, upTo }: { after: bigint; since: Date; upTo: bigint },
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ principal: string }[]>`
    SELECT principal FROM (
      SELECT principal, count(*) AS weight FROM updates
      WHERE resource_id = ${id} AND seq > ${after} AND seq <= ${upTo} AND epoch = ${epoch} AND origin <> 'create'
      GROUP BY principal
      UNION ALL
      SELECT a.principal, sum(a.length) FROM authorship a JOIN resources r ON r.id = a.resource_id AND r.epoch = a.epoch
      WHERE r.id = ${id} AND r.epoch = ${epoch} AND r.compacted_seq > ${after}
        AND a.client_id <> ${SEED_CLIENT_ID} AND a.at > ${since}
      GROUP BY a.principal
    ) writers GROUP BY principal ORDER BY sum(weight) DESC, principal`
  return rows.map((row) => row.principal)
}
