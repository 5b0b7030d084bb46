'use client'
import { Eye, Radio, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import { Avatar } from '../../../ui/avatar.tsx'
import { Tooltip } from '../../../ui/tooltip.tsx'
import type { Show } from './use-show.ts'

/** Who presents and who follows, above the show. */
export function Banner({ show, onLeave }: { show: Show; onLeave(): void }) {
  const { following, followed, followers, apart, presenters, presenting } = show
  const other = presenters[0]
  if (following)
    return (
      <Pill>
        <Eye aria-hidden className="size-4 text-white/70" />
        <span className="truncate">Following {following.person.name}</span>
      </Pill>
    )
  if (apart === 'ended' && !other)
    return (
      <Pill strong>
        <span className="truncate">
          {followed ? `${followed.name} has stopped presenting` : 'Nobody is presenting now'}
        </span>
        <Action onClick={onLeave}>Leave</Action>
      </Pill>
    )
  if (!presenting && other)
    return (
      <Pill strong>
        <Avatar
          name={other.person.name}
          image={other.person.image}
          color={other.person.color}
          className="size-6 text-[10px]"
        />
        <span className="truncate">{other.person.name} is presenting</span>
        <Action onClick={() => show.attach(other.person.id)}>
          {apart === 'detached' ? 'Return to presenter' : 'Follow'}
        </Action>
      </Pill>
    )
  if (presenting && followers.length > 0)
    return (
      <div className="absolute top-3 right-3 max-sm:top-2 max-sm:right-2">
        <Tooltip content={followers.map((person) => person.name).join(', ')}>
          <button
            type="button"
            data-testid="followers"
            aria-label={`${followers.length} following: ${followers.map((person) => person.name).join(', ')}`}
            onPointerDown={(event) => event.preventDefault()}
            className="flex h-7 cursor-default items-center gap-1.5 rounded-full bg-neutral-900/75 px-2.5 text-[13px] text-white/90 tabular-nums ring-1 ring-white/15"
          >
            <Users aria-hidden className="size-3.5" />
            {followers.length}
          </button>
        </Tooltip>
      </div>
    )
  return null
}

function Pill({ strong = false, children }: { strong?: boolean; children: ReactNode }) {
  return (
    <div
      role="status"
      data-testid="show-banner"
      className="absolute top-3 left-1/2 flex h-10 max-w-[calc(100vw-1.5rem)] -translate-x-1/2 items-center gap-2 rounded-full bg-neutral-900/85 px-3.5 text-[13px] text-white shadow-popover ring-1 ring-white/15 backdrop-blur has-[button]:pr-1.5"
    >
      {strong ? <Radio aria-hidden className="size-4 shrink-0 text-red-400" /> : null}
      {children}
    </div>
  )
}

function Action({ onClick, children }: { onClick(): void; children: ReactNode }) {
  return (
    <button
      type="button"
      onPointerDown={(event) => event.preventDefault()}
      onClick={onClick}
      className="h-7 shrink-0 rounded-full bg-white px-3 font-medium text-black text-[13px] hover:bg-white/85"
    >
      {children}
    </button>
  )
}
