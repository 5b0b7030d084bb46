'use client'
import { colorOf, type Member, type Organization, organizationApi, type Role } from '@realtime/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Ellipsis, LogOut, UserMinus } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import { messageOf } from '../../../account/problems.ts'
import { api } from '../../../api.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { Button } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/dialog.tsx'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { Select } from '../../../ui/select.tsx'
import { membersQuery } from '../../queries.ts'
import { grantable, managesPeople, roleWords } from '../../roles.ts'
import { useWorkspace } from '../../workspace.tsx'

interface MemberRowProps {
  organization: Organization
  member: Member
  /** Whether there is one owner only, who must stay. */
  lastOwner: boolean
}

/** A member: who, in which role, and what may be done about it. */
export function MemberRow({ organization, member, lastOwner }: MemberRowProps) {
  const { me } = useWorkspace()
  const client = useQueryClient()
  const { queryKey } = membersQuery(organization.id)
  const [removing, setRemoving] = useState(false)
  const self = member.userId === me.id
  const params = { id: organization.id, userId: member.userId }
  const change = useMutation({
    mutationFn: (role: Role) => api(organizationApi.updateMember, { params, body: { role } }),
    onMutate: (role) =>
      client.setQueryData(queryKey, (list) =>
        list?.map((other) => (other.userId === member.userId ? { ...other, role } : other)),
      ),
    onError: (error) => toast.error('The role was not changed', { description: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
  const remove = useMutation({
    mutationFn: () => api(organizationApi.removeMember, { params }),
    onSuccess: () => {
      if (self) return location.assign('/home')
      void client.invalidateQueries({ queryKey: ['teams', organization.id] })
      return client.invalidateQueries({ queryKey })
    },
    onError: (error) => toast.error('Nobody was removed', { description: messageOf(error) }),
  })
  const roles = grantable(organization.role)
  const stays = member.role === 'owner' && lastOwner
  const changeable = managesPeople(organization) && roles.includes(member.role) && !stays
  const removable = !stays && organization.deletedAt === null && (self || changeable)
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 max-sm:px-3.5 py-2.5">
      <Avatar name={member.name} image={member.image} color={colorOf(member.userId)} />
      <div className="min-w-0 flex-1 basis-28">
        <p className="flex gap-1 font-medium text-[13px]">
          <bdi className="truncate">{member.name}</bdi>
          {self ? <span className="font-normal text-muted-foreground">(you)</span> : null}
        </p>
        <p className="truncate text-muted-foreground text-xs">{member.email}</p>
      </div>
      <div className="ml-auto flex items-center gap-1">
        <Select
          label={`Role of ${member.name}`}
          value={member.role}
          onChange={(role) => change.mutate(role)}
          disabled={!changeable}
          className="w-26"
          choices={(changeable ? roles : [member.role]).map((role) => ({
            value: role,
            label: roleWords[role].label,
            hint: roleWords[role].hint,
          }))}
        />
        {removable ? (
          <Menu
            align="end"
            trigger={
              <Button
                variant="ghost"
                size="icon"
                className="size-7 max-sm:size-10"
                aria-label={`Options of ${member.name}`}
              >
                <Ellipsis />
              </Button>
            }
          >
            <MenuItem destructive onClick={() => setRemoving(true)}>
              {self ? <LogOut /> : <UserMinus />}
              {self ? 'Leave organization' : 'Remove from organization'}
            </MenuItem>
          </Menu>
        ) : (
          <span className="w-7 max-sm:w-10" />
        )}
      </div>
      <Confirm
        open={removing}
        onOpenChange={setRemoving}
        title={self ? `Leave ${organization.name}?` : `Remove ${member.name}?`}
        description={
          self
            ? 'You lose access to its projects and documents until someone invites you again.'
            : `${member.name} loses access to all projects and documents of ${organization.name}.`
        }
        action={self ? 'Leave' : 'Remove'}
        onConfirm={() => remove.mutate()}
      />
    </li>
  )
}
