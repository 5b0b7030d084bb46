'use client'
import { type Organization, organizationApi, type Role } from '@realtime/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { messageOf } from '../../account/problems.ts'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { CopyField } from '../../ui/copy-field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Select } from '../../ui/select.tsx'
import { invitationsQuery } from '../../workspace/queries.ts'
import { grantable, roleWords } from '../../workspace/roles.ts'

type InvitedRole = Exclude<Role, 'owner'>

interface InviteOutsideProps {
  organization: Organization
  email: string
  onDone(): void
}

/** Invites somebody into the organization, with whom things can be shared then. */
export function InviteOutside({ organization, email, onDone }: InviteOutsideProps) {
  const client = useQueryClient()
  const [role, setRole] = useState<InvitedRole>('guest')
  const invite = useMutation({
    mutationFn: () => api(organizationApi.invite, { params: { id: organization.id }, body: { role, email } }),
    onSuccess: () => client.invalidateQueries({ queryKey: invitationsQuery(organization.id).queryKey }),
  })
  const invited = grantable(organization.role).filter((one): one is InvitedRole => one !== 'owner')
  return (
    <div className="grid gap-3 rounded-lg border bg-muted/40 p-3" data-testid="invite-outside">
      <p className="text-[13px]">
        <strong className="font-medium">{email}</strong> is not in {organization.name}. Invite them; once they have
        joined you can share this with them.
      </p>
      {invite.error ? <Notice tone="error">{messageOf(invite.error)}</Notice> : null}
      {invite.data ? (
        <>
          <CopyField label="Invitation link" value={invite.data.url} focus />
          <p className="text-[13px] text-muted-foreground">
            {invite.data.sentAt ? 'They were sent a mail, too.' : 'No mail was sent: give them the link yourself.'} It
            is for this address alone, and shown only now.
          </p>
        </>
      ) : null}
      <div className="flex flex-wrap justify-end gap-2">
        {invite.data ? (
          <Button variant="outline" size="small" onClick={onDone} className="max-sm:h-10">
            Done
          </Button>
        ) : (
          <>
            <Select<InvitedRole>
              label="Role of the invited"
              value={role}
              onChange={setRole}
              className="mr-auto h-8 min-w-28"
              choices={invited.map((one) => ({ value: one, ...roleWords[one] }))}
            />
            <Button variant="outline" size="small" onClick={onDone} className="h-8 max-sm:h-10">
              Cancel
            </Button>
            <Button size="small" busy={invite.isPending} onClick={() => invite.mutate()} className="h-8 max-sm:h-10">
              Invite
            </Button>
          </>
        )}
      </div>
    </div>
  )
}
