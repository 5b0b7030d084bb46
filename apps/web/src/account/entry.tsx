'use client'
import { type ReactNode, useSyncExternalStore } from 'react'
import { Mark } from '../ui/mark.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

/** A link in the words below or above a card. */
export const entryLinkStyle = 'rounded-sm font-medium text-foreground underline underline-offset-4'

interface EntryProps {
  title: string
  description?: ReactNode
  children?: ReactNode
  /** A line below the card. */
  footer?: ReactNode
}

const never = () => () => undefined

/** The frame of the pages before the workspace: the mark, a title, one thing to do. */
export function Entry({ title, description, children, footer }: EntryProps) {
  // A form that cannot be sent yet would lose what is typed into it, or be sent by the browser with its words in the address.
  const ready = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  return (
    <main
      id="main"
      className="flex min-h-dvh flex-col items-center justify-center bg-sidebar px-4 py-10 max-sm:justify-start max-sm:bg-background max-sm:pt-14"
    >
      <div className="w-full max-w-[23.5rem]">
        <div className="mb-7 flex flex-col items-center text-center">
          <Mark className="size-9" />
          <h1 className="mt-5 text-balance break-words font-semibold text-[22px] leading-tight tracking-[-0.02em]">
            {title}
          </h1>
          {description ? (
            <div className="mt-2 text-balance break-words text-muted-foreground leading-relaxed">{description}</div>
          ) : null}
        </div>
        {children ? (
          <div className="rounded-xl bg-card p-6 shadow-popover ring-1 ring-border max-sm:bg-transparent max-sm:p-0 max-sm:shadow-none max-sm:ring-0">
            {ready ? (
              children
            ) : (
              <div className="grid gap-5">
                <Skeleton className="h-14" />
                <Skeleton className="h-14" />
                <Skeleton className="h-10" />
              </div>
            )}
          </div>
        ) : null}
        {footer ? <div className="mt-6 text-center text-[13px] text-muted-foreground">{footer}</div> : null}
      </div>
    </main>
  )
}
