'use client'
import { colorOf, type Level, type Share } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { CircleHelp, UsersRound } from 'lucide-react'
import { useId, useState } from 'react'
import { messageOf } from '../../account/problems.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { LevelSelect } from './level-select.tsx'
import { explainQuery, type Shared, useShare, useUnshare } from './queries.ts'
import { levelWords, ofYou, reasonInWords } from './words.ts'

interface ShareRowsProps {
  shared: Shared
  shares: readonly Share[]
  /** What may be given; none for who may not share. */
  levels: readonly Level[]
  /** Who looks at it. */
  self: string
}

/** Who has been let in, here and above, with what they may do. */
export function ShareRows({ shared, shares, levels, self }: ShareRowsProps) {
  if (shares.length === 0) return null
  const here = shares.filter((one) => one.inheritedFrom === null)
  const above = shares.filter((one) => one.inheritedFrom !== null)
  return (
    <ul className="-mx-2 grid grid-cols-1">
      {[...here, ...above].map((share) => (
        <ShareRow
          key={`${share.id}/${share.inheritedFrom?.id ?? ''}`}
          shared={shared}
          share={share}
          levels={levels}
          self={self}
        />
      ))}
    </ul>
  )
}

function ShareRow({ shared, share, levels, self }: { share: Share } & Omit<ShareRowsProps, 'shares'>) {
  const [why, setWhy] = useState(false)
  const id = useId()
  const give = useShare(shared)
  const take = useUnshare(shared)
  const { grantee, inheritedFrom, level } = share
  const person = grantee.type === 'user'
  // Nobody changes what is above their own level.
  const changes = inheritedFrom === null && levels.includes(level)
  const you = person && grantee.id === self
  return (
    <li className="rounded-lg px-2 py-1.5" data-testid="share-row">
      <div className="flex min-h-9 items-center gap-2.5">
        {person ? (
          <Avatar name={share.name} image={share.image} color={colorOf(grantee.id)} className="size-8" />
        ) : (
          <span
            aria-hidden
            className="grid size-8 shrink-0 place-items-center rounded-full bg-accent text-muted-foreground"
          >
            <UsersRound className="size-4" />
          </span>
        )}
        <span className="min-w-0 flex-1">
          <span className="flex items-center gap-1">
            <span dir="auto" className="truncate">
              {share.name}
            </span>
            {you ? <span className="shrink-0 text-muted-foreground">(you)</span> : null}
            {person && !you ? (
              <Tooltip content={`Why can ${share.name} see this?`}>
                <Button
                  variant="ghost"
                  size="iconSmall"
                  aria-label={`Why can ${share.name} see this?`}
                  aria-expanded={why}
                  aria-controls={id}
                  onClick={() => setWhy(!why)}
                  className="max-sm:size-9"
                >
                  <CircleHelp />
                </Button>
              </Tooltip>
            ) : null}
          </span>
          <span className="block truncate text-muted-foreground text-xs">
            {inheritedFrom
              ? `From ${inheritedFrom.type === 'project' ? 'the project' : 'the document above,'} “${inheritedFrom.name}”`
              : person
                ? 'Shared here'
                : 'Team, shared here'}
          </span>
        </span>
        {changes ? (
          <LevelSelect<Level | 'remove'>
            label={`What ${share.name} may do`}
            value={level}
            levels={levels}
            more={[{ value: 'remove', label: 'Take back', hint: 'Access by other ways stays' }]}
            disabled={give.isPending || take.isPending}
            onChange={(next) => (next === 'remove' ? take.mutate(share) : give.mutate({ grantee, level: next }))}
          />
        ) : (
          <span className="shrink-0 px-2.5 text-[13px] text-muted-foreground">{levelWords[level].label}</span>
        )}
      </div>
      <div id={id} className="pl-10.5">
        {why && person ? <Why shared={shared} user={grantee.id} /> : null}
      </div>
    </li>
  )
}

/** Every way by which somebody may see something, from the highest level. */
export function Why({ shared, user }: { shared: Shared; user: string | undefined }) {
  const query = useQuery(explainQuery(shared, user))
  if (query.error) return <p className="text-[13px] text-muted-foreground">{messageOf(query.error)}</p>
  if (!query.data) return <p className="text-[13px] text-muted-foreground">Looking…</p>
  return (
    <ul data-testid="why" className="mb-1 grid gap-0.5 rounded-md bg-muted px-2.5 py-2 text-[13px]">
      {query.data.reasons.map((reason) => (
        <li key={`${reason.source}/${reason.via}/${reason.level}`} className="break-words">
          {reason.level ? <strong className="font-medium">{levelWords[reason.level].label}</strong> : 'No access'}:{' '}
          {user ? reasonInWords(reason) : ofYou(reasonInWords(reason))}
        </li>
      ))}
    </ul>
  )
}
