'use client'
import type { ReactNode } from 'react'
import { Skeleton } from '../ui/skeleton.tsx'
import { Topbar } from './topbar.tsx'

interface ListingPageProps {
  title: string
  description?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

/** A page that lists things: its title, what it is, and a column below. */
export function ListingPage({ title, description, actions, children }: ListingPageProps) {
  return (
    <>
      <Topbar>
        <span className="truncate font-medium text-[13px]">{title}</span>
      </Topbar>
      <main id="main" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
        <div className="mx-auto w-full max-w-3xl px-4 pt-10 pb-20 md:px-8 md:pt-14">
          <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
            <div className="min-w-0 flex-1">
              <h1 className="break-words font-semibold text-2xl tracking-[-0.022em]">{title}</h1>
              {description ? <p className="mt-1 text-muted-foreground">{description}</p> : null}
            </div>
            {actions}
          </div>
          {children}
        </div>
      </main>
    </>
  )
}

/** In the place of rows that are loading. */
export function RowsSkeleton() {
  return (
    <div className="grid gap-1" aria-busy>
      {['a', 'b', 'c', 'd'].map((key) => (
        <Skeleton key={key} className="h-12" />
      ))}
    </div>
  )
}
