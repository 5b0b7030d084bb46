import type { Resource } from '@realtime/contracts'
import { editors } from '../editors/editors.ts'
import { cn } from '../ui/classes.ts'

interface DocumentIconProps {
  document: Pick<Resource, 'icon' | 'kind'>
  className?: string
}

/** The emoji of a document, or the sign of its kind. Decorative: its name stands beside it. */
export function DocumentIcon({ document, className }: DocumentIconProps) {
  const { icon: Icon } = editors[document.kind]
  if (document.icon)
    return (
      <span aria-hidden className={cn('grid size-4 shrink-0 place-items-center text-sm leading-none', className)}>
        {document.icon}
      </span>
    )
  return <Icon aria-hidden className={cn('size-4 shrink-0 text-faint', className)} strokeWidth={1.75} />
}
