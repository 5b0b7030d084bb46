'use client'
import type { ProviderState, SaveKind } from '@realtime/client'
import { Check, CloudOff, LoaderCircle, RefreshCw, TriangleAlert } from 'lucide-react'
import { cn } from '../ui/classes.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import { saveWords } from './save-words.ts'

const looks: Record<SaveKind, { icon: typeof Check; className: string; spin?: boolean }> = {
  saved: { icon: Check, className: 'text-muted-foreground' },
  saving: { icon: LoaderCircle, className: 'text-muted-foreground', spin: true },
  reconnecting: { icon: RefreshCw, className: 'text-muted-foreground', spin: true },
  offline: { icon: CloudOff, className: 'text-warning' },
  failed: { icon: TriangleAlert, className: 'text-destructive' },
}

/** Whether what was written is safe, in words; announced when it changes. */
export function SaveState({ state }: { state: ProviderState }) {
  const words = saveWords(state)
  const { icon: Icon, className, spin } = looks[words.kind]
  // On phones what is well is an icon; what is not is always said.
  const quiet = words.kind === 'saved' || words.kind === 'saving'
  return (
    <Tooltip content={words.explanation}>
      <button
        type="button"
        data-testid="save-state"
        data-kind={words.kind}
        className={cn(
          'flex h-7 min-w-6 max-w-64 cursor-default items-center gap-1.5 rounded-md px-1.5 text-xs max-sm:max-w-40',
          className,
        )}
      >
        <Icon aria-hidden className={cn('size-3.5 shrink-0', spin && 'animate-spin')} />
        <span aria-live="polite" className={cn('truncate', quiet && 'max-sm:sr-only')}>
          {words.text}
        </span>
      </button>
    </Tooltip>
  )
}
