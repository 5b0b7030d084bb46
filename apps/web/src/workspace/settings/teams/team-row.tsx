'use client'
import { type Organization, type Team, teamApi, teamName } from '@realtime/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Ellipsis, LogOut, Pencil, Trash2, Users } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import { messageOf } from '../../../account/problems.ts'
import { api } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/dialog.tsx'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { teamsQuery } from '../../queries.ts'
import { managesPeople } from '../../roles.ts'
import { useWorkspace } from '../../workspace.tsx'
import { NameDialog } from '../name-dialog.tsx'
import { Row, Tag } from '../section.tsx'
import { TeamMembers } from './team-members.tsx'

/** A team: who is in it, and what may be done about it. */
export function TeamRow({ organization, team }: { organization: Organization; team: Team }) {
  const { me } = useWorkspace()
  const client = useQueryClient()
  const managing = managesPeople(organization)
  const leaving = team.mine && organization.deletedAt === null
  const [open, setOpen] = useState<'people' | 'rename' | 'delete' | 'leave'>()
  const params = { id: organization.id, teamId: team.id }
  const renewed = () => client.invalidateQueries({ queryKey: teamsQuery(organization.id).queryKey })
  const rename = useMutation({
    mutationFn: (name: string) => api(teamApi.renameTeam, { params, body: { name } }),
    onSuccess: () => {
      setOpen(undefined)
      return renewed()
    },
  })
  const remove = useMutation({
    mutationFn: () => api(teamApi.deleteTeam, { params }),
    onSuccess: renewed,
    onError: (error) => toast.error('The team is still there', { description: messageOf(error) }),
  })
  const leave = useMutation({
    mutationFn: () => api(teamApi.removeTeamMember, { params: { ...params, userId: me.id } }),
    onSuccess: renewed,
    onError: (error) => toast.error('You are still in the team', { description: messageOf(error) }),
  })
  const dialog = (which: typeof open) => ({
    open: open === which,
    onOpenChange: (now: boolean) => setOpen(now ? which : undefined),
  })
  return (
    <Row
      icon={Users}
      title={
        <span className="flex min-w-0 items-center gap-2">
          <bdi className="min-w-0 truncate">{team.name}</bdi>
          {team.mine ? <Tag>Yours</Tag> : null}
        </span>
      }
      detail={`${team.members} ${team.members === 1 ? 'person' : 'people'}`}
      actions={
        <>
          <Button
            variant="outline"
            size="small"
            className="max-sm:h-10"
            aria-label={`People of ${team.name}`}
            onClick={() => setOpen('people')}
          >
            People
          </Button>
          {managing || leaving ? (
            <Menu
              align="end"
              trigger={
                <Button
                  variant="ghost"
                  size="icon"
                  className="size-7 max-sm:size-10"
                  aria-label={`Options of ${team.name}`}
                >
                  <Ellipsis />
                </Button>
              }
            >
              {managing ? (
                <MenuItem
                  onClick={() => {
                    rename.reset()
                    setOpen('rename')
                  }}
                >
                  <Pencil />
                  Rename
                </MenuItem>
              ) : null}
              {leaving ? (
                <MenuItem onClick={() => setOpen('leave')}>
                  <LogOut />
                  Leave the team
                </MenuItem>
              ) : null}
              {managing ? (
                <MenuItem destructive onClick={() => setOpen('delete')}>
                  <Trash2 />
                  Delete
                </MenuItem>
              ) : null}
            </Menu>
          ) : null}
          <TeamMembers organization={organization} team={team} {...dialog('people')} />
          <NameDialog
            {...dialog('rename')}
            title="Rename the team"
            label="Name of the team"
            value={team.name}
            schema={teamName}
            maxLength={60}
            action="Save"
            busy={rename.isPending}
            problem={rename.error}
            onSave={(name) => rename.mutate(name)}
          />
          <Confirm
            {...dialog('delete')}
            title={`Delete the team ${team.name}?`}
            description="Its people stay in the organization. What was shared with the team is shared with it no more."
            action="Delete"
            onConfirm={() => remove.mutate()}
          />
          <Confirm
            {...dialog('leave')}
            title={`Leave the team ${team.name}?`}
            description="You lose what is shared with you through this team alone."
            action="Leave"
            onConfirm={() => leave.mutate()}
          />
        </>
      }
    />
  )
}
