'use client'
import { organizationApi, organizationName } from '@realtime/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ChevronsUpDown, Plus, Settings, UserPlus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { messageOf } from '../account/problems.ts'
import { api } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { chooseOrganization } from './current.ts'
import { InviteDialog } from './invite.tsx'
import { organizationsQuery } from './queries.ts'
import { managesPeople } from './roles.ts'
import { useWorkspace } from './workspace.tsx'

/** The logo of an organization, or its first letter on a tile. */
export function OrganizationTile({ name, logo = null }: { name: string; logo?: string | null }) {
  if (logo)
    return (
      // biome-ignore lint/performance/noImgElement: a data URL
      <img src={logo} alt="" className="size-5 shrink-0 rounded-[5px] bg-white object-cover" />
    )
  return (
    <span
      aria-hidden
      className="grid size-5 shrink-0 place-items-center rounded-[5px] bg-foreground font-semibold text-[11px] text-background"
    >
      {[...name.trim()][0]?.toLocaleUpperCase() ?? '?'}
    </span>
  )
}

/** Which organization is shown; switching, creating, inviting. */
export function OrganizationMenu() {
  const router = useRouter()
  const { organizations, organization } = useWorkspace()
  const [creating, setCreating] = useState(false)
  const [inviting, setInviting] = useState(false)
  if (!organizations || !organization) return <Skeleton className="mx-2 h-5 flex-1" />
  return (
    <>
      <Menu
        className="w-60"
        trigger={
          <button
            type="button"
            aria-label={`Organization: ${organization.name}`}
            className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md px-2 text-left hover:bg-sidebar-accent data-popup-open:bg-sidebar-accent max-md:h-10"
          >
            <OrganizationTile name={organization.name} logo={organization.logo} />
            <span className="min-w-0 flex-1 truncate font-semibold text-[13px] tracking-tight">
              {organization.name}
            </span>
            <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-faint" />
          </button>
        }
      >
        <MenuChoice
          label="Organizations"
          value={organization.id}
          onChange={(id) => {
            chooseOrganization(id)
            router.push('/home')
          }}
          choices={organizations.map((one) => ({
            value: one.id,
            label: (
              <>
                <OrganizationTile name={one.name} logo={one.logo} />
                <span className="truncate">{one.name}</span>
              </>
            ),
          }))}
        />
        <MenuSeparator />
        {managesPeople(organization) ? (
          <MenuItem onClick={() => setInviting(true)}>
            <UserPlus />
            Invite people
          </MenuItem>
        ) : null}
        <MenuItem onClick={() => router.push('/settings/organization')}>
          <Settings />
          Organization settings
        </MenuItem>
        <MenuItem onClick={() => setCreating(true)}>
          <Plus />
          New organization
        </MenuItem>
      </Menu>
      <CreateOrganization open={creating} onOpenChange={setCreating} />
      <InviteDialog organization={organization} open={inviting} onOpenChange={setInviting} />
    </>
  )
}

function CreateOrganization({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  const client = useQueryClient()
  const router = useRouter()
  const [error, setError] = useState<string>()
  const create = useMutation({
    mutationFn: (name: string) => api(organizationApi.create, { body: { name } }),
    onSuccess: (created) => {
      client.setQueryData(organizationsQuery.queryKey, (list) => (list ? [...list, created] : list))
      chooseOrganization(created.id)
      onOpenChange(false)
      router.push('/home')
    },
    onError: (problem) => setError(messageOf(problem)),
  })
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const name = organizationName.safeParse(new FormData(event.currentTarget).get('name'))
    if (name.success) create.mutate(name.data)
    setError(name.success ? undefined : name.error.issues[0]?.message)
  }
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New organization"
      description="A separate place with its own people, projects and documents."
    >
      <form onSubmit={submit} className="grid gap-4">
        <TextField
          label="Name"
          name="name"
          placeholder="Acme"
          maxLength={80}
          autoComplete="organization"
          error={error}
        />
        <div className="flex justify-end">
          <Button type="submit" busy={create.isPending}>
            Create organization
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
