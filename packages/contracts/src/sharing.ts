import { z } from 'zod'
import { id } from './actor.ts'
import { endpoint } from './endpoint.ts'
import { accessSource, level } from './policy.ts'
import { line } from './text.ts'

/** Whom something is shared with. */
export const grantee = z.discriminatedUnion('type', [
  z.object({ type: z.literal('user'), id }),
  z.object({ type: z.literal('team'), id }),
])
export type Grantee = z.infer<typeof grantee>

/** A level that somebody was given on a project or a document. */
export const share = z.object({
  id,
  grantee,
  /** As they are called now. */
  name: z.string(),
  image: z.string().nullable(),
  level,
  createdBy: z.string(),
  createdAt: z.string(),
  /** Where it was given: here (null), or by which document above or project. */
  inheritedFrom: z.object({ type: z.enum(['project', 'document']), id, name: z.string() }).nullable(),
})
export type Share = z.infer<typeof share>

/** A link by which whoever has it comes in. */
export const shareLink = z.object({
  id,
  url: z.string(),
  level: level.exclude(['manage']),
  /** Whether it asks for a password. */
  password: z.boolean(),
  expiresAt: z.string().nullable(),
  /** How many visitors may come in by it; null for any number. */
  maxUses: z.number().int().nullable(),
  uses: z.number().int(),
  createdBy: z.string(),
  createdAt: z.string(),
})
export type ShareLink = z.infer<typeof shareLink>

/** One way by which somebody has access, in order from the highest level. */
export const accessReason = z.object({
  source: accessSource,
  level: level.nullable(),
  /** What gives it: an organization, project, document, team or link by name; empty where there is nothing to name. */
  via: z.string(),
})
export type AccessReason = z.infer<typeof accessReason>

/** Who sees a project: everybody in the organization, some teams and people, or only those who are named. */
export const projectAccess = z.enum(['organization', 'teams', 'private'])
export type ProjectAccess = z.infer<typeof projectAccess>

export const visitorName = line().min(1, 'must not be empty').max(60)
const linkPassword = z.string().min(4, 'must have at least 4 characters').max(128)
const byId = z.object({ id })
const byShare = z.object({ id, shareId: id })
const byLink = z.object({ id, linkId: id })
const linkToken = z.string().min(20).max(200)
const visitorProof = z.string().max(300)

const linkTerms = {
  level: level.exclude(['manage']),
  /** Null takes the password away. */
  password: linkPassword.nullable(),
  expiresAt: z.iso.datetime().nullable(),
  maxUses: z.number().int().min(1).max(100_000).nullable(),
}

const shares = z.object({ shares: z.array(share) })
const explanation = z.object({ level: level.nullable(), reasons: z.array(accessReason) })

/** Sharing of projects and documents. Seeing it needs `read`, changing it `share`, links and visibility `manage`. */
export const sharingApi = {
  projectShares: endpoint({
    method: 'GET',
    path: '/projects/:id/shares',
    summary: 'Whom a project is shared with',
    access: 'user',
    params: byId,
    response: shares,
  }),
  shareProject: endpoint({
    method: 'POST',
    path: '/projects/:id/shares',
    summary: 'Share a project with a person or a team; again with another level, that holds. Never above the own level',
    access: 'user',
    params: byId,
    body: z.strictObject({ grantee, level }),
    response: share,
  }),
  unshareProject: endpoint({
    method: 'DELETE',
    path: '/projects/:id/shares/:shareId',
    summary: 'Take back what was shared',
    access: 'user',
    params: byShare,
    response: 'empty',
  }),
  explainProject: endpoint({
    method: 'GET',
    path: '/projects/:id/access',
    summary: 'Why somebody (`user`; the asker unless told) may see a project, and what they may do',
    access: 'user',
    params: byId,
    query: z.object({ user: id.optional() }),
    response: explanation,
  }),
  shares: endpoint({
    method: 'GET',
    path: '/documents/:id/shares',
    summary: 'Whom a document is shared with, here and by what it inherits, and its links (links: with `manage`)',
    access: 'user',
    params: byId,
    response: shares.extend({
      /** What everybody in the organization may do by the project; null where it is not open to them. */
      organization: level.nullable(),
      links: z.array(shareLink),
      /** What whoever asks may do. */
      level,
    }),
  }),
  share: endpoint({
    method: 'POST',
    path: '/documents/:id/shares',
    summary: 'Share a document with a person of the organization or a team; never above the own level',
    access: 'user',
    params: byId,
    body: z.strictObject({ grantee, level }),
    response: share,
  }),
  unshare: endpoint({
    method: 'DELETE',
    path: '/documents/:id/shares/:shareId',
    summary: 'Take back what was shared with somebody here',
    access: 'user',
    params: byShare,
    response: 'empty',
  }),
  explain: endpoint({
    method: 'GET',
    path: '/documents/:id/access',
    summary: 'Why somebody (`user`; the asker unless told) may see a document, and what they may do',
    access: 'user',
    params: byId,
    query: z.object({ user: id.optional() }),
    response: explanation,
  }),
  createLink: endpoint({
    method: 'POST',
    path: '/documents/:id/links',
    summary: 'Make a link by which whoever has it comes in',
    access: 'user',
    params: byId,
    body: z.strictObject({
      level: linkTerms.level.default('view'),
      password: linkTerms.password.default(null),
      expiresAt: linkTerms.expiresAt.default(null),
      maxUses: linkTerms.maxUses.default(null),
    }),
    response: shareLink,
    status: 201,
  }),
  updateLink: endpoint({
    method: 'PATCH',
    path: '/documents/:id/links/:linkId',
    summary: 'Change what a link gives; those who are in by it are held to it at once',
    access: 'user',
    params: byLink,
    body: z.strictObject(linkTerms).partial(),
    response: shareLink,
  }),
  revokeLink: endpoint({
    method: 'DELETE',
    path: '/documents/:id/links/:linkId',
    summary: 'Revoke a link; whoever is in by it is out within a second',
    access: 'user',
    params: byLink,
    response: 'empty',
  }),
  previewLink: endpoint({
    method: 'POST',
    path: '/documents/links/preview',
    summary:
      'What a link leads to, as far as whoever has it may know: nothing but whether it needs a password; with `visitor`, from them',
    access: 'public',
    body: z.strictObject({ token: linkToken, visitor: visitorProof.optional() }),
    response: z.object({ password: z.boolean(), level: level.exclude(['manage']) }),
  }),
  openLink: endpoint({
    method: 'POST',
    path: '/documents/links/open',
    summary:
      'Come in by a link: a ten-minute token for its one document. `visitor`, from an earlier answer, keeps who one is and counts no further use',
    access: 'public',
    body: z.strictObject({
      token: linkToken,
      password: z.string().max(128).optional(),
      name: visitorName.optional(),
      visitor: visitorProof.optional(),
    }),
    response: z.object({
      token: z.string(),
      expiresAt: z.string(),
      documentId: id,
      level: level.exclude(['manage']),
      /** To be kept by the browser: proves next time who one is. */
      visitor: z.string(),
      name: z.string(),
    }),
  }),
}
