import type { Context } from '../context.ts'
import { retakeEvents } from './events.ts'
import { syncOrganization } from './sync.ts'
import { atMost } from './turns.ts'

/** Seconds between two looks for what was left over here. */
const LOOK_SECONDS = 60
/** Days for which an ended subscription or an open checkout is still asked about. */
const RECENT_DAYS = 30

/** Milliseconds that a look gets to end when the service stops. */
const SETTLE_MS = 5_000

/** The work that goes on by itself while the service runs. */
export interface Reconciling {
  stop(): Promise<void>
}

/**
 * Keeps the truth here and at Stripe together, whatever was lost between them: at the start and then every
 * `BILLING_RECONCILE_SECONDS` each live or recent subscription is fetched; each minute events that failed or got stuck
 * are taken up, and seats follow members. Does nothing without billing.
 */
export function startReconciling(ctx: Context): Reconciling {
  if (!ctx.stripe) return { stop: async () => undefined }
  const everyMs = ctx.config.BILLING_RECONCILE_SECONDS * 1000
  const lookMs = Math.min(everyMs, LOOK_SECONDS * 1000)
  let reconciledAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  const look = async (): Promise<void> => {
    try {
      await retakeEvents(ctx)
      const first = reconciledAt === Number.NEGATIVE_INFINITY
      if (performance.now() - reconciledAt >= everyMs) {
        reconciledAt = performance.now()
        // With several processes each does what the others have not done.
        await reconcile(ctx, first ? new Date() : new Date(Date.now() - everyMs / 2))
      }
      await chaseSeats(ctx)
    } catch (err) {
      ctx.log.warn({ err }, 'billing was not reconciled; tried again')
    }
  }
  const loop = (): Promise<void> =>
    look().then(() => {
      if (ctx.draining.signal.aborted) return
      timer = setTimeout(() => {
        working = loop()
      }, lookMs)
      timer.unref()
    })
  let working = loop()
  return {
    async stop() {
      clearTimeout(timer)
      await atMost(working, SETTLE_MS)
    },
  }
}

/** Syncs every organization whose subscription is live or ended lately, and that was not synced after `before`. */
export async function reconcile(ctx: Context, before: Date): Promise<void> {
  const recent = new Date(Date.now() - RECENT_DAYS * 24 * 60 * 60_000)
  const live = { subscription: { OR: [{ endedAt: null }, { endedAt: { gt: recent } }] } }
  const customers = await ctx.db.customer.findMany({
    where: {
      AND: [
        { OR: [{ syncedAt: null }, { syncedAt: { lt: before } }] },
        { OR: [{ checkoutAt: { gt: recent } }, { organization: live }] },
      ],
    },
    orderBy: { syncedAt: { sort: 'asc', nulls: 'first' } },
  })
  await syncEach(ctx, customers)
}

/** Syncs where seats and members differ: a process may have ended between the two. */
async function chaseSeats(ctx: Context): Promise<void> {
  const drifted = await ctx.db.$queryRaw<{ organizationId: string }[]>`
    SELECT s.organization_id AS "organizationId" FROM subscriptions s
    WHERE s.status IN ('active', 'trialing') AND s.seats <> greatest(1, (
      SELECT count(*) FROM memberships m WHERE m.organization_id = s.organization_id AND m.role <> 'guest'))`
  await syncEach(ctx, drifted)
}

async function syncEach(ctx: Context, organizations: { organizationId: string }[]): Promise<void> {
  for (const { organizationId } of organizations) {
    if (ctx.draining.signal.aborted) return
    await syncOrganization(ctx, organizationId).catch((err: unknown) =>
      ctx.log.warn({ err, organizationId }, 'a subscription was not synced; tried again later'),
    )
  }
}

/**
 * Lets the seats follow a change of members that was just committed. It answers nobody: what fails is found again by
 * the next look.
 */
export function membersChanged(ctx: Context, organizationId: string): void {
  if (!ctx.stripe) return
  const follow = async () => {
    const subscription = await ctx.db.subscription.findUnique({ where: { organizationId } })
    if (subscription && !subscription.endedAt) await syncOrganization(ctx, organizationId)
  }
  follow().catch((err: unknown) => ctx.log.warn({ err, organizationId }, 'the seats did not follow; tried again later'))
}
