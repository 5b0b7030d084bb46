'use client'
import type { Resource } from '@realtime/contracts'
import Link from 'next/link'
import { useParams } from 'next/navigation'
import type { ComponentProps } from 'react'
import { cn } from '../ui/classes.ts'
import { DocumentIcon } from './document-icon.tsx'
import { rowStyle } from './rows.ts'
import { nameOf } from './titles.ts'

/** The way to a document in a list of the sidebar. */
export function ListedLink({
  document,
  className,
  ...rest
}: { document: Resource } & Omit<ComponentProps<typeof Link>, 'href' | 'children'>) {
  const active = useParams<{ id?: string }>().id === document.id
  const title = nameOf(document)
  return (
    <Link
      {...rest}
      href={`/d/${document.id}`}
      prefetch={false}
      title={title.length > 26 ? title : undefined}
      aria-current={active ? 'page' : undefined}
      className={cn(rowStyle, 'pl-2.5', className)}
    >
      <DocumentIcon document={document} />
      <span dir="auto" className={cn('truncate', !document.title && 'text-muted-foreground')}>
        {title}
      </span>
    </Link>
  )
}
