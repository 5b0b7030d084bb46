import { type Actor, type Organization as OrganizationView, Problem, role } from '@realtime/contracts'
import { atLeast, personOf } from '../access.ts'
import { type Cast, castOf, note } from '../audit/notes.ts'
import { checkRoom } from '../billing/limits.ts'
import { membersChanged } from '../billing/reconcile.ts'
import { recordChange } from '../changes.ts'
import type { Context } from '../context.ts'
import type { Invitation } from '../database/client.ts'
import { organizationView } from '../organizations.ts'
import { holdOrganization, inTransaction, type Transaction } from '../transactions.ts'
import { hashOf, holds, invalid, usedUp } from './tokens.ts'
import { hiddenAddress } from './views.ts'

/** What a token invites to. @throws Problem `invalid-token` */
export async function previewInvitation(ctx: Context, input: { token: string }) {
  const row = await ctx.db.invitation.findUnique({
    where: { tokenHash: hashOf(input.token) },
    include: { organization: true },
  })
  if (!row || !holds(row) || row.organization.deletionAskedAt !== null) throw invalid()
  const inviter = (await ctx.people.find([row.createdBy])).get(row.createdBy)
  return {
    organization: { id: row.organization.id, name: row.organization.name },
    role: role.parse(row.role),
    invitedBy: inviter?.name ?? '',
    email: row.email && hiddenAddress(row.email),
    expiresAt: row.expiresAt.toISOString(),
  }
}

/**
 * Joins an organization, and the teams of the invitation with it. Who is a member already with that role or a higher one
 * stays what they are, and no use is counted; so a second call answers like the first.
 * @throws Problem `invalid-token`: unknown, expired, withdrawn, used up, used by somebody who was removed since, or for
 * another address; `email-unverified`: for the own address, which is not confirmed; `plan-limit` where the plan has no
 * room for another member
 */
export async function acceptInvitation(
  ctx: Context,
  actor: Actor,
  input: { token: string },
): Promise<OrganizationView> {
  const userId = personOf(actor)
  const tokenHash = hashOf(input.token)
  await checkAddress(ctx, userId, tokenHash)
  const cast = await castOf(ctx, actor, userId)
  const { view, last } = await inTransaction(ctx, async (tx) => {
    const found = await tx.invitation.findUnique({ where: { tokenHash } })
    if (!found) throw invalid()
    const organization = await holdOrganization(tx, found.organizationId)
    if (organization.deletionAskedAt !== null) throw invalid()
    // Read again: whoever held the organization before may have used or withdrawn it, or given it another link.
    const row = await tx.invitation.findUnique({ where: { tokenHash } })
    if (!row) throw invalid()
    const granted = role.parse(row.role)
    const key = { organizationId: organization.id, userId }
    const membership = await tx.membership.findUnique({ where: { organizationId_userId: key } })
    if (membership && atLeast(role.parse(membership.role), granted)) {
      return { view: organizationView(organization, membership), last: false }
    }
    const use = { invitationId: row.id, userId }
    const usedBefore = await tx.invitationUse.findUnique({ where: { invitationId_userId: use } })
    if (!holds(row) || usedBefore) throw invalid()
    const takesSeat = granted !== 'guest' && (!membership || membership.role === 'guest')
    if (takesSeat) await checkRoom(ctx, tx, organization)
    await tx.invitationUse.create({ data: use })
    const used = await tx.invitation.update({ where: { id: row.id }, data: { uses: { increment: 1 } } })
    const joined = await tx.membership.upsert({
      where: { organizationId_userId: key },
      create: { ...key, role: granted },
      update: { role: granted },
    })
    await joinTeams(tx, row, userId)
    await noteJoined(tx, cast, { row, userId, was: membership?.role ?? null })
    await recordChange(tx, { type: 'membership.changed', ...key })
    return { view: organizationView(organization, joined), last: usedUp(used) }
  })
  membersChanged(ctx, view.id)
  if (last) {
    await ctx.people
      .dismiss(tokenHash)
      .catch((err: unknown) => ctx.log.warn({ err }, 'the sign-up pass of a used-up invitation was not withdrawn'))
  }
  return view
}

/**
 * An invitation for an address is for the account that has it, and has shown so. Asked of auth anew each time: the
 * address may have been confirmed a moment ago.
 */
async function checkAddress(ctx: Context, userId: string, tokenHash: string): Promise<void> {
  const row = await ctx.db.invitation.findUnique({ where: { tokenHash } })
  if (!row) throw invalid()
  if (row.email === null) return
  const person = await ctx.people.now(userId)
  if (person?.email.toLowerCase() !== row.email) throw invalid()
  if (!person.emailVerified) {
    throw new Problem(
      'email-unverified',
      'This invitation is for your address: confirm it first, then open the link again.',
    )
  }
}

/** Teams that are gone by now are left out. */
async function joinTeams(tx: Transaction, { organizationId, teamIds }: Invitation, userId: string): Promise<void> {
  if (teamIds.length === 0) return
  const teams = await tx.team.findMany({ where: { organizationId, id: { in: teamIds } }, select: { id: true } })
  await tx.teamMember.createMany({
    data: teams.map(({ id }) => ({ teamId: id, organizationId, userId })),
    skipDuplicates: true,
  })
}

async function noteJoined(
  tx: Transaction,
  cast: Cast,
  { row, userId, was }: { row: Invitation; userId: string; was: string | null },
): Promise<void> {
  await note(tx, {
    organizationId: row.organizationId,
    by: cast.by,
    type: was === null ? 'member.joined' : 'member.role-changed',
    target: cast.target(userId),
    detail: {
      role: row.role,
      ...(was === null ? {} : { 'role before': was }),
      invitation: row.id,
      ...(row.teamIds.length > 0 ? { teams: row.teamIds.join(' ') } : {}),
    },
  })
}
