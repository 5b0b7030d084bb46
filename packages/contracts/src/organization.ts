import { z } from 'zod'
import { id } from './actor.ts'
import { email } from './auth.ts'
import { changesEndpoint } from './changes.ts'
import { endpoint } from './endpoint.ts'
import { picture } from './security.ts'
import { line } from './text.ts'

/** Roles in an organization, strongest first. */
export const roles = ['owner', 'admin', 'member', 'guest'] as const
export const role = z.enum(roles)
export type Role = z.infer<typeof role>

/** How long an organization whose deletion was asked for can be taken back, in days. */
export const DELETION_DAYS = 14
export const slug = z
  .string()
  .toLowerCase()
  .regex(/^[a-z0-9](?:[a-z0-9-]{1,46}[a-z0-9])$/, 'must have 3 to 48 letters, digits and hyphens')
export const organizationName = line().min(1, 'must not be empty').max(80)

export const organization = z.object({
  id,
  name: z.string(),
  /** Its own word in addresses; null until it was given one. */
  slug: z.string().nullable(),
  /** A picture as a data URL. */
  logo: z.string().nullable(),
  personal: z.boolean(),
  /** The role of whoever asks. */
  role,
  /** When it is deleted for good; null unless its deletion was asked for. */
  deletedAt: z.string().nullable(),
  createdAt: z.string(),
})
export type Organization = z.infer<typeof organization>

export const member = z.object({
  userId: id,
  name: z.string(),
  email: z.string(),
  image: z.string().nullable(),
  role,
  joinedAt: z.string(),
})
export type Member = z.infer<typeof member>

export const invitation = z.object({
  id,
  role,
  /** Whom it is for: only an account with this address, confirmed, may use it. Null: whoever has the link. */
  email: z.string().nullable(),
  /** Teams that whoever joins by it comes into. */
  teams: z.array(id),
  /** When a mail was sent last; null when none was. */
  sentAt: z.string().nullable(),
  createdBy: id,
  createdAt: z.string(),
  expiresAt: z.string(),
  maxUses: z.number().int().nullable(),
  uses: z.number().int(),
})
export type Invitation = z.infer<typeof invitation>

/**
 * What becomes of an organization when somebody leaves all: they `leave` it, or it is to be `delete`d; or it holds them,
 * as the `last-owner` of some with others in it, or by a `subscription` that goes on.
 */
export const wayOut = z.enum(['leave', 'delete', 'last-owner', 'subscription'])
export type WayOut = z.infer<typeof wayOut>

const byId = z.object({ id })
const token = z.string().min(20).max(200)

