'use client'
import type { PrivateCopy } from '@realtime/client'
import { kinds } from '@realtime/contracts'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { StateView, useReplica } from '../state-view.tsx'
import { readAbout } from './about.ts'
import { textOf } from './content.ts'
import { CopyActions } from './copy-actions.tsx'
import { reasonOf } from './words.ts'

interface CopyViewProps {
  /** All there are, newest first; the first of them when `shown` is none of them. */
  copies: PrivateCopy[]
  shown: string
  onShow(copy: PrivateCopy): void
  onLeave(): void
}

/** A private copy to look at, in the place of the present content. */
export function CopyView({ copies, shown, onShow, onLeave }: CopyViewProps) {
  const index = Math.max(
    0,
    copies.findIndex(({ id }) => id === shown),
  )
  const copy = copies[index]
  const about = readAbout(copy?.about)
  const doc = useReplica(copy?.state)
  if (!copy) return null
  const at = momentOf(new Date(copy.at))
  const step = (by: number) => {
    const next = copies[index + by]
    if (next) onShow(next)
  }
  return (
    <StateView
      label="Private copy"
      testId="copy-view"
      kind={about?.kind ?? kinds[0]}
      title={about?.title ?? ''}
      documentId={copy.document}
      doc={doc}
      stateKey={copy.id}
      onLeave={onLeave}
      instead={about && copy.whole ? undefined : <Fragments copy={copy} />}
      bar={
        <>
          <p className="flex min-w-0 flex-1 gap-x-2 @max-2xl:flex-col">
            <span className="shrink-0 font-medium">Private copy of {at}</span>
            <span className="min-w-0 truncate text-muted-foreground @max-2xl:text-xs">
              {copy.count === 1 ? '1 change' : `${copy.count} changes`} not saved: {reasonOf(copy)}
            </span>
          </p>
          {copies.length > 1 ? (
            <span className="flex shrink-0 items-center text-muted-foreground text-xs tabular-nums">
              <Button
                variant="ghost"
                size="iconSmall"
                aria-label="Newer copy"
                disabled={index === 0}
                onClick={() => step(-1)}
              >
                <ChevronLeft />
              </Button>
              {index + 1} of {copies.length}
              <Button
                variant="ghost"
                size="iconSmall"
                aria-label="Older copy"
                disabled={index === copies.length - 1}
                onClick={() => step(1)}
              >
                <ChevronRight />
              </Button>
            </span>
          ) : null}
          <CopyActions
            copy={copy}
            onDiscarded={() => {
              if (copies.length === 1) onLeave()
            }}
          />
          <Button variant="outline" size="small" onClick={onLeave}>
            Close
          </Button>
        </>
      }
    />
  )
}

/** What a copy wrote, where what it stands on is not there. */
function Fragments({ copy }: { copy: PrivateCopy }) {
  const text = textOf(copy)
  return (
    <div className="mt-5 max-w-prose px-4 md:px-0">
      <p className="text-[13px] text-muted-foreground">
        Only what you wrote could be kept, in the order you wrote it, without what was around it.
      </p>
      <p dir="auto" data-testid="preview" className="mt-4 whitespace-pre-wrap break-words">
        {text || 'There is no text in it.'}
      </p>
    </div>
  )
}

/** A moment in a few words; the year only where it is another one. */
function momentOf(at: Date): string {
  const year = at.getFullYear() === new Date().getFullYear() ? {} : ({ year: 'numeric' } as const)
  const parts = {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...year,
  } as const
  return new Intl.DateTimeFormat('en', parts).format(at)
}
