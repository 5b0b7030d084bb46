import type { BillingOverview } from '@realtime/contracts'
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { manages } from '../workspace/roles.ts'
import type { StripeDoor } from './going.ts'
import { day, daysUntil, runs } from './words.ts'

/** Days before the end of a trial from which on it is spoken of. */
const TRIAL_NEWS_DAYS = 4

const exceededWords: Record<BillingOverview['exceeded'][number], string> = {
  members: 'nobody more can join as a member',
  storageBytes: 'no more files can be uploaded',
  aiCredits: 'AI waits until next month',
}

/** What somebody should know about the subscription now: a payment that is due, an end, limits that are exceeded. */
export function Standing({ billing, stripe }: { billing: BillingOverview; stripe: StripeDoor }) {
  const notices = [payment(billing), trial(billing), ending(billing), exceeded(billing)].filter((one) => one !== null)
  if (notices.length === 0) return null
  return (
    <div className="mt-6 grid gap-2">
      {notices.map(({ key, tone, text, action }) => (
        <Notice
          key={key}
          tone={tone}
          className="max-sm:flex-wrap"
          actions={
            action && manages(billing.role) ? (
              // Below the words where it would leave them no room.
              <span className="max-sm:w-full max-sm:pl-6.5">
                <Button
                  variant="outline"
                  size="small"
                  className="max-sm:h-10"
                  disabled={stripe.busy}
                  onClick={() => stripe.portal.mutate()}
                >
                  {action}
                </Button>
              </span>
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

/** The last days of a trial: it may go on, or end by itself. */
function trial({ subscription }: BillingOverview): Told | null {
  if (subscription?.status !== 'trialing' || !subscription.trialEnd || subscription.cancelAt) return null
  if (daysUntil(subscription.trialEnd) > TRIAL_NEWS_DAYS) return null
  const text = `The trial ends on ${day(subscription.trialEnd)}. With a card the plan goes on; without one the Free plan holds then, and all is kept.`
  return { key: 'trial', tone: 'info', text, action: 'See the card' }
}

function ending({ subscription }: BillingOverview): Told | null {
  if (!subscription?.cancelAt || !runs(subscription)) return null
  const text = `The plan was cancelled and ends on ${day(subscription.cancelAt)}. After that the Free plan holds: all is kept, and what exceeds it can still be read, edited and exported.`
  return { key: 'ending', tone: 'info', text, action: 'Keep the plan' }
}

function exceeded({ exceeded }: BillingOverview): Told | null {
  if (exceeded.length === 0) return null
  const list = new Intl.ListFormat('en').format(exceeded.map((key) => exceededWords[key]))
  const text = `More is used than the plan includes. Nothing is lost or locked, but ${list}.`
  return { key: 'exceeded', tone: 'warning', text }
}
