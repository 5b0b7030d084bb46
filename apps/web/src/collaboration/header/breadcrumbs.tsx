'use client'
import type { Project, Resource } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { ChevronDown } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/classes.ts'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { DocumentIcon } from '../../workspace/document-icon.tsx'
import { pathQuery } from '../../workspace/queries.ts'
import { nameOf } from '../../workspace/titles.ts'

/** Of a longer path only the last documents are written out; the others are in a menu. */
const WRITTEN = 2

interface BreadcrumbsProps {
  document: Resource
  /** Undefined where one sees no more of it than the document. */
  project: Project | undefined
}

/** Where a document lies: its project and the documents above it. In a narrow bar all of that is one menu. */
export function Breadcrumbs({ document, project }: BreadcrumbsProps) {
  const path = useQuery({ ...pathQuery(document.id), enabled: document.parentId !== null })
  const above = document.parentId === null ? [] : (path.data ?? [])
  if (!project && above.length === 0) return null
  const hidden = above.slice(0, -WRITTEN)
  const written = above.slice(-WRITTEN)
  return (
    <nav aria-label="Place" className="flex min-w-0 shrink items-center gap-1 text-muted-foreground">
      {above.length > 0 ? (
        <PathMenu project={project} above={above} className="@2xl:hidden" label="Place of this document" />
      ) : null}
      {project ? (
        <>
          <span dir="auto" className="max-w-36 truncate @max-2xl:hidden">
            {project.icon ? <span aria-hidden>{project.icon} </span> : null}
            {project.name}
          </span>
          <Slash />
        </>
      ) : null}
      {hidden.length > 0 ? (
        <>
          <PathMenu project={undefined} above={hidden} className="@max-2xl:hidden" label="Documents in between" />
          <Slash />
        </>
      ) : null}
      {written.map((one) => (
        <span key={one.id} className="flex min-w-0 items-center gap-1 @max-2xl:hidden">
          <Link
            href={`/d/${one.id}`}
            prefetch={false}
            dir="auto"
            className="max-w-36 truncate rounded-[5px] px-0.5 hover:text-foreground"
          >
            {nameOf(one)}
          </Link>
          <Slash />
        </span>
      ))}
    </nav>
  )
}

function Slash() {
  return (
    <span aria-hidden className="text-faint @max-2xl:hidden">
      /
    </span>
  )
}

interface PathMenuProps {
  project: Project | undefined
  above: Resource[]
  label: string
  className: string
}

function PathMenu({ project, above, label, className }: PathMenuProps) {
  const router = useRouter()
  return (
    <Menu
      className="max-w-72"
      trigger={
        <Button variant="ghost" size="iconSmall" aria-label={label} className={cn('max-md:size-8', className)}>
          {project ? <ChevronDown /> : <span aria-hidden>…</span>}
        </Button>
      }
    >
      {project ? <p className="truncate px-2 py-1.5 text-muted-foreground text-xs">{project.name}</p> : null}
      {above.map((one, depth) => (
        <MenuItem
          key={one.id}
          style={{ paddingLeft: 8 + Math.min(depth, 6) * 12 }}
          onClick={() => router.push(`/d/${one.id}`)}
        >
          <DocumentIcon document={one} />
          <span dir="auto" className="truncate">
            {nameOf(one)}
          </span>
        </MenuItem>
      ))}
    </Menu>
  )
}