export const organizationApi = {
  leaveAll: endpoint({
    method: 'POST',
    path: '/orgs/leave-all',
    summary:
      'Leave every organization, before deleting the own account. The own workspace, and what has nobody else in it, is to be deleted from now on: at once when the account is gone, and until then that can be taken back. `conflict`, with their names in `organizations`, while one is the last owner of some with others in them, or a subscription goes on; then nothing changed',
    access: 'user',
    response: 'empty',
  }),
  waysOut: endpoint({
    method: 'GET',
    path: '/orgs/leave-all',
    summary:
      'What leaving every organization would do now, in the order of `GET /orgs`; `others` counts who else is in it',
    access: 'user',
    response: z.object({
      organizations: z.array(
        z.object({ id, name: z.string(), personal: z.boolean(), others: z.number().int(), way: wayOut }),
      ),
    }),
  }),
  ensurePersonal: endpoint({
    method: 'PUT',
    path: '/orgs/personal',
    summary:
      'The own organization, created at the first call (idempotent); where it was to be deleted, that is taken back',
    access: 'user',
    response: organization,
  }),
  list: endpoint({
    method: 'GET',
    path: '/orgs',
    summary: 'The organizations one is a member of',
    access: 'user',
    response: z.object({ organizations: z.array(organization) }),
  }),
  create: endpoint({
    method: 'POST',
    path: '/orgs',
    summary: 'Create an organization and become its owner',
    access: 'user',
    body: z.strictObject({ name: organizationName }),
    response: organization,
    status: 201,
  }),
  get: endpoint({
    method: 'GET',
    path: '/orgs/:id',
    summary: 'One organization',
    access: 'user',
    params: byId,
    response: organization,
  }),
  update: endpoint({
    method: 'PATCH',
    path: '/orgs/:id',
    summary: 'Change the name, slug or logo of an organization (owner, admin)',
    access: 'user',
    params: byId,
    body: z.strictObject({ name: organizationName, slug: slug.nullable(), logo: picture.nullable() }).partial(),
    response: organization,
  }),
  delete: endpoint({
    method: 'DELETE',
    path: '/orgs/:id',
    summary:
      'Ask for the deletion of an organization (owner; not the own workspace): nobody gets at its content from now on, and after some days it is gone. `conflict` while a subscription goes on',
    access: 'user',
    params: byId,
    body: z.strictObject({ name: z.string().max(80) }),
    response: organization,
  }),
  cancelDeletion: endpoint({
    method: 'POST',
    path: '/orgs/:id/cancel-deletion',
    summary: 'Take the deletion back (owner)',
    access: 'user',
    params: byId,
    response: organization,
  }),
  transferOwnership: endpoint({
    method: 'POST',
    path: '/orgs/:id/owner',
    summary: 'Make another member owner and become admin oneself (owner)',
    access: 'user',
    params: byId,
    body: z.strictObject({ userId: id }),
    response: organization,
  }),
  members: endpoint({
    method: 'GET',
    path: '/orgs/:id/members',
    summary: 'The members of an organization',
    access: 'user',
    params: byId,
    response: z.object({ members: z.array(member) }),
  }),
  updateMember: endpoint({
    method: 'PATCH',
    path: '/orgs/:id/members/:userId',
    summary: 'Change a role; nobody grants above their own, and the last owner stays owner',
    access: 'user',
    params: z.object({ id, userId: id }),
    body: z.strictObject({ role }),
    response: member,
  }),
  removeMember: endpoint({
    method: 'DELETE',
    path: '/orgs/:id/members/:userId',
    summary: 'Remove a member, or leave; the last owner cannot',
    access: 'user',
    params: z.object({ id, userId: id }),
    response: 'empty',
  }),
  invite: endpoint({
    method: 'POST',
    path: '/orgs/:id/invitations',
    summary:
      'Invite: by a link, shown only in this answer, and, with `email`, for that address alone and by mail where mails are sent',
    access: 'user',
    params: byId,
    body: z.strictObject({
      role: role.exclude(['owner']).default('member'),
      expiresInDays: z.number().int().min(1).max(90).default(7),
      maxUses: z.number().int().min(1).max(1000).nullable().default(null),
      email: email.nullable().default(null),
      teams: z.array(id).max(50).default([]),
    }),
    response: invitation.extend({ url: z.string() }),
    status: 201,
  }),
  resendInvitation: endpoint({
    method: 'POST',
    path: '/orgs/:id/invitations/:invitationId/resend',
    summary: 'A new link with a new time in the place of the old one, and another mail where mails are sent',
    access: 'user',
    params: z.object({ id, invitationId: id }),
    response: invitation.extend({ url: z.string() }),
  }),
  invitations: endpoint({
    method: 'GET',
    path: '/orgs/:id/invitations',
    summary: 'Invitations that still hold (owner, admin)',
    access: 'user',
    params: byId,
    response: z.object({ invitations: z.array(invitation) }),
  }),
  revokeInvitation: endpoint({
    method: 'DELETE',
    path: '/orgs/:id/invitations/:invitationId',
    summary: 'Withdraw an invitation',
    access: 'user',
    params: z.object({ id, invitationId: id }),
    response: 'empty',
  }),
  previewInvitation: endpoint({
    method: 'POST',
    path: '/orgs/invitations/preview',
    summary: 'What an invitation token invites to',
    access: 'public',
    body: z.strictObject({ token }),
    response: z.object({
      organization: z.object({ id, name: z.string() }),
      role,
      invitedBy: z.string(),
      /** Whom it is for, hidden but for its beginning and end; null: whoever has the link. */
      email: z.string().nullable(),
      expiresAt: z.string(),
    }),
  }),
  acceptInvitation: endpoint({
    method: 'POST',
    path: '/orgs/invitations/accept',
    summary: 'Join the organization of an invitation token (idempotent)',
    access: 'user',
    body: z.strictObject({ token }),
    response: organization,
  }),
}

/** Internal operations of organization, on its second port. */
export const organizationInternal = {
  memberships: endpoint({
    method: 'GET',
    path: '/internal/memberships',
    summary: 'The organizations and roles of a person',
    access: 'service',
    query: z.object({ user: id }),
    response: z.object({ memberships: z.array(z.object({ organizationId: id, role })) }),
  }),
  members: endpoint({
    method: 'POST',
    path: '/internal/memberships/:organizationId',
    summary:
      'The role, teams, name and picture of each of these people in an organization; null for those who are no members, and for all while it is to be deleted (unless `ending`: then for those who would be none if that were taken back)',
    access: 'service',
    params: z.object({ organizationId: id }),
    body: z.object({ userIds: z.array(id).min(1).max(1000), ending: z.boolean().default(false) }),
    response: z.object({
      memberships: z.array(
        member
          .pick({ role: true, name: true, image: true })
          .extend({ teams: z.array(id) })
          .nullable(),
      ),
    }),
  }),
  roster: endpoint({
    method: 'GET',
    path: '/internal/memberships/:organizationId',
    summary: 'Who is in an organization, by name, in the order of joining; nobody while it is to be deleted',
    access: 'service',
    params: z.object({ organizationId: id }),
    response: z.object({ people: z.array(z.object({ id, name: z.string() })) }),
  }),
  standing: endpoint({
    method: 'GET',
    path: '/internal/organizations/:organizationId',
    summary: 'Whether an organization is there: neither unknown nor to be deleted',
    access: 'service',
    params: z.object({ organizationId: id }),
    response: z.object({ there: z.boolean() }),
  }),
  teams: endpoint({
    method: 'POST',
    path: '/internal/teams/:organizationId',
    summary:
      'Teams of an organization by id, with who is in them; unknown ids are left out, and all while it is to be deleted (unless `ending`)',
    access: 'service',
    params: z.object({ organizationId: id }),
    body: z.object({ ids: z.array(id).max(500), ending: z.boolean().default(false) }),
    response: z.object({ teams: z.array(z.object({ id, name: z.string(), userIds: z.array(id) })) }),
  }),
  changes: changesEndpoint,
}
