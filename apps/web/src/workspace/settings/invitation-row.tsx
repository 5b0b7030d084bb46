'use client'
import { type Invitation, organizationApi } from '@realtime/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link2 } from 'lucide-react'
import { toast } from 'sonner'
import { messageOf } from '../../account/problems.ts'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { invitationsQuery } from '../queries.ts'
import { roleWords } from '../roles.ts'
import { agoOf } from '../time.ts'

/** An invitation that still works. */
export function InvitationRow({ organizationId, invitation }: { organizationId: string; invitation: Invitation }) {
  const client = useQueryClient()
  const { queryKey } = invitationsQuery(organizationId)
  const revoke = useMutation({
    mutationFn: () =>
      api(organizationApi.revokeInvitation, { params: { id: organizationId, invitationId: invitation.id } }),
    onMutate: () => client.setQueryData(queryKey, (list) => list?.filter((other) => other.id !== invitation.id)),
    onError: (error) => toast.error('The invitation still works', { description: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
  const until = new Date(invitation.expiresAt).toLocaleDateString(undefined, { dateStyle: 'medium' })
  const used =
    invitation.maxUses === null ? `used ${invitation.uses}×` : `used ${invitation.uses} of ${invitation.maxUses}`
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <span className="grid size-7 shrink-0 place-items-center rounded-full bg-accent">
        <Link2 aria-hidden className="size-3.5 text-muted-foreground" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium text-[13px]">{roleWords[invitation.role].label} link</p>
        <p className="truncate text-muted-foreground text-xs">
          made {agoOf(invitation.createdAt)} · {used} · until {until}
        </p>
      </div>
      <Button
        variant="outline"
        size="small"
        aria-label={`Revoke the ${roleWords[invitation.role].label.toLowerCase()} link made ${agoOf(invitation.createdAt)}`}
        onClick={() => revoke.mutate()}
      >
        Revoke
      </Button>
    </li>
  )
}
