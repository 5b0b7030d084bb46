'use client'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { messageOf } from '../../account/problems.ts'
import { failureOf } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'

interface SectionProps {
  title: string
  description?: ReactNode
  actions?: ReactNode
  children: ReactNode
}

/** A titled part of the settings. */
export function Section({ title, description, actions, children }: SectionProps) {
  return (
    <section className="mt-9" aria-label={title}>
      <div className="mb-3 flex items-end justify-between gap-4">
        <div className="min-w-0">
          <h2 className="font-semibold text-[15px] tracking-tight">{title}</h2>
          {description ? <p className="mt-0.5 text-[13px] text-muted-foreground">{description}</p> : null}
        </div>
        {actions}
      </div>
      {children}
    </section>
  )
}

/** Rows in a frame. */
export function Rows({ children }: { children: ReactNode }) {
  return <ul className="divide-y rounded-lg border bg-card">{children}</ul>
}

interface QueryRowsProps<T> {
  query: UseQueryResult<T[]>
  /** What stands there when there are none. */
  empty: string
  row(item: T): ReactNode
}

/** Rows of a list that is fetched: skeletons, a problem with Retry, or what there is. */
export function QueryRows<T>({ query, empty, row }: QueryRowsProps<T>) {
  if (query.data)
    return query.data.length > 0 ? (
      <Rows>{query.data.map(row)}</Rows>
    ) : (
      <p className="rounded-lg border border-dashed px-4 py-6 text-center text-[13px] text-muted-foreground">{empty}</p>
    )
  const failure = failureOf(query)
  if (failure)
    return (
      <Notice
        tone="error"
        actions={
          <Button variant="outline" size="small" onClick={() => void query.refetch()}>
            Retry
          </Button>
        }
      >
        {messageOf(failure)}
      </Notice>
    )
  return (
    <Rows>
      {['a', 'b', 'c'].map((key) => (
        <li key={key} className="px-4 py-3.5">
          <Skeleton className="h-5 w-1/2" />
        </li>
      ))}
    </Rows>
  )
}
