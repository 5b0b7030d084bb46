import { z } from 'zod'
import { id } from './actor.ts'
import { changesEndpoint } from './changes.ts'
import { endpoint } from './endpoint.ts'
import { line } from './text.ts'

/** Roles in an organization, strongest first. */
export const roles = ['owner', 'admin', 'member', 'guest'] as const
export const role = z.enum(roles)
export type Role = z.infer<typeof role>

export const organizationName = line().min(1, 'must not be empty').max(80)

export const organization = z.object({
  id,
  name: z.string(),
  personal: z.boolean(),
  /** The role of whoever asks. */
  role,
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
  createdBy: id,
  createdAt: z.string(),
  expiresAt: z.string(),
  maxUses: z.number().int().nullable(),
  uses: z.number().int(),
})
export type Invitation = z.infer<typeof invitation>

const byId = z.object({ id })
const token = z.string().min(20).max(200)

export const organizationApi = {
  ensurePersonal: endpoint({
    method: 'PUT',
    path: '/orgs/personal',
    summary: 'The own organization, created at the first call (idempotent)',
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
    summary: 'Rename an organization (owner, admin)',
    access: 'user',
    params: byId,
    body: z.strictObject({ name: organizationName }),
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
    summary: 'Make an invitation link; the link is shown only in this answer',
    access: 'user',
    params: byId,
    body: z.strictObject({
      role: role.exclude(['owner']).default('member'),
      expiresInDays: z.number().int().min(1).max(90).default(7),
      maxUses: z.number().int().min(1).max(1000).nullable().default(null),
    }),
    response: invitation.extend({ url: z.string() }),
    status: 201,
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
    summary: 'The role, name and picture of each of these people in an organization; null for those who are no members',
    access: 'service',
    params: z.object({ organizationId: id }),
    body: z.object({ userIds: z.array(id).min(1).max(1000) }),
    response: z.object({ memberships: z.array(member.pick({ role: true, name: true, image: true }).nullable()) }),
  }),
  changes: changesEndpoint,
}
