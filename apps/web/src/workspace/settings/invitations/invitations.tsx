'use client'
import type { Organization } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { InviteDialog } from '../../invite.tsx'
import { invitationsQuery, teamsQuery } from '../../queries.ts'
import { Empty, QueryRows, Section } from '../section.tsx'
import { InvitationRow } from './invitation-row.tsx'

/** The invitations of the organization shown that still hold. */
export function Invitations({ organization }: { organization: Organization }) {
  const ending = organization.deletedAt !== null
  const invitations = useQuery({ ...invitationsQuery(organization.id), enabled: !ending })
  const teams = useQuery(teamsQuery(organization.id))
  const [inviting, setInviting] = useState(false)
  return (
    <Section
      only
      title="Invitations"
      description="Those that still work. A link is shown once, when it is made or sent again."
      actions={
        ending ? null : (
          <Button size="small" className="max-sm:h-10" onClick={() => setInviting(true)}>
            <UserPlus aria-hidden />
            Invite people
          </Button>
        )
      }
    >
      {ending ? (
        <Empty>The organization is to be deleted, so nobody can come.</Empty>
      ) : (
        <QueryRows
          query={invitations}
          empty="No open invitations"
          row={(invitation) => (
            <InvitationRow
              key={invitation.id}
              organizationId={organization.id}
              invitation={invitation}
              teams={teams.data ?? []}
            />
          )}
        />
      )}
      <InviteDialog organization={organization} open={inviting} onOpenChange={setInviting} />
    </Section>
  )
}
