import { type BillingOverview, plans } from '@realtime/contracts'
import { ExternalLink } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/classes.ts'
import { manages } from '../workspace/roles.ts'
import type { StripeDoor } from './going.ts'
import { costOf, day, daysUntil, money, runs, several } from './words.ts'

/** The plan of now: what it costs, until when it holds, and the way to change that. */
export function CurrentPlan({ billing, stripe }: { billing: BillingOverview; stripe: StripeDoor }) {
  const plan = plans[billing.plan]
  const badge = badgeOf(billing)
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-lg border bg-card px-4 py-4">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-semibold text-lg tracking-tight">{plan.name}</span>
          {badge ? (
            <span className={cn('rounded-full px-2 py-0.5 font-medium text-xs', badge.style)}>{badge.word}</span>
          ) : null}
        </p>
        <div className="mt-1 grid gap-0.5 text-[13px] text-muted-foreground">
          {linesOf(billing).map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      </div>
      {billing.subscription && manages(billing.role) ? (
        <Button
          variant="outline"
          className="max-sm:w-full"
          busy={stripe.portal.isPending || stripe.portal.isSuccess}
          disabled={stripe.busy}
          onClick={() => stripe.portal.mutate()}
        >
          Manage billing
          <ExternalLink aria-hidden />
        </Button>
      ) : null}
    </div>
  )
}

const calm = 'bg-primary-soft text-primary-text'
const warns = 'bg-warning-soft text-warning'

function badgeOf({ subscription }: BillingOverview): { word: string; style: string } | null {
  if (!subscription || !runs(subscription)) return null
  if (subscription.status === 'past_due') return { word: 'Payment due', style: warns }
  if (subscription.cancelAt) return { word: 'Cancelled', style: warns }
  if (subscription.status === 'trialing') return { word: 'Trial', style: calm }
  if (subscription.status === 'active') return { word: 'Active', style: calm }
  return { word: 'On hold', style: warns }
}

function linesOf({ plan: key, subscription, usage }: BillingOverview): string[] {
  const plan = plans[key]
  if (!subscription || !plan.price) {
    const before = subscription && !runs(subscription) && subscription.cancelAt
    return [
      ...(before ? [`The last subscription ended on ${day(before)}. Nothing was deleted.`] : []),
      `${plan.summary} ${several(usage.members, 'member')}, nothing to pay.`,
    ]
  }
  const { interval, seats, cancelAt, periodEnd, status, trialEnd } = subscription
  const cost = `${several(seats, 'seat')} × ${money(costOf(plan, interval, 1))} = ${money(costOf(plan, interval, seats))} a ${interval}`
  const trial = status === 'trialing' && trialEnd ? trialEnd : null
  if (cancelAt) return [cost, `Ends on ${day(cancelAt)}${trial ? '; nothing is charged' : ''}`]
  if (trial) return [`Trial: ${several(daysUntil(trial), 'day')} left, until ${day(trial)}`, `Then ${cost}`]
  return [cost, `Renews on ${day(periodEnd)}`]
}
