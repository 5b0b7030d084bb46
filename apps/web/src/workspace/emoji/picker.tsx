'use client'
import { useQuery } from '@tanstack/react-query'
import { Shuffle } from 'lucide-react'
import { type KeyboardEvent, useDeferredValue, useId, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { inputStyle } from '../../ui/field.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import type { Emoji } from './emoji.ts'

interface EmojiPickerProps {
  chosen: string | null
  /** Null takes the icon away. */
  onChoose(emoji: string | null): void
}

/** Columns of the grid. */
const COLUMNS = 8

/** Chooses an emoji: by its groups, or by words. */
export function EmojiPicker({ chosen, onChoose }: EmojiPickerProps) {
  const [typed, setTyped] = useState('')
  const words = useDeferredValue(typed)
  const list = useId()
  // Large, and seldom wanted: loaded when it is.
  const loaded = useQuery({
    queryKey: ['emoji'],
    queryFn: () => import('./emoji.ts'),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const found = loaded.data && words.trim() ? loaded.data.findEmoji(words) : null

  function random() {
    const all = loaded.data?.emojiGroups.flatMap((group) => group.emoji) ?? []
    const one = all[Math.floor(Math.random() * all.length)]
    if (one) onChoose(one.emoji)
  }

  return (
    <div className="grid gap-2.5">
      <div className="flex gap-2">
        <input
          // biome-ignore lint/a11y/noAutofocus: it is what the picker was opened for
          autoFocus
          type="search"
          aria-label="Search emoji"
          aria-controls={list}
          placeholder="Search emoji…"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.nativeEvent.isComposing && found?.[0]) onChoose(found[0].emoji)
          }}
          className={inputStyle}
        />
        <Tooltip content="Any emoji">
          <Button
            variant="outline"
            size="icon"
            aria-label="Any emoji"
            className="size-9 max-sm:size-11"
            onClick={random}
          >
            <Shuffle />
          </Button>
        </Tooltip>
        {chosen ? (
          <Button variant="outline" onClick={() => onChoose(null)} className="max-sm:h-11">
            Remove
          </Button>
        ) : null}
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the buttons in it */}
      <div
        id={list}
        data-testid="emoji"
        onKeyDown={moveInGrid}
        className="h-64 overflow-y-auto overscroll-contain rounded-lg border p-1.5"
      >
        {!loaded.data ? (
          loaded.error ? (
            <p className="p-2 text-[13px] text-muted-foreground">The emoji could not be loaded.</p>
          ) : (
            <Skeleton className="m-1 h-5 w-40" />
          )
        ) : found ? (
          found.length > 0 ? (
            <Grid emoji={found} chosen={chosen} onChoose={onChoose} />
          ) : (
            <p className="p-2 text-[13px] text-muted-foreground">No emoji is called so.</p>
          )
        ) : (
          loaded.data.emojiGroups.map((group) => (
            <section
              key={group.name}
              aria-label={group.name}
              style={{
                contentVisibility: 'auto',
                containIntrinsicSize: `auto ${28 + Math.ceil(group.emoji.length / COLUMNS) * 36}px`,
              }}
            >
              <h3 className="px-1 pt-1.5 pb-1 font-medium text-muted-foreground text-xs">{group.name}</h3>
              <Grid emoji={group.emoji} chosen={chosen} onChoose={onChoose} />
            </section>
          ))
        )}
      </div>
      <span role="status" className="sr-only">
        {found ? `${found.length} found` : ''}
      </span>
    </div>
  )
}

function Grid({ emoji, chosen, onChoose }: { emoji: Emoji[] } & EmojiPickerProps) {
  return (
    <div className="grid grid-cols-8">
      {emoji.map((one) => (
        <button
          key={one.emoji}
          type="button"
          aria-label={one.name}
          title={one.name}
          aria-pressed={chosen === one.emoji || undefined}
          onClick={() => onChoose(one.emoji)}
          className="grid h-9 place-items-center rounded-md text-xl outline-offset-[-2px] hover:bg-accent aria-pressed:bg-primary-soft"
        >
          {one.emoji}
        </button>
      ))}
    </div>
  )
}

const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }

function moveInGrid(event: KeyboardEvent<HTMLElement>): void {
  const step = steps[event.key]
  if (step === undefined) return
  const all = [...event.currentTarget.querySelectorAll('button')]
  const next = all[all.indexOf(document.activeElement as HTMLButtonElement) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}
