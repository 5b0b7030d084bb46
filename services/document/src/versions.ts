import { type Actor, colorOf, Problem, personIn, type Version, versionReason } from '@realtime/contracts'
import type { BinaryAnswer } from '@realtime/kit'
import type { Request } from 'express'
import { type DocumentStanding, documentFor } from './access.ts'
import type { Context } from './context.ts'
import type { Resource, Version as Row } from './database/client.ts'
import { KEEPING, type Kept, keepVersion, pack, recordVersions, unpack } from './keeping.ts'
import { newestState } from './state.ts'

const NEWEST_FIRST = [{ seq: 'desc' }, { at: 'desc' }, { id: 'desc' }] as const

/** What was there before, and who wrote it, is for people of the organization. @throws Problem as `documentFor` */
async function historyFor(ctx: Context, actor: Actor, id: string, action: 'read' | 'write'): Promise<DocumentStanding> {
  const standing = await documentFor(ctx, actor, id, action)
  if (standing.userId === null) throw new Problem('forbidden', 'Whoever came by a link does not see the history.')
  return standing
}

/** The kept versions of a resource, newest first; those of another epoch are none of its. */
export async function listVersions(
  ctx: Context,
  actor: Actor,
  input: { id: string; before?: string | undefined; limit: number; named?: 'true' | 'false' | undefined },
): Promise<{ versions: Version[]; more: boolean }> {
  const { resource } = await historyFor(ctx, actor, input.id, 'read')
  const cursor = input.before === undefined ? null : await versionOf(ctx, resource, input.before)
  const older = cursor && [
    { seq: { lt: cursor.seq } },
    { seq: cursor.seq, at: { lt: cursor.at } },
    { seq: cursor.seq, at: cursor.at, id: { lt: cursor.id } },
  ]
  const named = input.named === 'true' ? { name: { not: null } } : input.named === 'false' ? { name: null } : {}
  const rows = await ctx.db.version.findMany({
    where: { resourceId: resource.id, epoch: resource.epoch, ...named, ...(older ? { OR: older } : {}) },
    orderBy: [...NEWEST_FIRST],
    take: input.limit + 1,
    omit: { bytes: true },
  })
  const versions = await shown(ctx, resource.organizationId, rows.slice(0, input.limit))
  return { versions, more: rows.length > input.limit }
}

/** Keeps the newest state under a name. */
export async function createVersion(
  ctx: Context,
  actor: Actor,
  { id, name }: { id: string; name: string },
): Promise<Version> {
  const { resource } = await historyFor(ctx, actor, id, 'write')
  const state = await newestState(ctx, { id, epoch: resource.epoch, seq: Number(resource.seq) })
  const { epoch, seq } = state
  const bytes = await pack(state.bytes)
  const version = { resource, epoch, seq, reason: 'named', name, bytes } as const
  const row = await ctx.db.$transaction((tx) => keepVersion(tx, version), KEEPING)
  return showOne(ctx, resource.organizationId, row)
}

/** Names a version, or takes its name away: then it is cleaned up in its time. */
export async function renameVersion(
  ctx: Context,
  actor: Actor,
  { id, version, name }: { id: string; version: string; name: string | null },
): Promise<Version> {
  const { resource } = await historyFor(ctx, actor, id, 'write')
  const known = await versionOf(ctx, resource, version)
  const row = await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.version.updateMany({ where: { id: known.id }, data: { name } })
    // It was cleaned up meanwhile.
    if (count === 0) throw new Problem('not-found')
    await recordVersions(tx, resource)
    return { ...known, name }
  })
  return showOne(ctx, resource.organizationId, row)
}

/** The state of a version as an HTTP answer: as it is kept for whoever takes Brotli. It never changes. */
export async function answerVersion(
  ctx: Context,
  actor: Actor,
  { id, version, request }: { id: string; version: string; request: Request },
): Promise<BinaryAnswer> {
  const { resource } = await historyFor(ctx, actor, id, 'read')
  const known = await versionOf(ctx, resource, version)
  const etag = `"${known.id}"`
  const headers = { etag, 'cache-control': 'private, no-cache', vary: 'Authorization, Accept-Encoding' }
  const tags = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  if (tags.includes(etag)) return { body: null, status: 304, headers }
  const { bytes } = await stateOf(ctx, known)
  if (request.acceptsEncodings('br')) return { body: bytes, headers: { ...headers, 'content-encoding': 'br' } }
  return { body: await unpack(bytes), headers }
}

/** A version of a resource as it is now, without its state. @throws Problem `not-found` */
export async function versionOf(ctx: Context, resource: Resource, id: string): Promise<Kept> {
  const row = await ctx.db.version.findUnique({ where: { id }, omit: { bytes: true } })
  if (row?.resourceId !== resource.id || row.epoch !== resource.epoch) throw new Problem('not-found')
  return row
}

/** The packed state of a version. @throws Problem `not-found` when it was cleaned up meanwhile */
export async function stateOf(ctx: Context, { id }: Kept): Promise<Pick<Row, 'bytes'>> {
  const row = await ctx.db.version.findUnique({ where: { id }, select: { bytes: true } })
  if (!row) throw new Problem('not-found')
  return row
}

/** A version as people see it. */
export async function showOne(ctx: Context, organizationId: string, row: Kept): Promise<Version> {
  const [version] = await shown(ctx, organizationId, [row])
  if (!version) throw new Error('one version is shown for one row')
  return version
}

/** Versions with the people who made them, by the names they have now. */
async function shown(ctx: Context, organizationId: string, rows: Kept[]): Promise<Version[]> {
  const ids = new Set(rows.flatMap((row) => row.principals.map(personIn).filter((id) => id !== null)))
  const people = new Map<string, Version['people'][number]>()
  await Promise.all(
    [...ids].map(async (id) => {
      const membership = await ctx.memberships.find(organizationId, id)
      people.set(id, { id, name: membership?.name ?? 'Former member', color: colorOf(id) })
    }),
  )
  return rows.map((row) => ({
    id: row.id,
    reason: versionReason.parse(row.reason),
    name: row.name,
    seq: Number(row.seq),
    at: row.at.toISOString(),
    people: row.principals.flatMap((principal) => people.get(personIn(principal) ?? '') ?? []),
  }))
}
