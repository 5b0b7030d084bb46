'use client'
import { type Invitation, organizationApi, type Team } from '@realtime/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link2, Mail } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import { messageOf } from '../../../account/problems.ts'
import { api } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { CopyField } from '../../../ui/copy-field.tsx'
import { Confirm, Dialog } from '../../../ui/dialog.tsx'
import { invitationsQuery } from '../../queries.ts'
import { roleWords } from '../../roles.ts'
import { agoOf } from '../../time.ts'
import { dateOf } from '../organization/dates.ts'
import { Row } from '../section.tsx'

interface InvitationRowProps {
  organizationId: string
  invitation: Invitation
  /** The teams of the organization, for their names. */
  teams: Team[]
}

/** An invitation that still works: sending it again, and taking it back. */
export function InvitationRow({ organizationId, invitation, teams }: InvitationRowProps) {
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const { queryKey } = invitationsQuery(organizationId)
  const params = { id: organizationId, invitationId: invitation.id }
  const revoke = useMutation({
    mutationFn: () => api(organizationApi.revokeInvitation, { params }),
    onMutate: () => client.setQueryData(queryKey, (list) => list?.filter((other) => other.id !== invitation.id)),
    onError: (error) => toast.error('The invitation still works', { description: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
  const resend = useMutation({
    mutationFn: () => api(organizationApi.resendInvitation, { params }),
    onError: (error) => toast.error('It was not sent again', { description: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
  const { email, maxUses, uses, sentAt } = invitation
  const role = roleWords[invitation.role].label
  const named = invitation.teams.flatMap((id) => teams.find((team) => team.id === id)?.name ?? [])
  const what = email ?? `the ${role.toLowerCase()} link made ${agoOf(invitation.createdAt)}`
  const facts = [
    email ? (sentAt ? `mail sent ${agoOf(sentAt)}` : 'no mail was sent') : `made ${agoOf(invitation.createdAt)}`,
    ...(email ? [] : [maxUses === null ? `used ${uses}×` : `used ${uses} of ${maxUses}`]),
    `until ${dateOf(invitation.expiresAt)}`,
  ]
  return (
    <Row
      picture={
        <span className="grid size-7 shrink-0 place-items-center rounded-full bg-accent">
          {email ? (
            <Mail aria-hidden className="size-3.5 text-muted-foreground" />
          ) : (
            <Link2 aria-hidden className="size-3.5 text-muted-foreground" />
          )}
        </span>
      }
      title={email ? <bdi>{email}</bdi> : `${role} link`}
      detail={
        <>
          {email ? `${role} · ` : ''}
          {facts.join(' · ')}
          {named.length > 0 ? (
            <>
              {' · into '}
              <bdi>{named.join(', ')}</bdi>
            </>
          ) : null}
        </>
      }
      actions={
        <>
          <Button
            variant="outline"
            size="small"
            className="max-sm:h-10"
            aria-label={email ? `Send again to ${email}` : `New link in place of ${what}`}
            busy={resend.isPending}
            onClick={() => resend.mutate()}
          >
            {email ? 'Send again' : 'New link'}
          </Button>
          <Button
            variant="outline"
            size="small"
            className="max-sm:h-10"
            aria-label={`Revoke ${email ? `the invitation of ${email}` : what}`}
            onClick={() => setAsking(true)}
          >
            Revoke
          </Button>
          <Confirm
            open={asking}
            onOpenChange={setAsking}
            title="Revoke the invitation?"
            description="Its link works no longer. Whoever joined by it stays."
            action="Revoke"
            onConfirm={() => revoke.mutate()}
          />
          <Dialog
            open={resend.data !== undefined}
            onOpenChange={(open) => (open ? undefined : resend.reset())}
            title={email && resend.data?.sentAt ? 'The mail is on its way' : 'Here is the new link'}
            description="The old link works no longer. This one is shown only now."
          >
            {resend.data ? <CopyField label="Invitation link" value={resend.data.url} focus /> : null}
          </Dialog>
        </>
      }
    />
  )
}
