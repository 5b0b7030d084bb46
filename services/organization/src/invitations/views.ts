import { type Invitation as InvitationView, role } from '@realtime/contracts'
import type { Context } from '../context.ts'
import type { Invitation } from '../database/client.ts'

/** An invitation as those see it who may invite. */
export function invitationView(row: Invitation): InvitationView {
  return {
    id: row.id,
    role: role.parse(row.role),
    email: row.email,
    teams: row.teamIds,
    sentAt: row.sentAt?.toISOString() ?? null,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    maxUses: row.maxUses,
    uses: row.uses,
  }
}

/** An invitation with its link, for the one answer that shows it. */
export function linkedView(ctx: Context, row: Invitation, token: string): InvitationView & { url: string } {
  return { ...invitationView(row), url: `${ctx.config.PUBLIC_URL}${pathOf(token)}` }
}

/** Where the link of an invitation leads. */
export function pathOf(token: string): string {
  return `/join/${token}`
}

/** An address of which only its owner recognises more than a letter: `a…@e….com`. */
export function hiddenAddress(email: string): string {
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1)
  const end = domain.lastIndexOf('.')
  const first = (text: string): string => [...text][0] ?? ''
  return `${first(email)}…@${first(domain)}…${end > 0 ? domain.slice(end) : ''}`
}
