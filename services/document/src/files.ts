import { createHash } from 'node:crypto'
import { type Actor, Problem, principalOf, type StoredFile } from '@realtime/contracts'
import type { BinaryAnswer } from '@realtime/kit'
import type { Request } from 'express'
import type pg from 'pg'
import { documentFor } from './access.ts'
import type { Context } from './context.ts'
import { type Image, isRaster, readImage } from './images.ts'
import { type Part, partOf } from './ranges.ts'
import { STORED_BYTES } from './usage.ts'

/** Files are kept in pieces of this many bytes. */
const CHUNK_BYTES = 1024 * 1024

/**
 * Stores an image for a resource. Storing it again changes nothing.
 * @throws Problem `invalid-file`, `plan-limit`, `unavailable` when the plan cannot be asked for
 */
export async function uploadImage(
  ctx: Context,
  actor: Actor,
  { id, bytes }: { id: string; bytes: Uint8Array },
): Promise<StoredFile> {
  const { organizationId } = await documentFor(ctx, actor, id, 'write')
  const image = await readImage(bytes)
  const file = { id: createHash('sha256').update(bytes).digest('base64url'), size: bytes.length, ...image }
  const known = await ctx.db.resourceFile.findUnique({
    where: { resourceId_fileId: { resourceId: id, fileId: file.id } },
  })
  if (known) return file
  const { plan, limits } = await ctx.entitlements.find(organizationId)
  const within = (used: number): void => {
    const limit = limits.storageBytes
    if (limit === null || used + file.size <= limit) return
    const detail = `The files of this organization would take more than its plan includes: ${inWords(limit)}.`
    throw new Problem('plan-limit', detail, { extra: { limit: 'storageBytes', used, allowed: limit, plan } })
  }
  const input = { id, organizationId, principal: principalOf(actor), file, bytes, within }
  // One after the other: large files must not hold all connections that the log needs.
  await ctx.uploads(() => store(ctx.pool, input))
  ctx.usage.changed(organizationId)
  return file
}

interface Storing {
  id: string
  organizationId: string
  principal: string
  file: Image & { id: string; size: number }
  bytes: Uint8Array
  /** Given the bytes of what the organization stores already; throws when this is too much. */
  within(used: number): void
}

/** In one transaction: all of a file, or nothing. */
async function store(pool: pg.Pool, input: Storing): Promise<void> {
  const { id, organizationId, principal, file, bytes } = input
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const { id: fileId, type, size, width, height } = file
    // One after the other for an organization, so that no two pass its limit together.
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.files.' || $1, 0))`, [
      organizationId,
    ])
    const { rows } = await client.query<{ bytes: string; has: boolean }>(STORED_AND_HAS, [organizationId, fileId])
    // What it has in another resource already takes no more room.
    if (!rows[0]?.has) input.within(Number(rows[0]?.bytes))
    const { rowCount } = await client.query(INSERT_FILE, [fileId, type, size, width, height])
    for (let index = 0; rowCount && index * CHUNK_BYTES < size; index++) {
      const chunk = bytes.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES)
      await client.query('INSERT INTO file_chunks (file_id, index, bytes) VALUES ($1, $2, $3)', [fileId, index, chunk])
    }
    await client.query(INSERT_RESOURCE_FILE, [id, fileId, organizationId, principal])
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}

const STORED_AND_HAS = `
SELECT s.bytes, EXISTS (SELECT 1 FROM resource_files WHERE organization_id = $1 AND file_id = $2) AS has
FROM (${STORED_BYTES}) s`
const INSERT_FILE = `
INSERT INTO files (id, type, size, width, height) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`
const INSERT_RESOURCE_FILE = `
INSERT INTO resource_files (resource_id, file_id, organization_id, principal) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING`

/** Addresses of files of a resource, good for about an hour; what is no file of it gets none. */
export async function linkFiles(
  ctx: Context,
  actor: Actor,
  { id, files }: { id: string; files: string[] },
): Promise<{ links: { file: string; url: string; type: string }[]; expiresAt: string }> {
  await documentFor(ctx, actor, id, 'read')
  const { rows } = await ctx.pool.query<{ id: string; type: string }>(
    'SELECT f.id, f.type FROM resource_files rf JOIN files f ON f.id = rf.file_id WHERE rf.resource_id = $1 AND f.id = ANY($2)',
    [id, files],
  )
  const expires = ctx.fileLinks.expiry()
  return {
    links: rows.map((row) => ({ file: row.id, url: ctx.fileLinks.path(id, row.id, expires), type: row.type })),
    expiresAt: new Date(expires * 1000).toISOString(),
  }
}

/**
 * The bytes of a file, or a part of them, for whoever has a signed address. Nothing in it runs: it is no page, its
 * policy forbids all, and what is not pixels is an attachment.
 * @throws Problem `invalid-token`, `not-found` (the resource is in the trash), `range-not-satisfiable`
 */
export async function answerFile(
  ctx: Context,
  input: { id: string; file: string; expires: number; signature: string; request: Request },
): Promise<BinaryAnswer> {
  ctx.fileLinks.verify(input)
  const { rows } = await ctx.pool.query<{ type: string; size: number }>(FIND, [input.id, input.file])
  const [file] = rows
  if (!file) throw new Problem('not-found')
  const etag = `"${input.file}"`
  const age = Math.max(0, input.expires - Math.floor(Date.now() / 1000))
  const headers: Record<string, string> = {
    etag,
    'accept-ranges': 'bytes',
    'cache-control': `private, max-age=${age}, immutable`,
    'content-type': file.type,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    'cross-origin-resource-policy': 'same-origin',
    ...(isRaster(file.type) ? {} : { 'content-disposition': 'attachment' }),
  }
  const asked = input.request.headers
  const tags = (asked['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  if (tags.includes(etag) || tags.includes('*')) return { body: null, status: 304, headers }
  // A part of something else than the asker holds would not fit.
  const fits = asked['if-range'] === undefined || asked['if-range'] === etag
  const part = fits ? partOf(asked.range, file.size) : null
  const { from, to } = part ?? { from: 0, to: file.size }
  headers['content-length'] = String(to - from)
  if (part) headers['content-range'] = `bytes ${from}-${to - 1}/${file.size}`
  return { body: bytesOf(ctx.pool, input.file, { from, to }), status: part ? 206 : 200, headers }
}

const FIND = `
SELECT f.type, f.size FROM resource_files rf JOIN files f ON f.id = rf.file_id
JOIN resources r ON r.id = rf.resource_id
WHERE rf.resource_id = $1 AND rf.file_id = $2 AND r.trashed_at IS NULL`

/** Reads a part of a file piece by piece, as fast as its reader takes them. */
async function* bytesOf(pool: pg.Pool, file: string, { from, to }: Part): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; ) {
    const index = Math.floor(at / CHUNK_BYTES)
    const end = Math.min(to, (index + 1) * CHUNK_BYTES)
    const { rows } = await pool.query<{ bytes: Buffer }>(
      'SELECT substring(bytes FROM $3 FOR $4) AS bytes FROM file_chunks WHERE file_id = $1 AND index = $2',
      [file, index, at - index * CHUNK_BYTES + 1, end - at],
    )
    const bytes = rows[0]?.bytes
    if (bytes?.length !== end - at) throw new Error(`the file ${file} lacks piece ${index}`)
    yield bytes
    at = end
  }
}

/** Bytes as people read them. */
function inWords(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB']
  const unit = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1024)))
  return `${Math.round((bytes / 1024 ** unit) * 10) / 10} ${units[unit]}`
}
