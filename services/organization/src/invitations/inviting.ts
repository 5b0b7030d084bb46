import { type Actor, type Invitation as InvitationView, Problem, type Role, role } from '@realtime/contracts'
import { checkRank, personOf, roleIn } from '../access.ts'
import { type Author, castOf, note } from '../audit/notes.ts'
import type { Context } from '../context.ts'
import type { Invitation } from '../database/client.ts'
import { holdOrganization, inTransaction, type Transaction } from '../transactions.ts'
import { checkMails, checkPause, mailInvitation } from './mails.ts'
import { holds, newToken, usedUp } from './tokens.ts'
import { invitationView, linkedView } from './views.ts'

const DAY_MS = 24 * 60 * 60 * 1000

interface Wanted {
  id: string
  role: Role
  expiresInDays: number
  maxUses: number | null
  email: string | null
  teams: string[]
}

/**
 * Makes an invitation, and mails it where it is for an address; its link is in this answer only.
 * @throws Problem `not-found` (also of a team), `forbidden`, `conflict` (the address has one that holds), `rate-limited`,
 * `unavailable` (auth)
 */
export async function invite(ctx: Context, actor: Actor, input: Wanted): Promise<InvitationView & { url: string }> {
  const { id: organizationId, role: granted, email, expiresInDays: days } = input
  const createdBy = personOf(actor)
  const check = (db: Transaction) => checkMayGrant(db, organizationId, createdBy, granted)
  await check(ctx.db)
  const { by } = await castOf(ctx, actor)
  const { token, tokenHash } = newToken()
  const expiresAt = new Date(Date.now() + days * DAY_MS)
  // There is one account with an address.
  const maxUses = email === null ? input.maxUses : 1
  const teamIds = [...new Set(input.teams)]
  // First the pass, then the row: a pass whose token nobody holds harms nobody, a link that admits nobody does.
  await ctx.people.admit(tokenHash, expiresAt, maxUses)
  const { row, organization } = await inTransaction(ctx, async (tx) => {
    const organization = await holdOrganization(tx, organizationId)
    await check(tx)
    if ((await tx.team.count({ where: { organizationId, id: { in: teamIds } } })) < teamIds.length) {
      throw new Problem('not-found', 'There is no such team.')
    }
    if (email !== null) {
      await checkMails(tx, organizationId)
      const others = await tx.invitation.findMany({ where: { organizationId, email } })
      if (others.some(holds)) throw new Problem('conflict', `${email} is invited already: send that invitation again.`)
    }
    const row = await tx.invitation.create({
      data: { organizationId, role: granted, tokenHash, createdBy, expiresAt, days, maxUses, email, teamIds },
    })
    await noteAbout(tx, 'invitation.created', by, row)
    return { row, organization }
  })
  const sent = await mailInvitation(ctx, row, { token, inviter: by.name, organization: organization.name })
  return linkedView(ctx, sent, token)
}

/**
 * Puts a new link with a new time in the place of the old one, which holds no more, and mails it where the invitation
 * is for an address.
 * @throws Problem `not-found` (also when withdrawn), `forbidden`, `conflict` (used up), `rate-limited`, `unavailable`
 */
export async function resendInvitation(
  ctx: Context,
  actor: Actor,
  input: { id: string; invitationId: string },
): Promise<InvitationView & { url: string }> {
  const { id: organizationId, invitationId } = input
  const userId = personOf(actor)
  const where = { id: invitationId, organizationId }
  const check = async (db: Transaction): Promise<Invitation> => {
    await roleIn(db, organizationId, userId, 'invitations.manage')
    const row = await db.invitation.findUnique({ where })
    if (!row || row.revokedAt !== null) throw new Problem('not-found')
    await checkMayGrant(db, organizationId, userId, role.parse(row.role))
    if (usedUp(row)) throw new Problem('conflict', 'This invitation was used as often as it may be.')
    checkPause(row)
    return row
  }
  const { days, maxUses, uses } = await check(ctx.db)
  const { by } = await castOf(ctx, actor)
  const { token, tokenHash } = newToken()
  const expiresAt = new Date(Date.now() + days * DAY_MS)
  await ctx.people.admit(tokenHash, expiresAt, maxUses === null ? null : maxUses - uses)
  const { was, row, organization } = await inTransaction(ctx, async (tx) => {
    const organization = await holdOrganization(tx, organizationId)
    const was = await check(tx)
    const row = await tx.invitation.update({ where, data: { tokenHash, expiresAt } })
    await noteAbout(tx, 'invitation.resent', by, row)
    return { was, row, organization }
  })
  await ctx.people
    .dismiss(was.tokenHash)
    .catch((err: unknown) => ctx.log.warn({ err }, 'the sign-up pass of an earlier link was not withdrawn'))
  const sent = await mailInvitation(ctx, row, { token, inviter: by.name, organization: organization.name })
  return linkedView(ctx, sent, token)
}

/** The invitations that still hold, newest first. @throws Problem `not-found`, `forbidden` */
export async function listInvitations(ctx: Context, actor: Actor, input: { id: string }) {
  await roleIn(ctx.db, input.id, personOf(actor), 'invitations.manage')
  const rows = await ctx.db.invitation.findMany({
    where: { organizationId: input.id, revokedAt: null, expiresAt: { gt: new Date() } },
    orderBy: { id: 'desc' },
  })
  return { invitations: rows.filter(holds).map(invitationView) }
}

/** Withdraws an invitation and the sign-up pass with it; may be called again. @throws Problem `not-found`, `forbidden` */
export async function revokeInvitation(
  ctx: Context,
  actor: Actor,
  input: { id: string; invitationId: string },
): Promise<void> {
  const { id: organizationId, invitationId } = input
  const { by } = await castOf(ctx, actor)
  const row = await inTransaction(ctx, async (tx) => {
    await holdOrganization(tx, organizationId)
    await roleIn(tx, organizationId, personOf(actor), 'invitations.manage')
    const row = await tx.invitation.findUnique({ where: { id: invitationId, organizationId } })
    if (!row) throw new Problem('not-found')
    if (row.revokedAt !== null) return row
    await tx.invitation.update({ where: { id: row.id }, data: { revokedAt: new Date() } })
    await noteAbout(tx, 'invitation.revoked', by, row)
    return row
  })
  // Also when it was withdrawn before: whoever saw this fail tries again.
  await ctx.people.dismiss(row.tokenHash)
}

/** Nobody invites to more than they are. @throws Problem `not-found`, `forbidden`, `conflict` */
async function checkMayGrant(db: Transaction, organizationId: string, userId: string, granted: Role): Promise<void> {
  checkRank(await roleIn(db, organizationId, userId, 'invitations.manage'), granted)
}

async function noteAbout(
  tx: Transaction,
  type: 'invitation.created' | 'invitation.resent' | 'invitation.revoked',
  by: Author,
  row: Invitation,
): Promise<void> {
  const { organizationId, id, email, maxUses } = row
  const detail = {
    role: row.role,
    expires: row.expiresAt.toISOString(),
    uses: maxUses === null ? 'any number' : String(maxUses),
    ...(row.teamIds.length > 0 ? { teams: row.teamIds.join(' ') } : {}),
  }
  await note(tx, { organizationId, by, type, target: { type: 'invitation', id, name: email ?? '' }, detail })
}
