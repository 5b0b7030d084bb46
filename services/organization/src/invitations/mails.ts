import { Problem, type Role } from '@realtime/contracts'
import type { Context } from '../context.ts'
import type { Invitation } from '../database/client.ts'
import type { Transaction } from '../transactions.ts'
import { pathOf } from './views.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** Most invitations by mail of an organization in a day: its mails go out in the name of the whole server. */
const MAILS_A_DAY = 200
/** Seconds between two mails to the same address. */
const PAUSE_SECONDS = 60

const asWhat: Record<Role, string> = {
  owner: 'an owner',
  admin: 'an admin',
  member: 'a member',
  guest: 'a guest',
}

/**
 * Sends an invitation to whom it is for, and keeps when. Where no mail goes out the invitation holds all the same: its
 * link can be passed on by hand.
 * @returns the invitation as it is then
 */
export async function mailInvitation(
  ctx: Context,
  row: Invitation,
  { token, inviter, organization }: { token: string; inviter: string; organization: string },
): Promise<Invitation> {
  if (row.email === null) return row
  const until = row.expiresAt.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' })
  const sent = await ctx.people.mail({
    to: { email: row.email },
    subject: `${inviter} invites you to ${organization}`,
    paragraphs: [
      `${inviter} invites you to work in ${organization}, as ${asWhat[row.role as Role]}.`,
      `The invitation is for this address, and holds until ${until}.`,
    ],
    // A long name would make a button of two lines, and stands above it anyway.
    button: { label: organization.length > 40 ? 'Join' : `Join ${organization}`, path: pathOf(token) },
    footer: 'You get this mail because somebody entered your address. If you do not know them, leave it unanswered.',
  })
  if (!sent) return row
  // Withdrawn in the meantime it is still one that was sent; another link may have taken its place.
  const { id, tokenHash } = row
  const sentAt = new Date()
  await ctx.db.invitation.updateMany({ where: { id, tokenHash }, data: { sentAt } })
  return { ...row, sentAt }
}

/** Lets an organization send another invitation by mail. @throws Problem `rate-limited` */
export async function checkMails(tx: Transaction, organizationId: string): Promise<void> {
  const since = new Date(Date.now() - DAY_MS)
  const count = await tx.invitation.count({
    where: { organizationId, email: { not: null }, OR: [{ createdAt: { gt: since } }, { sentAt: { gt: since } }] },
  })
  if (count < MAILS_A_DAY) return
  throw new Problem('rate-limited', `An organization invites ${MAILS_A_DAY} people by mail in a day at most.`, {
    headers: { 'retry-after': '3600' },
  })
}

/** Lets an invitation be mailed once more. @throws Problem `rate-limited` */
export function checkPause({ sentAt }: Invitation): void {
  const seconds = PAUSE_SECONDS - (Date.now() - (sentAt?.getTime() ?? 0)) / 1000
  if (seconds <= 0) return
  throw new Problem('rate-limited', 'A mail was sent just now.', {
    headers: { 'retry-after': String(Math.ceil(seconds)) },
  })
}
