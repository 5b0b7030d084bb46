'use client'
import { colorOf, type Organization, type Team, teamApi } from '@realtime/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ProblemNotice } from '../../../account/problem-notice.tsx'
import { api, failureOf } from '../../../api.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { membersQuery, teamsQuery } from '../../queries.ts'
import { managesPeople } from '../../roles.ts'
import { PeoplePicker } from '../people-picker.tsx'
import { RowsSkeleton } from '../section.tsx'
import { teamMembersQuery } from './queries.ts'

interface TeamMembersProps {
  organization: Organization
  team: Team
  open: boolean
  onOpenChange(open: boolean): void
}

/** Who is in a team; owners and admins tick who is. */
export function TeamMembers({ organization, team, open, onOpenChange }: TeamMembersProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`People of ${team.name}`}
      {...(managesPeople(organization) ? { description: 'Tick who is in the team. It holds at once.' } : {})}
    >
      <People organization={organization} team={team} />
    </Dialog>
  )
}

function People({ organization, team }: Pick<TeamMembersProps, 'organization' | 'team'>) {
  const client = useQueryClient()
  const managing = managesPeople(organization)
  const inside = useQuery(teamMembersQuery(organization.id, team.id))
  const all = useQuery({ ...membersQuery(organization.id), enabled: managing })
  const { queryKey } = teamMembersQuery(organization.id, team.id)
  const change = useMutation({
    mutationFn: ({ userId, add }: { userId: string; add: boolean }) =>
      api(add ? teamApi.addTeamMember : teamApi.removeTeamMember, {
        params: { id: organization.id, teamId: team.id, userId },
      }),
    onMutate: ({ userId, add }) => {
      const one = all.data?.find((member) => member.userId === userId)
      client.setQueryData(queryKey, (list) => {
        const rest = list?.filter((member) => member.userId !== userId)
        return add && one && rest ? [...rest, { userId, name: one.name, image: one.image }] : rest
      })
    },
    onSettled: () => client.invalidateQueries({ queryKey: teamsQuery(organization.id).queryKey }),
  })
  const failure = failureOf(inside) ?? (managing ? failureOf(all) : null)
  if (failure)
    return (
      <ProblemNotice
        error={failure}
        retry={() => {
          void inside.refetch()
          if (managing) void all.refetch()
        }}
      />
    )
  if (!inside.data || (managing && !all.data)) return <RowsSkeleton />
  if (managing)
    return (
      <div className="grid gap-3">
        <ProblemNotice error={change.error} />
        <PeoplePicker
          label="Members of the organization"
          people={(all.data ?? []).map(({ userId, ...rest }) => ({ id: userId, ...rest }))}
          chosen={inside.data.map(({ userId }) => userId)}
          onToggle={(userId) => change.mutate({ userId, add: !inside.data.some((member) => member.userId === userId) })}
          empty="There is nobody yet."
        />
      </div>
    )
  if (inside.data.length === 0) return <p className="text-[13px] text-muted-foreground">Nobody is in it yet.</p>
  return (
    <ul className="max-h-80 divide-y overflow-y-auto rounded-lg border">
      {inside.data.map((member) => (
        <li key={member.userId} className="flex items-center gap-3 px-3.5 py-2">
          <Avatar name={member.name} image={member.image} color={colorOf(member.userId)} />
          <span dir="auto" className="min-w-0 flex-1 truncate text-left text-[13px]">
            {member.name}
          </span>
        </li>
      ))}
    </ul>
  )
}
