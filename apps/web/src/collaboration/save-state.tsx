'use client'
import type { ProviderState, SaveKind } from '@realtime/client'
import { Check, CloudOff, LoaderCircle, RefreshCw, TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { cn } from '../ui/classes.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import { saveWords } from './save-words.ts'

const looks: Record<SaveKind, { icon: typeof Check; className: string; spin?: boolean }> = {
  saved: { icon: Check, className: 'text-muted-foreground' },
  unread: { icon: TriangleAlert, className: 'text-warning' },
  saving: { icon: LoaderCircle, className: 'text-muted-foreground', spin: true },
  reconnecting: { icon: RefreshCw, className: 'text-muted-foreground', spin: true },
  offline: { icon: CloudOff, className: 'text-warning' },
  failed: { icon: TriangleAlert, className: 'text-destructive' },
}

/** Whether what was written is safe, in words. */
export function SaveState({ state }: { state: ProviderState }) {
  // Each change is in this device's store some milliseconds after it was typed: that is not worth alarming anybody.
  const persisted = useLasting(state.persisted)
  const words = saveWords({ ...state, persisted })
  const { icon: Icon, className, spin } = looks[words.kind]
  // In a narrow bar what is well is an icon; what is not is always said.
  const quiet = words.kind === 'saved' || words.kind === 'saving'
  const spoken = useSpoken(words.kind)
  return (
    <>
      <span role="status" className="sr-only">
        {spoken}
      </span>
      <Tooltip content={words.explanation}>
        <button
          type="button"
          data-testid="save-state"
          data-kind={words.kind}
          aria-label={words.text}
          className={cn(
            'flex h-7 min-w-6 max-w-64 cursor-default items-center gap-1.5 rounded-md px-1.5 text-xs @max-xl:max-w-40 @max-md:max-w-36',
            className,
          )}
        >
          <Icon aria-hidden className={cn('size-3.5 shrink-0', spin && 'animate-spin')} />
          <span
            data-brief={words.brief}
            className={cn('truncate', quiet ? '@max-xl:sr-only' : '@max-md:before:content-[attr(data-brief)]')}
          >
            <span className={quiet ? undefined : '@max-md:hidden'}>{words.text}</span>
          </span>
        </button>
      </Tooltip>
    </>
  )
}

/** False only once a flag has been so for a second; true at once. */
function useLasting(flag: boolean): boolean {
  const [missing, setMissing] = useState(!flag)
  useEffect(() => {
    if (flag) return setMissing(false)
    const timer = setTimeout(() => setMissing(true), 1_000)
    return () => clearTimeout(timer)
  }, [flag])
  return flag || !missing
}

const spokenWords: Record<Exclude<SaveKind, 'saving' | 'saved'>, string> = {
  unread: 'What you write is saved. What was kept on this device earlier cannot be read.',
  offline: 'Offline. What you write is sent when the server can be reached.',
  reconnecting: 'Connecting…',
  failed: 'Changes cannot be saved.',
}

/** What a screen reader is told: when saving stops working and when it works again, not every letter. */
function useSpoken(kind: SaveKind): string {
  const [spoken, setSpoken] = useState('')
  useEffect(() => {
    if (kind === 'saving') return
    setSpoken((before) => (kind === 'saved' ? before && 'All changes are saved.' : spokenWords[kind]))
  }, [kind])
  return spoken
}
