'use client'
import { type Organization, plans } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { Notice } from '../ui/notice.tsx'
import { billingQuery } from './queries.ts'
import { costOf, money } from './words.ts'

/** Says, where people are invited, what another member costs or whether there is room; nothing where all is included. */
export function SeatNotice({ organization }: { organization: Organization }) {
  const { data: billing } = useQuery(billingQuery(organization.id))
  if (billing?.mode !== 'stripe') return null
  const plan = plans[billing.plan]
  const { members: limit } = billing.limits
  const { members } = billing.usage
  if (limit !== null && members >= limit)
    return (
      <Notice tone="warning">
        {organization.name} has {members} of {limit} members of the {plan.name} plan: only guests can join now.{' '}
        <a href="/settings/billing" className="font-medium text-primary-text hover:underline">
          See plans
        </a>
      </Notice>
    )
  const interval = billing.subscription?.interval
  const text =
    limit !== null
      ? `${members} of ${limit} members of the ${plan.name} plan; guests are free.`
      : plan.price && interval
        ? `Each member who joins takes a seat for ${money(costOf(plan, interval, 1))} a ${interval}${interval === 'year' ? ', for the rest of this one at once' : ''}; guests are free.`
        : null
  return text ? <p className="text-muted-foreground text-xs">{text}</p> : null
}
