'use client'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { CopyField } from '../../../ui/copy-field.tsx'
import { Notice } from '../../../ui/notice.tsx'

/** What came of inviting an address. */
export type Invited =
  | { address: string; url: string; sent: boolean; problem?: undefined }
  | { address: string; problem: string }

interface InvitedListProps {
  invited: Invited[]
  again(): void
}

/** What came of each invitation by mail; where no mail went out, the link to pass on by hand. */
export function InvitedList({ invited, again }: InvitedListProps) {
  const unsent = invited.some((one) => one.problem === undefined && !one.sent)
  return (
    <div className="grid gap-4">
      {unsent ? (
        <Notice tone="warning">
          No mail server is set up here, so no mail went out. Pass the links on yourself; they are shown only now.
        </Notice>
      ) : null}
      <ul className="grid gap-3" aria-label="Invited">
        {invited.map((one) => (
          <li key={one.address} className="grid gap-1.5">
            <p className="flex items-start gap-2 text-[13px]">
              {one.problem === undefined ? (
                <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-success" />
              ) : (
                <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-destructive" />
              )}
              <span className="min-w-0 break-words">
                <bdi className="break-all font-medium">{one.address}</bdi>{' '}
                {one.problem !== undefined ? one.problem : one.sent ? 'was sent an invitation.' : 'is invited.'}
              </span>
            </p>
            {one.problem === undefined && !one.sent ? (
              <CopyField label={`Invitation link for ${one.address}`} value={one.url} />
            ) : null}
          </li>
        ))}
      </ul>
      <div className="flex justify-end">
        <Button variant="outline" className="max-sm:h-11" onClick={again}>
          Invite more people
        </Button>
      </div>
    </div>
  )
}
