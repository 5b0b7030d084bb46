'use client'
import type { BillingOverview, Organization } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { LoaderCircle, Server } from 'lucide-react'
import { messageOf } from '../account/problems.ts'
import { failureOf } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Section } from '../workspace/settings/section.tsx'
import { CurrentPlan } from './current-plan.tsx'
import { useStripe } from './going.ts'
import { Plans } from './plans.tsx'
import { billingQuery } from './queries.ts'
import { type Returning, useReturning } from './returning.ts'
import { Standing } from './standing.tsx'
import { Usage } from './usage.tsx'
import { runs } from './words.ts'

/** The plan of an organization, how much of it is used, and the ways to another. */
export function Billing({ organization }: { organization: Organization }) {
  const query = useQuery(billingQuery(organization.id))
  const returning = useReturning(organization)
  const failure = failureOf(query)
  return (
    <>
      <Arrival returning={returning} known={runs(query.data?.subscription ?? null)} />
      {query.data ? (
        <Overview key={query.data.mode} billing={query.data} />
      ) : failure ? (
        <Failure error={failure} retry={() => void query.refetch()} />
      ) : (
        <Loading />
      )}
    </>
  )
}

/** What is shown between paying and knowing of it. */
function Arrival({ returning, known }: { returning: Returning; known: boolean }) {
  if (returning.error) return <Failure error={returning.error} retry={returning.retry} />
  if (known) return null
  if (returning.late)
    return (
      <Notice
        className="mt-6"
        actions={
          <Button variant="outline" size="small" onClick={returning.retry}>
            Look again
          </Button>
        }
      >
        Stripe has not told of a payment yet. Once it does, the plan changes by itself.
      </Notice>
    )
  if (!returning.waiting) return null
  return (
    <p role="status" className="mt-6 flex items-center gap-2.5 rounded-lg bg-primary-soft px-3 py-2.5 text-[13px]">
      <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin text-primary-text" />
      Thank you! Stripe is telling us about your new plan…
    </p>
  )
}

function Overview({ billing }: { billing: BillingOverview }) {
  const stripe = useStripe(billing.organizationId)
  if (billing.mode === 'self-hosted')
    return (
      <>
        <Section title="Plan">
          <div className="flex items-center gap-3.5 rounded-lg border bg-card px-4 py-4">
            <span className="grid size-9 shrink-0 place-items-center rounded-full bg-primary-soft">
              <Server aria-hidden className="size-4.5 text-primary-text" />
            </span>
            <div className="min-w-0">
              <p className="font-medium">This server is self-hosted: everything is included</p>
              <p className="mt-0.5 text-[13px] text-muted-foreground">
                As many members, files and versions as you like, and nothing to pay.
              </p>
            </div>
          </div>
        </Section>
        <Section title="Usage">
          <Usage billing={billing} />
        </Section>
      </>
    )
  return (
    <>
      <Standing billing={billing} stripe={stripe} />
      <Section title="Plan">
        <CurrentPlan billing={billing} stripe={stripe} />
      </Section>
      <Section title="Usage">
        <Usage billing={billing} />
      </Section>
      <Plans billing={billing} stripe={stripe} />
    </>
  )
}

function Failure({ error, retry }: { error: Error; retry(): void }) {
  return (
    <Notice
      tone="error"
      className="mt-6"
      actions={
        <Button variant="outline" size="small" onClick={retry}>
          Retry
        </Button>
      }
    >
      {messageOf(error)}
    </Notice>
  )
}

function Loading() {
  return (
    <div className="mt-9 grid gap-9" aria-hidden>
      <div className="grid gap-3">
        <Skeleton className="h-5 w-16" />
        <Skeleton className="h-24 w-full rounded-lg" />
      </div>
      <div className="grid gap-3">
        <Skeleton className="h-5 w-20" />
        <Skeleton className="h-40 w-full rounded-lg" />
      </div>
      <div className="grid gap-3 md:grid-cols-3">
        {['a', 'b', 'c'].map((key) => (
          <Skeleton key={key} className="h-72 rounded-lg" />
        ))}
      </div>
    </div>
  )
}
