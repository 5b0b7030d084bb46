'use client'
import type { Organization } from '@realtime/contracts'
import { Link2, UserPlus } from 'lucide-react'
import { toast } from 'sonner'
import { Button } from '../ui/button.tsx'
import { copyText } from '../ui/clipboard.ts'
import { Popover } from '../ui/popover.tsx'
import { InvitePanel } from '../workspace/invite.tsx'

/** Inviting people to where the document lives. */
export function Share({ organization }: { organization: Organization | undefined }) {
  return (
    <Popover
      trigger={
        <Button size="small" className="@max-xl:size-8 @max-xl:px-0" disabled={!organization} aria-label="Share">
          <UserPlus aria-hidden />
          <span className="@max-xl:hidden">Share</span>
        </Button>
      }
      title={organization ? `Invite to ${organization.name}` : 'Invite'}
      description="Everyone in the organization can open it."
    >
      {organization ? <InvitePanel organization={organization} /> : null}
      <div className="-mx-4 mt-4 -mb-4 border-t p-2">
        <Button
          variant="ghost"
          size="small"
          className="w-full justify-start"
          onClick={async () => {
            const url = location.origin + location.pathname
            if (await copyText(url)) toast('The address is copied')
            else toast('Copying is not possible here', { description: url })
          }}
        >
          <Link2 aria-hidden />
          Copy address for members
        </Button>
      </div>
    </Popover>
  )
}
