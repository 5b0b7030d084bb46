import { cn } from './classes.ts'
import { Skeleton } from './skeleton.tsx'

const lines = ['w-full', 'w-11/12', 'w-4/5', 'w-0', 'w-full', 'w-2/3']

/** Lines in the place of text that is loading. */
export function TextSkeleton({ className }: { className?: string }) {
  return (
    <div className={cn('mt-7 grid gap-3.5', className)}>
      {lines.map((width, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change
        <Skeleton key={index} className={`h-4 ${width}`} />
      ))}
    </div>
  )
}
