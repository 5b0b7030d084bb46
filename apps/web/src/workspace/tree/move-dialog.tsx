'use client'
import { MOST_DEPTH, type Project, type Resource } from '@realtime/contracts'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ChevronRight, CornerLeftUp, Folder } from 'lucide-react'
import { useLayoutEffect, useRef, useState } from 'react'
import { messageOf } from '../../account/problems.ts'
import { failureOf } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useMoveDocument } from '../changes.ts'
import { DocumentIcon } from '../document-icon.tsx'
import { documentsOf } from '../lists.ts'
import { branchQuery, projectsQuery } from '../queries.ts'
import { nameOf } from '../titles.ts'
import { mayMoveTo } from './drops.ts'

interface MoveDialogProps {
  document: Resource
  open: boolean
  onOpenChange(open: boolean): void
}

/** Moves a document by choosing where: for whoever does not drag. */
export function MoveDialog({ document, open, onOpenChange }: MoveDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Move “${nameOf(document)}”`}
      description="With everything below it. Who sees the new place will see it."
    >
      <Places document={document} close={() => onOpenChange(false)} />
    </Dialog>
  )
}

const rowStyle =
  'flex min-h-9 w-full min-w-0 items-center gap-2 rounded-md px-2 text-left text-[13px] outline-offset-[-2px] hover:bg-accent max-sm:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted-foreground'

function Places({ document, close }: { document: Resource; close(): void }) {
  const projects = useQuery(projectsQuery(document.organizationId))
  const [project, setProject] = useState<Project | null>(null)
  /** The documents that were gone into, from the top. */
  const [path, setPath] = useState<Resource[]>([])
  const move = useMoveDocument()
  const list = useRef<HTMLDivElement>(null)
  const shown = useRef(project)
  const depth = path.length
  // What was chosen is gone from the list: whoever came by the keyboard goes on in what is shown now.
  useLayoutEffect(() => {
    if (shown.current !== project || depth > 0) list.current?.focus()
    shown.current = project
  }, [project, depth])
  const failure = failureOf(projects)
  const parent = path.at(-1)
  const to = project && { projectId: project.id, parentId: parent?.id ?? null }
  const here = to !== null && to.projectId === document.projectId && to.parentId === document.parentId
  const allowed = to !== null && project !== null && mayMoveTo(document, to, { project, parent })

  if (failure) return <Notice tone="error">{messageOf(failure)}</Notice>
  return (
    <div className="grid gap-3">
      <nav aria-label="Place" className="flex min-h-7 min-w-0 items-center gap-1 text-[13px] text-muted-foreground">
        {project ? (
          <Button
            variant="ghost"
            size="small"
            aria-label="Up"
            className="-ml-1.5 px-1.5 max-sm:h-10"
            onClick={() => (parent ? setPath(path.slice(0, -1)) : setProject(null))}
          >
            <CornerLeftUp />
          </Button>
        ) : null}
        <span dir="auto" className="truncate">
          {project ? [project.name, ...path.map(nameOf)].join(' / ') : 'Choose a project'}
        </span>
      </nav>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of places is no fieldset */}
      <div
        ref={list}
        role="group"
        aria-label="Places"
        tabIndex={-1}
        className="h-64 overflow-y-auto rounded-lg border p-1 outline-none"
      >
        {project && to ? (
          <Inside
            key={parent?.id ?? project.id}
            organization={document.organizationId}
            branch={to}
            without={document.id}
            // Deeper than this nothing can be.
            onOpen={path.length < MOST_DEPTH - 1 ? (one) => setPath([...path, one]) : undefined}
          />
        ) : projects.data ? (
          <ul>
            {projects.data.map((one) => (
              <li key={one.id}>
                <button
                  type="button"
                  className={rowStyle}
                  onClick={() => {
                    setProject(one)
                    setPath([])
                  }}
                >
                  {one.icon ? <span aria-hidden>{one.icon}</span> : <Folder aria-hidden />}
                  <span dir="auto" className="min-w-0 flex-1 truncate text-left">
                    {one.name}
                  </span>
                  <ChevronRight aria-hidden />
                </button>
              </li>
            ))}
          </ul>
        ) : (
          <Skeleton className="m-2 h-4 w-40" />
        )}
      </div>
      {project && !allowed && !here ? (
        <p className="text-[13px] text-muted-foreground">
          {to?.projectId === document.projectId
            ? 'You cannot add to this place.'
            : 'Moving to another project takes “Can manage” here and “Can edit” there.'}
        </p>
      ) : null}
      <div className="flex justify-end gap-2">
        <Button variant="outline" onClick={close}>
          Cancel
        </Button>
        <Button
          disabled={!allowed || here}
          onClick={() => {
            if (to) move.mutate({ document, to })
            close()
          }}
        >
          {here ? 'It is here' : 'Move here'}
        </Button>
      </div>
    </div>
  )
}

interface InsideProps {
  organization: string
  branch: { projectId: string; parentId: string | null }
  /** The document that is moved: it cannot go into itself. */
  without: string
  onOpen: ((document: Resource) => void) | undefined
}

function Inside({ organization, branch, without, onOpen }: InsideProps) {
  const query = useInfiniteQuery(branchQuery(organization, branch))
  const documents = documentsOf(query.data)?.filter((one) => one.id !== without)
  const failure = failureOf(query)
  if (failure) return <p className="p-2 text-[13px] text-muted-foreground">{messageOf(failure)}</p>
  if (!documents) return <Skeleton className="m-2 h-4 w-40" />
  if (documents.length === 0) return <p className="p-2 text-[13px] text-muted-foreground">Nothing here yet</p>
  return (
    <ul>
      {documents.map((one) => (
        <li key={one.id}>
          <button type="button" className={rowStyle} disabled={!onOpen} onClick={() => onOpen?.(one)}>
            <DocumentIcon document={one} />
            <span dir="auto" className="min-w-0 flex-1 truncate text-left">
              {nameOf(one)}
            </span>
            <ChevronRight aria-hidden />
          </button>
        </li>
      ))}
      {query.hasNextPage ? (
        <li>
          <button type="button" className={rowStyle} onClick={() => void query.fetchNextPage()}>
            Show more
          </button>
        </li>
      ) : null}
    </ul>
  )
}
