'use client'
import { type Organization, organizationApi, organizationName } from '@realtime/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { messageOf } from '../../account/problems.ts'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { InviteDialog } from '../invite.tsx'
import { invitationsQuery, membersQuery, organizationsQuery } from '../queries.ts'
import { manages } from '../roles.ts'
import { InvitationRow } from './invitation-row.tsx'
import { MemberRow } from './member-row.tsx'
import { QueryRows, Section } from './section.tsx'

/** Name, members and invitations of the organization shown. */
export function OrganizationSettings({ organization }: { organization: Organization }) {
  const managing = manages(organization.role)
  const members = useQuery(membersQuery(organization.id))
  const invitations = useQuery({ ...invitationsQuery(organization.id), enabled: managing })
  const [inviting, setInviting] = useState(false)
  const owners = members.data?.filter((member) => member.role === 'owner').length ?? 0
  return (
    <>
      <Section title="Name">
        <NameForm organization={organization} disabled={!managing} />
      </Section>
      <Section
        title="Members"
        description={
          members.data ? `${members.data.length} ${members.data.length === 1 ? 'person' : 'people'}` : '\u00a0'
        }
        actions={
          managing ? (
            <Button size="small" onClick={() => setInviting(true)}>
              <UserPlus aria-hidden />
              Invite people
            </Button>
          ) : null
        }
      >
        <QueryRows
          query={members}
          empty="Nobody yet"
          row={(member) => (
            <MemberRow key={member.userId} organization={organization} member={member} lastOwner={owners === 1} />
          )}
        />
      </Section>
      {managing ? (
        <Section title="Invitations" description="Links that still work. Each was shown once, when it was made.">
          <QueryRows
            query={invitations}
            empty="No open invitations"
            row={(invitation) => (
              <InvitationRow key={invitation.id} organizationId={organization.id} invitation={invitation} />
            )}
          />
        </Section>
      ) : null}
      <InviteDialog organization={organization} open={inviting} onOpenChange={setInviting} />
    </>
  )
}

function NameForm({ organization, disabled }: { organization: Organization; disabled: boolean }) {
  const client = useQueryClient()
  const [name, setName] = useState(organization.name)
  const [error, setError] = useState<string>()
  const rename = useMutation({
    mutationFn: (next: string) =>
      api(organizationApi.update, { params: { id: organization.id }, body: { name: next } }),
    onSuccess: (saved) => {
      client.setQueryData(organizationsQuery.queryKey, (list) =>
        list?.map((other) => (other.id === saved.id ? saved : other)),
      )
      setName(saved.name)
      toast('The name is saved')
    },
    onError: (problem) => setError(messageOf(problem)),
  })
  function submit(event: FormEvent) {
    event.preventDefault()
    const parsed = organizationName.safeParse(name)
    setError(parsed.success ? undefined : parsed.error.issues[0]?.message)
    if (parsed.success) rename.mutate(parsed.data)
  }
  return (
    <form onSubmit={submit} className="flex items-end gap-2">
      <div className="max-w-sm flex-1">
        <TextField
          label="Organization name"
          value={name}
          maxLength={80}
          disabled={disabled}
          error={error}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </div>
      {!disabled && name.trim() !== organization.name ? (
        <Button type="submit" busy={rename.isPending} className="max-sm:h-11">
          Save
        </Button>
      ) : null}
    </form>
  )
}
