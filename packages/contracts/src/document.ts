import { z } from 'zod'
import { actor, id } from './actor.ts'
import { cover, icon } from './appearance.ts'
import { changesEndpoint } from './changes.ts'
import { endpoint } from './endpoint.ts'
import { fileApi } from './files.ts'
import { level } from './policy.ts'
import { problemJson } from './problem.ts'
import { line } from './text.ts'
import { versionApi } from './versions.ts'

/** The kinds of resource. A kind answers for itself in `packages/resources/src/<kind>`; services know none by name. */
export const kinds = ['document', 'canvas', 'slides'] as const
export const kind = z.enum(kinds)
export type Kind = z.infer<typeof kind>

export const title = line().max(300)
export const projectName = line().min(1, 'must not be empty').max(120)

export const project = z.object({
  id,
  organizationId: id,
  name: z.string(),
  icon: z.string().nullable(),
  /** Who sees it. */
  access: z.enum(['organization', 'teams', 'private']),
  /** What members may do where it is open to the organization; guests look at most. */
  memberLevel: level,
  /** What whoever asks may do with all of it. */
  level,
  createdAt: z.string(),
})
export type Project = z.infer<typeof project>

export const permission = z.enum(['read', 'write'])
export type Permission = z.infer<typeof permission>

/** Changes only when the state of a resource is replaced; two epochs never merge. */
export const epoch = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/)

export const resource = z.object({
  id,
  projectId: id,
  organizationId: id,
  kind,
  title: z.string(),
  epoch,
  /** The document it lies below; null at the top of its project. */
  parentId: id.nullable(),
  /** Whether there is anything below it. */
  hasChildren: z.boolean(),
  /** An emoji before its title. */
  icon: z.string().nullable(),
  cover: cover.nullable(),
  favourite: z.boolean(),
  /** Whether others than the people of its project have been let in, by a share or a link. */
  shared: z.boolean(),
  /** What whoever asks may do with the content. */
  permission,
  /** And with all of it: see `policy`. */
  level,
  /** A principal: a key creates for its person. */
  createdBy: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
})
export type Resource = z.infer<typeof resource>

const byId = z.object({ id })

export const documentApi = {
  ensureFirstProject: endpoint({
    method: 'PUT',
    path: '/projects/first',
    summary: 'The first project of an organization, created at the first call (idempotent)',
    access: 'user',
    query: z.object({ organization: id }),
    response: project,
  }),
  projects: endpoint({
    method: 'GET',
    path: '/projects',
    summary: 'The projects of an organization',
    access: 'user',
    query: z.object({ organization: id }),
    response: z.object({ projects: z.array(project) }),
  }),
  createProject: endpoint({
    method: 'POST',
    path: '/projects',
    summary: 'Create a project; whoever does manages it',
    access: 'user',
    body: z.strictObject({
      organizationId: id,
      name: projectName,
      access: z.enum(['organization', 'teams', 'private']).default('organization'),
    }),
    response: project,
    status: 201,
  }),
  updateProject: endpoint({
    method: 'PATCH',
    path: '/projects/:id',
    summary: 'Rename a project, change its icon, or who sees it (`manage`)',
    access: 'user',
    params: byId,
    body: z
      .strictObject({
        name: projectName,
        icon: icon.nullable(),
        access: z.enum(['organization', 'teams', 'private']),
        memberLevel: level.exclude(['manage']),
      })
      .partial(),
    response: project,
  }),
  documents: endpoint({
    method: 'GET',
    path: '/documents',
    summary: 'The resources of an organization, by project and newest change',
    access: 'user',
    query: z.object({ organization: id, project: id.optional() }),
    response: z.object({ documents: z.array(resource) }),
  }),
  events: endpoint({
    method: 'GET',
    path: '/documents/events',
    summary:
      'News of an organization as server-sent events, of what the reader may see: project.changed, document.changed, document.deleted, versions.changed, comments.changed (`id`: of which document), access.changed, inbox.changed',
    access: 'user',
    query: z.object({ organization: id }),
    response: 'events',
  }),
  createDocument: endpoint({
    method: 'POST',
    path: '/documents',
    summary: 'Create a resource with the first content of its kind',
    access: 'user',
    body: z.strictObject({ projectId: id, parentId: id.nullable().default(null), kind, title: title.default('') }),
    response: resource,
    status: 201,
  }),
  getDocument: endpoint({
    method: 'GET',
    path: '/documents/:id',
    summary: 'One resource',
    access: 'user',
    params: byId,
    response: resource,
  }),
  updateDocument: endpoint({
    method: 'PATCH',
    path: '/documents/:id',
    summary: 'Change the title, icon or cover of a resource',
    access: 'user',
    params: byId,
    body: z.strictObject({ title, icon: icon.nullable(), cover: cover.nullable() }).partial(),
    response: resource,
  }),
  deleteDocument: endpoint({
    method: 'DELETE',
    path: '/documents/:id',
    summary: 'Move a resource to the trash, with all below it',
    access: 'user',
    params: byId,
    response: 'empty',
  }),
  state: endpoint({
    method: 'GET',
    path: '/documents/:id/state',
    summary: 'The newest Yjs state (V1 update, compressed). ETag is `"<epoch>.<seq>"`; 304 when unchanged',
    access: 'user',
    params: byId,
    response: 'binary',
  }),
  ...versionApi,
  ...fileApi,
}

