import { cn } from '../ui/classes.ts'

/** Stands behind the name of whoever came by a link and chose it themselves; `id` is theirs as a principal. */
export function VisitorWord({ id, className }: { id: string; className?: string }) {
  if (!id.startsWith('link:')) return null
  return <span className={cn('shrink-0 font-normal text-muted-foreground text-xs', className)}>Visitor</span>
}
