'use client'
import {
  type BillingInterval,
  type BillingOverview,
  billingInterval,
  type PlanKey,
  planKey,
  plans,
  TRIAL_DAYS,
} from '@realtime/contracts'
import { Check } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/classes.ts'
import { manages } from '../workspace/roles.ts'
import { Section } from '../workspace/settings/section.tsx'
import type { StripeDoor } from './going.ts'
import { costOf, day, includes, money, runs, savingOf, several } from './words.ts'

const intervalWords: Record<BillingInterval, string> = { month: 'Monthly', year: 'Yearly' }

/** All plans beside each other, by the month or by the year, each with the way to it. */
export function Plans({ billing, stripe }: { billing: BillingOverview; stripe: StripeDoor }) {
  const [interval, setPaid] = useState<BillingInterval>(billing.subscription?.interval ?? 'month')
  const managing = manages(billing.role)
  return (
    <Section
      title="Plans"
      description={managing ? 'Guests are free.' : 'Owners and admins choose the plan.'}
      actions={<IntervalChoice value={interval} onChange={setPaid} />}
    >
      <ul className="grid gap-3 md:grid-cols-3">
        {planKey.options.map((key) => (
          <PlanCard key={key} plan={key} interval={interval} billing={billing} stripe={stripe} managing={managing} />
        ))}
      </ul>
    </Section>
  )
}

function IntervalChoice({ value, onChange }: { value: BillingInterval; onChange(value: BillingInterval): void }) {
  return (
    <div role="radiogroup" aria-label="Pay by" className="flex shrink-0 gap-0.5 rounded-lg bg-accent p-0.5">
      {billingInterval.options.map((one) => (
        <label
          key={one}
          className={cn(
            'flex h-7 cursor-pointer items-center gap-1.5 rounded-md px-2.5 font-medium text-[13px] text-muted-foreground has-focus-visible:outline-2 has-focus-visible:outline-ring max-sm:h-9',
            value === one && 'bg-background text-foreground shadow-soft',
          )}
        >
          <input
            type="radio"
            name="interval"
            value={one}
            checked={value === one}
            onChange={() => onChange(one)}
            className="sr-only"
          />
          {intervalWords[one]}
          {one === 'year' ? <span className="text-primary-text text-xs">−{savingOf(plans.team)}%</span> : null}
        </label>
      ))}
    </div>
  )
}

interface PlanCardProps {
  plan: PlanKey
  interval: BillingInterval
  billing: BillingOverview
  stripe: StripeDoor
  managing: boolean
}

function PlanCard({ plan: key, interval, billing, stripe, managing }: PlanCardProps) {
  const plan = plans[key]
  const current = billing.plan === key
  const seats = Math.max(1, billing.usage.members)
  return (
    <li
      aria-label={`${plan.name} plan`}
      className={cn('flex flex-col rounded-lg border bg-card p-4', current && 'border-primary ring-1 ring-primary')}
    >
      <div className="flex items-center justify-between gap-2">
        <h3 className="font-semibold text-[15px] tracking-tight">{plan.name}</h3>
        {current ? <span className="font-medium text-primary-text text-xs">Your plan</span> : null}
      </div>
      <p className="mt-3 flex items-baseline gap-1.5">
        <span className="font-semibold text-2xl tabular-nums tracking-tight">{money(plan.price?.[interval] ?? 0)}</span>
        <span className="text-muted-foreground text-xs">{plan.price ? 'per seat / month' : 'for good'}</span>
      </p>
      <p className="mt-0.5 text-muted-foreground text-xs">
        {plan.price
          ? `${several(seats, 'member')}: ${money(costOf(plan, interval, seats))} a ${interval}`
          : 'No card needed'}
      </p>
      <p className="mt-2 text-[13px] md:min-h-10">{plan.summary}</p>
      <ul className="mt-3 grid gap-1.5 text-[13px]">
        {includes(plan.limits).map((line) => (
          <li key={line} className="flex gap-2">
            <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-primary-text" />
            {line}
          </li>
        ))}
      </ul>
      {managing ? (
        <div className="mt-auto pt-4">
          <Way plan={key} interval={interval} billing={billing} stripe={stripe} />
        </div>
      ) : null}
    </li>
  )
}

/** The way to a plan: a checkout for who pays nothing yet, the portal for who does. */
function Way({ plan: key, interval, billing, stripe }: Omit<PlanCardProps, 'managing'>) {
  const { subscription } = billing
  const plan = plans[key]
  const subscribed = runs(subscription)
  const current = billing.plan === key && (!plan.price || subscription?.interval === interval)
  const style = 'w-full max-sm:h-10'
  if (current)
    return (
      <Button variant="outline" className={style} disabled>
        Current plan
      </Button>
    )
  // Whoever cancelled is on the way to it already.
  if (subscribed && !plan.price && subscription?.cancelAt)
    return <p className="py-2 text-center text-[13px] text-muted-foreground">Yours from {day(subscription.cancelAt)}</p>
  if (subscribed)
    return (
      <Button variant="outline" className={style} disabled={stripe.busy} onClick={() => stripe.portal.mutate()}>
        {plan.price
          ? `Switch to ${plan.name}${billing.plan === key ? `, ${intervalWords[interval].toLowerCase()}` : ''}`
          : 'Cancel plan'}
      </Button>
    )
  if (key === 'free') return null
  const wanted = stripe.checkout.variables
  return (
    <Button
      variant={key === 'team' ? 'primary' : 'outline'}
      className={style}
      disabled={stripe.busy}
      busy={stripe.busy && wanted?.plan === key}
      aria-label={billing.trialAvailable ? `Try ${plan.name} free for ${TRIAL_DAYS} days` : `Upgrade to ${plan.name}`}
      onClick={() => stripe.checkout.mutate({ plan: key, interval })}
    >
      {billing.trialAvailable ? `Try ${TRIAL_DAYS} days free` : `Upgrade to ${plan.name}`}
    </Button>
  )
}