/** Headers of the state answer. */
export const EPOCH_HEADER = 'x-document-epoch'
export const SEQ_HEADER = 'x-document-seq'

/** Where an update came from. `user` is a person's edit; all others are made by the server for someone. */
export const origin = z.enum(['create', 'user', 'restore', 'import', 'api', 'ai'])
export type Origin = z.infer<typeof origin>

/** Somebody as they are shown to others in a document. */
export const presenceIdentity = z.object({
  id: z.string(),
  name: z.string(),
  color: z.string(),
  image: z.string().nullable(),
})
export type PresenceIdentity = z.infer<typeof presenceIdentity>

/** The answer to one append of a group: by its place in the group. */
export const appendResult = z.union([
  z.object({ index: z.number().int(), firstSeq: z.number().int(), lastSeq: z.number().int() }),
  z.object({ index: z.number().int(), problem: problemJson }),
])
export type AppendResult = z.infer<typeof appendResult>

/** The answer to one append of a stream of groups; `group` counts them from 0. */
export const streamedResult = appendResult.and(z.object({ group: z.number().int() }))
export type StreamedResult = z.infer<typeof streamedResult>

/** Bytes that a group may have. */
export const MOST_GROUP_BYTES = 32 * 1024 * 1024

/**
 * Whose access is to be asked for again: in one document, in all of a project, of one person in an organization, or
 * (empty) everybody's.
 */
export const accessNews = z.object({
  id: id.optional(),
  projectId: id.optional(),
  organizationId: id.optional(),
  userId: id.optional(),
})
export type AccessNews = z.infer<typeof accessNews>

/** Logs that grew, and the seq that each has reached: many in one message, since they grow by the hundred a second. */
export const grownLogs = z.array(z.tuple([id, z.number().int()]))
export type GrownLogs = z.infer<typeof grownLogs>

/** Internal operations of document, on its second port, for collaboration and later ai. */
export const documentInternal = {
  join: endpoint({
    method: 'POST',
    path: '/internal/documents/:id/join',
    summary: 'May this actor open the document, as whom, and does the client id belong to them (bound now when new)?',
    access: 'service',
    params: byId,
    body: z.object({ actor, clientId: z.number().int().min(0).max(0xffffffff).nullable() }),
    response: z.object({
      epoch,
      seq: z.number().int(),
      permission,
      identity: presenceIdentity,
      organizationId: id,
      projectId: id,
    }),
  }),
  load: endpoint({
    method: 'GET',
    path: '/internal/documents/:id/log',
    summary: 'The log after `after` (0: the newest snapshot first) as frames: see `logFrames`',
    access: 'service',
    params: byId,
    query: z.object({ after: z.coerce.number().int().min(0).default(0), epoch: epoch.optional() }),
    response: 'binary',
  }),
  append: endpoint({
    method: 'POST',
    path: '/internal/documents/:id/log',
    summary:
      'Commit a batch of updates (frames: see `appendFrames`) in one transaction; answers when PostgreSQL has it durable',
    access: 'service',
    params: byId,
    query: z.object({ epoch }),
    body: 'binary',
    maxBody: 32 * 1024 * 1024,
    response: z.object({ firstSeq: z.number().int(), lastSeq: z.number().int() }),
  }),
  appends: endpoint({
    method: 'POST',
    path: '/internal/appends',
    summary:
      'Commit updates to many logs, each in a transaction of its own: group after group (see `encodeGroup`) over one request that stays open, each behind its length (4 bytes, big-endian). Answers a line of JSON (`streamedResult`) for each append as soon as PostgreSQL has it durable, in whichever order they are',
    access: 'service',
    response: 'events',
  }),
  access: endpoint({
    method: 'POST',
    path: '/internal/documents/:id/access',
    summary: 'What each of these actors may do with a document now; null for those who may not know of it',
    access: 'service',
    params: byId,
    body: z.object({ actors: z.array(actor).min(1).max(1000) }),
    response: z.object({
      permissions: z.array(permission.nullable()),
      /** In which project it lies by now; null where there is none to be known of. */
      projectId: id.nullable(),
    }),
  }),
  replace: endpoint({
    method: 'PUT',
    path: '/internal/documents/:id/state',
    summary:
      'Put another state (a Yjs V1 update) in the place of a document: repaired or imported anew. It begins a new epoch; what was there is kept as a version',
    access: 'service',
    params: byId,
    body: 'binary',
    maxBody: 32 * 1024 * 1024,
    response: z.object({ epoch, seq: z.number().int() }),
  }),
  clientIds: endpoint({
    method: 'GET',
    path: '/internal/documents/:id/client-ids',
    summary: 'The client ids of a document and the principals they are bound to',
    access: 'service',
    params: byId,
    response: z.object({ clientIds: z.array(z.object({ clientId: z.number().int(), principal: z.string() })) }),
  }),
  roomNews: endpoint({
    method: 'GET',
    path: '/internal/rooms/news',
    summary:
      'Server-sent events for whoever keeps documents open: `appended` (`grownLogs`) whenever any writer has appended to logs; `access` (`accessNews`) when somebody may have lost or won access; a heartbeat each second',
    access: 'service',
    response: 'events',
  }),
  changes: changesEndpoint,
}
