import { z } from 'zod'
import { id } from './actor.ts'
import { endpoint } from './endpoint.ts'
import { line } from './text.ts'

/**
 * Why a version was kept: after a spell of editing, by hand with a name, or because a restore was about to change
 * what was there.
 */
export const versionReason = z.enum(['automatic', 'named', 'before-restore'])
export type VersionReason = z.infer<typeof versionReason>

export const versionName = line().min(1, 'must not be empty').max(120)

/** A state of a resource that was kept, newest first in lists. */
export const version = z.object({
  id,
  reason: versionReason,
  name: z.string().nullable(),
  /** The row of the log it stands for. */
  seq: z.number().int(),
  at: z.string(),
  /** Who edited since the version before; names as they are now. */
  people: z.array(z.object({ id: z.string(), name: z.string(), color: z.string() })),
})
export type Version = z.infer<typeof version>

const byId = z.object({ id })
const byVersion = z.object({ id, version: id })

/** History of a resource. Seeing it needs `read`, changing it `write`. */
export const versionApi = {
  versions: endpoint({
    method: 'GET',
    path: '/documents/:id/versions',
    summary: 'The kept versions of a resource, newest first; `before` (a version) pages on',
    access: 'user',
    params: byId,
    query: z.object({
      before: id.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      named: z.enum(['true', 'false']).optional(),
    }),
    response: z.object({ versions: z.array(version), more: z.boolean() }),
  }),
  createVersion: endpoint({
    method: 'POST',
    path: '/documents/:id/versions',
    summary: 'Keep the newest state under a name',
    access: 'user',
    params: byId,
    body: z.strictObject({ name: versionName }),
    response: version,
    status: 201,
  }),
  renameVersion: endpoint({
    method: 'PATCH',
    path: '/documents/:id/versions/:version',
    summary: 'Name a version, or take its name away (null); a named one is never cleaned up',
    access: 'user',
    params: byVersion,
    body: z.strictObject({ name: versionName.nullable() }),
    response: version,
  }),
  versionState: endpoint({
    method: 'GET',
    path: '/documents/:id/versions/:version/state',
    summary: 'The Yjs state of a version (V1 update)',
    access: 'user',
    params: byVersion,
    response: 'binary',
  }),
  restoreVersion: endpoint({
    method: 'POST',
    path: '/documents/:id/versions/:version/restore',
    summary:
      'Make the content what it was, as a new edit through the log; the state before is kept, and restoring that undoes it',
    access: 'user',
    params: byVersion,
    response: z.object({
      /** The log's newest row; null when the content was already so. */
      seq: z.number().int().nullable(),
      /** The version that holds the state before the restore; null when nothing changed. */
      before: version.nullable(),
    }),
  }),
}
