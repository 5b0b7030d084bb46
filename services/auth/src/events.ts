import type { SecurityEvent } from '@realtime/contracts'
import type { Browser } from './browsers.ts'
import type { Context } from './context.ts'
import type { Prisma } from './database/client.ts'
import type { Visit } from './sessions.ts'

/** How many events are shown, newest first. */
const SHOWN = 100

/** What may happen to an account; the web app says each in words. */
export type EventType =
  | 'account-created'
  | 'signed-in'
  | 'signed-out'
  | 'session-ended'
  | 'sessions-ended'
  | 'password-set'
  | 'password-changed'
  | 'password-reset'
  | 'email-verified'
  | 'email-change-asked'
  | 'email-changed'
  | 'two-factor-on'
  | 'two-factor-off'
  | 'recovery-codes-renewed'
  | 'recovery-code-used'
  | 'passkey-added'
  | 'passkey-removed'
  | 'provider-linked'
  | 'provider-unlinked'
  | 'key-created'
  | 'key-deleted'
  | 'suspended'
  | 'restored'
  | 'made-administrator'
  | 'no-administrator'

interface NewEvent {
  userId: string
  type: EventType
  /** What it was done to or how, for instance an address or the name of a key. */
  detail?: string
  /** From where; left out where somebody else did it. */
  browser?: Browser
}

/** Notes what happened to an account, for its owner; `db` may be the transaction in which it happens. */
export async function noteEvent(db: Prisma.TransactionClient, event: NewEvent): Promise<void> {
  const { userId, type, detail = '', browser } = event
  await db.securityEvent.create({
    data: { userId, type, detail: detail.slice(0, 300), address: browser?.address ?? null, device: deviceOf(browser) },
  })
}

/** The name that a browser gives itself, at most 300 characters; null where it gives none. */
export function deviceOf(browser: Browser | undefined): string | null {
  return browser?.headers.get('user-agent')?.slice(0, 300) || null
}

/** What happened to the own account lately, newest first. */
export async function listEvents(ctx: Context, { actor }: Visit): Promise<{ events: SecurityEvent[] }> {
  const rows = await ctx.db.securityEvent.findMany({
    where: { userId: actor.id },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: SHOWN,
  })
  return { events: rows.map(({ userId: _userId, at, ...row }) => ({ ...row, at: at.toISOString() })) }
}
