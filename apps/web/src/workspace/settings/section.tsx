'use client'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { ProblemNotice } from '../../account/problem-notice.tsx'
import { failureOf } from '../../api.ts'
import { cn } from '../../ui/classes.ts'
import { Skeleton } from '../../ui/skeleton.tsx'

interface SectionProps {
  title: string
  description?: ReactNode
  actions?: ReactNode
  /** Whether it is the only part of its page: then the page's own title is enough for whoever sees it. */
  only?: boolean
  children: ReactNode
}

/** A titled part of the settings. */
export function Section({ title, description, actions, only = false, children }: SectionProps) {
  return (
    <section className={only ? 'mt-7' : 'mt-9'} aria-label={title}>
      <div className="mb-3 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 className={only ? 'sr-only' : 'font-semibold text-[15px] tracking-tight'}>{title}</h2>
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

interface RowProps {
  icon?: LucideIcon
  /** In place of the icon. */
  picture?: ReactNode
  title: ReactNode
  detail?: ReactNode
  /** Buttons at the end; on phones below where they need room. */
  actions?: ReactNode
  /** Whether the row stands alone in a frame of its own. */
  alone?: boolean
  /** Whether it is no part of a list. */
  plain?: boolean
}

/** What something is, a line about it, and what may be done. Long names are cut, whichever way they are written. */
export function Row({ icon: Icon, picture, title, detail, actions, alone = false, plain = false }: RowProps) {
  const Element = alone || plain ? 'div' : 'li'
  return (
    <Element
      className={cn(
        'flex flex-wrap items-center gap-x-3.5 gap-y-2 px-4 py-3',
        alone && 'rounded-lg border bg-card py-3.5',
      )}
    >
      {picture ??
        (Icon ? <Icon aria-hidden className="size-5 shrink-0 text-muted-foreground" strokeWidth={1.5} /> : null)}
      <div className="min-w-0 flex-1 basis-40">
        <div className={cn('font-medium text-[13px]', alone ? 'break-words' : 'truncate')}>{title}</div>
        {detail ? <div className="break-words text-muted-foreground text-xs">{detail}</div> : null}
      </div>
      {actions ? <div className="flex shrink-0 items-center gap-2">{actions}</div> : null}
    </Element>
  )
}

/** A word about something in a row. */
export function Tag({ children, tone = 'plain' }: { children: ReactNode; tone?: 'plain' | 'primary' | 'warning' }) {
  return (
    <span
      className={cn(
        'inline-block shrink-0 rounded-full px-2 py-0.5 font-medium text-xs',
        tone === 'plain' && 'bg-accent text-muted-foreground',
        tone === 'primary' && 'bg-primary-soft text-primary-text',
        tone === 'warning' && 'bg-warning-soft text-warning',
      )}
    >
      {children}
    </span>
  )
}

/** What stands in the place of rows when there are none. */
export function Empty({ children }: { children: ReactNode }) {
  return (
    <p className="rounded-lg border border-dashed px-4 py-6 text-center text-[13px] text-muted-foreground">
      {children}
    </p>
  )
}

/** Rows that are still coming. */
export function RowsSkeleton({ count = 3 }: { count?: number }) {
  return (
    <Rows>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows never change
        <li key={index} className="px-4 py-3.5">
          <Skeleton className="h-5 w-1/2" />
        </li>
      ))}
    </Rows>
  )
}

/** A list that is fetched, as TanStack Query has it, or a part of one. */
interface Fetched<T> {
  data: T[] | undefined
  error: Error | null
  failureCount: number
  failureReason: Error | null
  refetch(): unknown
}

interface QueryRowsProps<T> {
  query: Fetched<T>
  /** What stands there when there are none. */
  empty: string
  row(item: T): ReactNode
}

/** Rows of a list that is fetched: skeletons, a problem with Retry, or what there is. */
export function QueryRows<T>({ query, empty, row }: QueryRowsProps<T>) {
  if (query.data) return query.data.length > 0 ? <Rows>{query.data.map(row)}</Rows> : <Empty>{empty}</Empty>
  const failure = failureOf(query)
  return failure ? <ProblemNotice error={failure} retry={() => query.refetch()} /> : <RowsSkeleton />
}
