import { z } from 'zod'
import { id } from './actor.ts'
import { kind, resource, title } from './document.ts'
import { endpoint } from './endpoint.ts'

/** How long what is in the trash stays there, in days. */
export const TRASH_DAYS = 30
/** How deep documents may lie in documents. */
export const MOST_DEPTH = 20

/** Something in the trash, with what went there by it. */
export const trashed = resource.extend({
  trashedAt: z.string(),
  trashedBy: z.string(),
  /** When it is deleted for good. */
  goesAt: z.string(),
  /** Documents below it that went with it. */
  below: z.number().int(),
})
export type Trashed = z.infer<typeof trashed>

/** A place in the tree: in which project, below which document (null: at the top), after which sibling (null: first). */
export const place = {
  projectId: id,
  parentId: id.nullable(),
  /** The sibling it stands behind; null for the first place, left out for the last. */
  after: id.nullable().optional(),
}

/** A document that was found. */
export const hit = z.object({
  document: resource,
  /** By what names the place: project and documents above, from the top. */
  path: z.array(z.string()),
  /** The title and a piece of the text in parts; those that match are marked. */
  title: z.array(z.object({ text: z.string(), match: z.boolean() })),
  excerpt: z.array(z.object({ text: z.string(), match: z.boolean() })),
})
export type Hit = z.infer<typeof hit>

export const notificationType = z.enum(['invited', 'mentioned', 'shared', 'commented'])
export const notification = z.object({
  id,
  type: notificationType,
  /** Who made it happen, as they are called now. */
  by: z.object({ id: z.string(), name: z.string(), image: z.string().nullable() }),
  organizationId: id,
  document: z.object({ id, title: z.string(), kind }).nullable(),
  /** The thread in which it was said, if it was in one. */
  threadId: id.nullable(),
  /** A piece of what was said, or an empty string. */
  text: z.string(),
  at: z.string(),
  readAt: z.string().nullable(),
})
export type Notification = z.infer<typeof notification>

const byId = z.object({ id })
const inOrganization = z.object({ organization: id })
const documents = z.object({ documents: z.array(resource) })
const page = { limit: z.coerce.number().int().min(1).max(500).default(200), after: id.optional() }

/** How documents are kept, found and told about. */
export const libraryApi = {
  children: endpoint({
    method: 'GET',
    path: '/documents/children',
    summary:
      'What lies at the top of a project, or below a document, in its order; `after` (the last one of a page) pages on',
    access: 'user',
    query: z.object({ project: id.optional(), parent: id.optional(), ...page }),
    response: documents.extend({ more: z.boolean() }),
  }),
  sharedWithMe: endpoint({
    method: 'GET',
    path: '/documents/shared',
    summary: 'Documents that were shared with the asker and lie in no project they see, the newest first',
    access: 'user',
    query: inOrganization,
    response: documents,
  }),
  path: endpoint({
    method: 'GET',
    path: '/documents/:id/path',
    summary: 'The documents above one, from the top, as far as the asker may see them',
    access: 'user',
    params: byId,
    response: documents,
  }),
  move: endpoint({
    method: 'POST',
    path: '/documents/:id/move',
    summary:
      'Put a document, with all below it, somewhere else. `conflict` when that is below itself, too deep, or another organization; out of a project it takes `manage`',
    access: 'user',
    params: byId,
    body: z.strictObject(place),
    response: resource,
  }),
  duplicate: endpoint({
    method: 'POST',
    path: '/documents/:id/duplicate',
    summary: 'A copy beside it, with its content as it is now, without its history, shares and links',
    access: 'user',
    params: byId,
    body: z.strictObject({ title: title.optional() }),
    response: resource,
    status: 201,
  }),
  moveProject: endpoint({
    method: 'POST',
    path: '/projects/:id/move',
    summary: 'Put a project behind another in the sidebar of everybody (null: first)',
    access: 'user',
    params: byId,
    body: z.strictObject({ after: id.nullable() }),
    response: 'empty',
  }),
  deleteProject: endpoint({
    method: 'DELETE',
    path: '/projects/:id',
    summary: 'Delete a project; what is in it goes to the trash. `conflict` for the last one',
    access: 'user',
    params: byId,
    response: 'empty',
  }),
  trash: endpoint({
    method: 'GET',
    path: '/documents/trash',
    summary: 'What is in the trash of an organization and may be restored by the asker, the newest first',
    access: 'user',
    query: inOrganization,
    response: z.object({ trashed: z.array(trashed) }),
  }),
  restoreDocument: endpoint({
    method: 'POST',
    path: '/documents/:id/restore',
    summary:
      'Take a document out of the trash with what went there by it, to where it was, else to the top of its project',
    access: 'user',
    params: byId,
    response: resource,
  }),
  purge: endpoint({
    method: 'DELETE',
    path: '/documents/:id/forever',
    summary: 'Delete something in the trash for good, with its history',
    access: 'user',
    params: byId,
    response: 'empty',
  }),
  favourites: endpoint({
    method: 'GET',
    path: '/documents/favourites',
    summary: 'The own favourites in an organization, in their order',
    access: 'user',
    query: inOrganization,
    response: documents,
  }),
  addFavourite: endpoint({
    method: 'PUT',
    path: '/documents/:id/favourite',
    summary: 'Make a document a favourite, or move it behind another one (null: first)',
    access: 'user',
    params: byId,
    body: z.strictObject({ after: id.nullable().optional() }),
    response: 'empty',
  }),
  removeFavourite: endpoint({
    method: 'DELETE',
    path: '/documents/:id/favourite',
    summary: 'No favourite any more',
    access: 'user',
    params: byId,
    response: 'empty',
  }),
  recent: endpoint({
    method: 'GET',
    path: '/documents/recent',
    summary: 'What the asker opened last in an organization, the newest first',
    access: 'user',
    query: inOrganization.extend({ limit: z.coerce.number().int().min(1).max(50).default(20) }),
    response: documents,
  }),
  visit: endpoint({
    method: 'PUT',
    path: '/documents/:id/visit',
    summary: 'Note that the asker has opened a document',
    access: 'user',
    params: byId,
    response: 'empty',
  }),
  search: endpoint({
    method: 'GET',
    path: '/documents/search',
    summary:
      'Documents by title and text, best first. Words of any script: every one must occur; the last may be the beginning of one',
    access: 'user',
    query: inOrganization.extend({
      q: z.string().trim().min(1).max(200),
      kind: kind.optional(),
      project: id.optional(),
      limit: z.coerce.number().int().min(1).max(50).default(20),
    }),
    response: z.object({ hits: z.array(hit) }),
  }),
  notifications: endpoint({
    method: 'GET',
    path: '/documents/notifications',
    summary: 'The own inbox, the newest first; `before` (one of them) pages on',
    access: 'user',
    query: z.object({
      unread: z.enum(['true', 'false']).optional(),
      before: id.optional(),
      limit: z.coerce.number().int().min(1).max(100).default(30),
    }),
    response: z.object({ notifications: z.array(notification), unread: z.number().int(), more: z.boolean() }),
  }),
  readNotifications: endpoint({
    method: 'POST',
    path: '/documents/notifications/read',
    summary: 'Mark some of the own inbox, or all of it, as read or unread',
    access: 'user',
    body: z.strictObject({ ids: z.array(id).min(1).max(200).nullable(), read: z.boolean().default(true) }),
    response: z.object({ unread: z.number().int() }),
  }),
}
