'use client'
import { type Organization, organizationApi, type Role } from '@realtime/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link2 } from 'lucide-react'
import { useState } from 'react'
import { messageOf } from '../account/problems.ts'
import { api } from '../api.ts'
import { SeatNotice } from '../billing/seats.tsx'
import { Button } from '../ui/button.tsx'
import { CopyField } from '../ui/copy-field.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Notice } from '../ui/notice.tsx'
import { Select } from '../ui/select.tsx'
import { invitationsQuery } from './queries.ts'
import { grantable, manages, roleWords } from './roles.ts'
import { InviteForm } from './settings/invitations/invite-form.tsx'

type InvitedRole = Exclude<Role, 'owner'>

/** Makes an invitation link and shows it to be copied; it can be seen only now. */
export function InvitePanel({ organization }: { organization: Organization }) {
  const client = useQueryClient()
  const [role, setRole] = useState<InvitedRole>('member')
  const invite = useMutation({
    mutationFn: () => api(organizationApi.invite, { params: { id: organization.id }, body: { role } }),
    onSuccess: () => client.invalidateQueries({ queryKey: invitationsQuery(organization.id).queryKey }),
  })
  if (!manages(organization.role))
    return <Notice>Owners and admins of {organization.name} can invite people. Ask one of them for a link.</Notice>
  const invited = grantable(organization.role).filter((one): one is InvitedRole => one !== 'owner')
  if (invite.data)
    return (
      <div className="grid gap-2.5">
        <CopyField label="Invitation link" value={invite.data.url} focus />
        <p className="text-[13px] text-muted-foreground">
          Whoever opens it joins as {roleWords[invite.data.role].article}{' '}
          {roleWords[invite.data.role].label.toLowerCase()}. It works until{' '}
          {new Date(invite.data.expiresAt).toLocaleDateString(undefined, { dateStyle: 'medium' })}, and is shown only
          now.
        </p>
      </div>
    )
  return (
    <div className="grid gap-3">
      {invite.error ? <Notice tone="error">{messageOf(invite.error)}</Notice> : null}
      <SeatNotice organization={organization} />
      <div className="flex gap-2">
        <Select<InvitedRole>
          label="Role of the invited"
          value={role}
          onChange={setRole}
          className="h-9 w-28"
          choices={invited.map((one) => ({ value: one, label: roleWords[one].label, hint: roleWords[one].hint }))}
        />
        <Button className="flex-1 max-sm:h-10" busy={invite.isPending} onClick={() => invite.mutate()}>
          <Link2 aria-hidden />
          Create invitation link
        </Button>
      </div>
    </div>
  )
}

interface InviteDialogProps {
  organization: Organization
  open: boolean
  onOpenChange(open: boolean): void
}

export function InviteDialog({ organization, open, onOpenChange }: InviteDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Invite to ${organization.name}`}
      description="By a link that you pass on in any way you like, or by mail."
    >
      <InviteForm organization={organization} />
    </Dialog>
  )
}
