'use client'
import type { Project, Resource } from '@realtime/contracts'
import { useInfiniteQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useParams } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { failureOf } from '../../api.ts'
import { cn } from '../../ui/classes.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useRenameDocument } from '../changes.ts'
import { DocumentIcon } from '../document-icon.tsx'
import { InlineInput } from '../inline-input.tsx'
import { documentsOf } from '../lists.ts'
import { branchQuery, type Branch as Place } from '../queries.ts'
import { rowStyle } from '../rows.ts'
import { nameOf, untitledOf } from '../titles.ts'
import { useDragging } from './dragging.ts'
import { More } from './more.tsx'
import { mayEdit } from './nodes.ts'
import { indentOf, Row } from './row.tsx'
import { useTree } from './tree-context.ts'
import { focusItem, onItemKey } from './use-item-keys.ts'

interface BranchProps {
  organization: string
  branch: Place
  project: Project | undefined
  level: number
  above: readonly string[]
}

/** What lies in a project or below a document: a page of it, and more when it is asked for. */
export function Branch({ organization, branch, project, level, above }: BranchProps) {
  const query = useInfiniteQuery(branchQuery(organization, branch))
  const documents = documentsOf(query.data)
  const indent = indentOf(level) + 22
  if (!documents)
    return failureOf(query) ? (
      // biome-ignore lint/a11y/useSemanticElements: a group of a tree is no fieldset
      <ul role="group">
        <More
          label="This cannot be shown now. Try again"
          level={level}
          busy={query.isFetching}
          onMore={() => void query.refetch()}
        />
      </ul>
    ) : (
      <div aria-hidden className="grid gap-2.5 py-1.5" style={{ paddingLeft: indent }}>
        <Skeleton className="h-3.5 w-32" />
      </div>
    )
  if (documents.length === 0)
    return (
      <p className="py-1 text-muted-foreground text-xs" style={{ paddingLeft: indent }}>
        Nothing here yet
      </p>
    )
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of a tree is no fieldset
    <ul role="group" className="flex flex-col gap-px">
      {documents.map((document, index) => (
        <DocumentItem
          key={document.id}
          document={document}
          project={project}
          level={level}
          above={above}
          previous={documents[index - 1]?.id ?? null}
        />
      ))}
      {query.hasNextPage ? (
        <More
          label="Show more"
          level={level}
          busy={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage({ cancelRefetch: false })}
        />
      ) : null}
    </ul>
  )
}

interface DocumentItemProps {
  document: Resource
  project: Project | undefined
  level: number
  /** The documents it lies below, from the top. */
  above: readonly string[]
  /** The sibling before it. */
  previous: string | null
}

/** A document in the tree, with what lies below it once that is opened. */
function DocumentItem({ document, project, level, above, previous }: DocumentItemProps) {
  const { expanded, renaming, rename, openMenu, trash } = useTree()
  const active = useParams<{ id?: string }>().id === document.id
  const item = useRef<HTMLLIElement>(null)
  const row = useRef<HTMLDivElement>(null)
  const link = useRef<HTMLAnchorElement>(null)
  const saveTitle = useRenameDocument()
  const node = { type: 'document', document } as const
  const title = nameOf(document)
  const open = document.hasChildren ? expanded.isOpen(document.id) : null
  const mayChange = mayEdit(node)
  const toggle = () => expanded.set([document.id], !open)
  const { dragged, edge } = useDragging(row, {
    held: node,
    target: { type: 'document', document, project, above, previous, open: open === true },
    mayDrag: mayChange && renaming !== document.id,
    expand: open === false ? toggle : null,
    onInto: () => expanded.set([document.id], true),
  })

  // However one came to it, one sees where it lies.
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: 'nearest' })
  }, [active])

  return (
    <li
      ref={item}
      role="treeitem"
      aria-label={title}
      aria-level={level}
      aria-expanded={open ?? undefined}
      aria-current={active ? 'page' : undefined}
      aria-selected={active}
      tabIndex={-1}
      data-node={document.id}
      className="group/item outline-none"
      onKeyDown={(event) =>
        onItemKey(event, {
          open: () => link.current?.click(),
          expand: toggle,
          collapse: toggle,
          menu: () => row.current && openMenu(node, 'options', row.current),
          ...(mayChange ? { rename: () => rename(document.id), delete: () => trash(document) } : {}),
        })
      }
    >
      {renaming === document.id ? (
        <div style={{ paddingLeft: indentOf(level) + 18 }}>
          <InlineInput
            label={`New title of ${title}`}
            initial={document.title}
            placeholder={untitledOf(document)}
            maxLength={300}
            onDone={(next, left) => {
              rename(null)
              if (next) saveTitle.mutate({ document, title: next })
              if (left !== 'blur' && item.current) focusItem(item.current)
            }}
          />
        </div>
      ) : (
        <Row row={row} node={node} level={level} open={open} onToggle={toggle} edge={edge} dragged={dragged}>
          <Link
            ref={link}
            href={`/d/${document.id}`}
            prefetch={false}
            tabIndex={-1}
            data-open=""
            draggable={false}
            title={title.length > 22 ? title : undefined}
            aria-current={active ? 'page' : undefined}
            style={{ paddingLeft: indentOf(level) + 22 }}
            className={cn(
              rowStyle,
              'gap-1.5 group-hover/row:pr-14 has-data-popup-open:pr-14',
              mayChange ? 'pointer-coarse:pr-20' : 'pointer-coarse:pr-11',
            )}
          >
            <DocumentIcon document={document} />
            <span dir="auto" className={cn('truncate', !document.title && 'text-muted-foreground')}>
              {title}
            </span>
          </Link>
        </Row>
      )}
      {open ? (
        <Branch
          organization={document.organizationId}
          branch={{ projectId: document.projectId, parentId: document.id }}
          project={project}
          level={level + 1}
          above={[...above, document.id]}
        />
      ) : null}
    </li>
  )
}
