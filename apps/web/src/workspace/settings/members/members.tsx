'use client'
import type { Organization } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { InviteDialog } from '../../invite.tsx'
import { membersQuery } from '../../queries.ts'
import { managesPeople } from '../../roles.ts'
import { SearchField } from '../people-picker.tsx'
import { found } from '../search.ts'
import { Empty, QueryRows, Section } from '../section.tsx'
import { MemberRow } from './member-row.tsx'

/** From so many members on there is a search. */
const MANY = 8

/** The members of the organization shown: roles, search, removing. */
export function Members({ organization }: { organization: Organization }) {
  const members = useQuery(membersQuery(organization.id))
  const [q, setQ] = useState('')
  const [inviting, setInviting] = useState(false)
  const all = members.data
  const owners = all?.filter((member) => member.role === 'owner').length ?? 0
  const shown = all?.filter((member) => found(q, member.name, member.email))
  return (
    <Section
      only
      title="Members"
      description={all ? `${all.length} ${all.length === 1 ? 'person' : 'people'}` : '\u00a0'}
      actions={
        managesPeople(organization) ? (
          <Button size="small" className="max-sm:h-10" onClick={() => setInviting(true)}>
            <UserPlus aria-hidden />
            Invite people
          </Button>
        ) : null
      }
    >
      {(all?.length ?? 0) >= MANY ? (
        <SearchField label="Search members" value={q} onChange={setQ} className="mb-3" />
      ) : null}
      {shown?.length === 0 && q ? (
        <Empty>Nobody found</Empty>
      ) : (
        <QueryRows
          query={{ ...members, data: shown }}
          empty="Nobody yet"
          row={(member) => (
            <MemberRow key={member.userId} organization={organization} member={member} lastOwner={owners === 1} />
          )}
        />
      )}
      <InviteDialog organization={organization} open={inviting} onOpenChange={setInviting} />
    </Section>
  )
}
