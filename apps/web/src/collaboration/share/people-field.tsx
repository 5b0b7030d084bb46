'use client'
import { Combobox } from '@base-ui/react/combobox'
import { colorOf, email as emailOf, type Grantee, type Level, type Organization } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { MailPlus, UsersRound } from 'lucide-react'
import { useMemo, useState } from 'react'
import { toast } from 'sonner'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { inputStyle } from '../../ui/field.tsx'
import { popoverStyle } from '../../ui/menu.tsx'
import { membersQuery, teamsQuery } from '../../workspace/queries.ts'
import { manages } from '../../workspace/roles.ts'
import { useWorkspace } from '../../workspace/workspace.tsx'
import { type Candidate, candidatesOf, matches } from './candidates.ts'
import { LevelSelect } from './level-select.tsx'
import { type Shared, useShare } from './queries.ts'
import { levelWords } from './words.ts'

interface PeopleFieldProps {
  organization: Organization
  shared: Shared
  /** Those who have been let in here already. */
  present: readonly Grantee[]
  /** What may be given. */
  levels: readonly Level[]
  /** Somebody of whom only an address is known. */
  onInvite(email: string): void
}

/** Finds a person or a team, and shares with them. */
export function PeopleField({ organization, shared, present, levels, onInvite }: PeopleFieldProps) {
  const { me } = useWorkspace()
  const members = useQuery(membersQuery(organization.id))
  const teams = useQuery(teamsQuery(organization.id))
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<Candidate | null>(null)
  const [level, setLevel] = useState<Level>(levels.includes('edit') ? 'edit' : (levels.at(-1) ?? 'view'))
  const share = useShare(shared)
  const known = useMemo(
    () => candidatesOf(members.data ?? [], teams.data ?? [], present, me.id),
    [members.data, teams.data, present, me.id],
  )
  const address = emailOf.safeParse(typed.trim())
  const outside =
    address.success && manages(organization.role) && !members.data?.some((one) => one.email === address.data)
  const items = outside ? [...known, { type: 'invite', id: '', name: address.data, detail: '' } as const] : known

  function choose(candidate: Candidate | null) {
    if (candidate?.type === 'invite') {
      onInvite(candidate.name)
      setTyped('')
      return setChosen(null)
    }
    setChosen(candidate)
  }

  function submit() {
    if (!chosen || chosen.type === 'invite') return
    const { type, id, name } = chosen
    share.mutate(
      { grantee: { type, id }, level },
      {
        onSuccess: () => {
          setChosen(null)
          setTyped('')
          toast(`Shared with ${name}`, { description: `${levelWords[level].label}.` })
        },
      },
    )
  }

  return (
    <form
      className="flex flex-wrap gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Combobox.Root<Candidate>
        items={items}
        value={chosen}
        onValueChange={choose}
        inputValue={typed}
        onInputValueChange={setTyped}
        itemToStringLabel={(one) => one.name}
        isItemEqualToValue={(one, other) => one.type === other.type && one.id === other.id}
        filter={(one, query) => one.type === 'invite' || matches(one, query)}
        autoHighlight
      >
        <Combobox.Input
          aria-label="People and teams"
          placeholder={manages(organization.role) ? 'Name, team or e-mail address…' : 'Name of a person or a team…'}
          className={`${inputStyle} min-w-48 flex-1`}
        />
        <Combobox.Portal>
          <Combobox.Positioner className="z-50" sideOffset={6} collisionPadding={8}>
            <Combobox.Popup
              className={`${popoverStyle} max-h-[min(18rem,var(--available-height))] w-(--anchor-width) min-w-64 overflow-y-auto p-1`}
            >
              <Combobox.Empty>
                <p className="px-2 py-2.5 text-[13px] text-muted-foreground">
                  {members.error
                    ? 'You cannot see who is here.'
                    : manages(organization.role)
                      ? 'Nobody here is called so. Type an e-mail address to invite somebody.'
                      : 'Nobody here is called so, or they have access already.'}
                </p>
              </Combobox.Empty>
              <Combobox.List>
                {(one: Candidate) => (
                  <Combobox.Item
                    key={`${one.type}/${one.id}`}
                    value={one}
                    className="flex min-h-10 cursor-default select-none items-center gap-2.5 rounded-md px-2 py-1 text-[13px] outline-none data-highlighted:bg-accent max-sm:min-h-12"
                  >
                    <CandidateFace candidate={one} />
                    <span className="min-w-0">
                      <span dir="auto" className="block truncate text-left">
                        {one.type === 'invite' ? `Invite ${one.name}` : one.name}
                      </span>
                      <span className="block truncate text-muted-foreground text-xs">
                        {one.type === 'invite' ? `They are not in ${organization.name} yet` : one.detail}
                      </span>
                    </span>
                  </Combobox.Item>
                )}
              </Combobox.List>
            </Combobox.Popup>
          </Combobox.Positioner>
        </Combobox.Portal>
      </Combobox.Root>
      <LevelSelect<Level>
        label="What they may do"
        value={level}
        levels={levels}
        onChange={setLevel}
        className="h-9 min-w-32 max-sm:h-11"
      />
      <Button type="submit" disabled={!chosen} busy={share.isPending} className="max-sm:h-11">
        Share
      </Button>
    </form>
  )
}

function CandidateFace({ candidate }: { candidate: Candidate }) {
  if (candidate.type === 'user')
    return (
      <Avatar
        name={candidate.name}
        image={candidate.image ?? null}
        color={colorOf(candidate.id)}
        className="size-7 text-[11px]"
      />
    )
  const Icon = candidate.type === 'team' ? UsersRound : MailPlus
  return (
    <span aria-hidden className="grid size-7 shrink-0 place-items-center rounded-full bg-accent text-muted-foreground">
      <Icon className="size-3.5" />
    </span>
  )
}
