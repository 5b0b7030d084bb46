import { cn } from './classes.ts'

/** A grey bar in the place of something that is loading. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <div aria-hidden className={cn('animate-[shimmer_1.8s_ease-in-out_infinite] rounded-md bg-accent', className)} />
  )
}
