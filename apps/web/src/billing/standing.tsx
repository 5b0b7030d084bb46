import type { BillingOverview } from '@realtime/contracts'
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { manages } from '../workspace/roles.ts'
import type { StripeDoor } from './going.ts'
import { day, runs } from './words.ts'

const exceededWords: Record<BillingOverview['exceeded'][number], string> = {
  members: 'nobody more can join as a member',
  storageBytes: 'no more files can be uploaded',
  aiCredits: 'AI waits until next month',
}

/** What somebody should know about the subscription now: a payment that is due, an end, limits that are exceeded. */
export function Standing({ billing, stripe }: { billing: BillingOverview; stripe: StripeDoor }) {
  const notices = [payment(billing), ending(billing), exceeded(billing)].filter((one) => one !== null)
  if (notices.length === 0) return null
  return (
    <div className="mt-6 grid gap-2">
      {notices.map(({ key, tone, text, action }) => (
        <Notice
          key={key}
          tone={tone}
          actions={
            action && manages(billing.role) ? (
              <Button variant="outline" size="small" disabled={stripe.busy} onClick={() => stripe.portal.mutate()}>
                {action}
              </Button>
            ) : null
          }
        >
          {text}
        </Notice>
      ))}
    </div>
  )
}

interface Told {
  key: string
  tone: 'info' | 'warning'
  text: ReactNode
  /** The words on the button to the portal. */
  action?: string
}

function payment({ subscription }: BillingOverview): Told | null {
  if (!subscription || !runs(subscription)) return null
  if (['active', 'trialing'].includes(subscription.status)) return null
  const text =
    subscription.status === 'past_due'
      ? 'The last payment failed. Everything works as before while Stripe tries again; please look at the card.'
      : 'The subscription is on hold: the Free plan holds until it is paid. Nothing was deleted.'
  return { key: 'payment', tone: 'warning', text, action: 'Check the card' }
}

function ending({ subscription }: BillingOverview): Told | null {
  if (!subscription?.cancelAt || !runs(subscription)) return null
  const text = `The plan was cancelled and ends on ${day(subscription.cancelAt)}. After that the Free plan holds: all is kept, and what exceeds it can be read, edited and exported.`
  return { key: 'ending', tone: 'info', text, action: 'Keep the plan' }
}

function exceeded({ exceeded }: BillingOverview): Told | null {
  if (exceeded.length === 0) return null
  const list = new Intl.ListFormat('en').format(exceeded.map((key) => exceededWords[key]))
  const text = `More is used than the plan includes. Nothing is lost or locked, but ${list}.`
  return { key: 'exceeded', tone: 'warning', text }
}
