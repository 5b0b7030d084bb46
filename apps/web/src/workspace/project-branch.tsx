'use client'
import type { Project, Resource } from '@realtime/contracts'
import { ChevronRight, Ellipsis, Pencil, Plus } from 'lucide-react'
import { useParams } from 'next/navigation'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/classes.ts'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { useRenameProject } from './changes.ts'
import { CreateItems } from './create.tsx'
import { useRemembered } from './current.ts'
import { DocumentLeaf } from './document-leaf.tsx'
import { InlineInput } from './inline-input.tsx'
import { rowActions, rowStyle } from './rows.ts'

interface ProjectBranchProps {
  project: Project
  documents: Resource[]
  mayCreate: boolean
}

/** A project in the sidebar with its documents, which fold away. */
export function ProjectBranch({ project, documents, mayCreate }: ProjectBranchProps) {
  const params = useParams<{ id?: string }>()
  const [folded, setFolded] = useRemembered(`realtime.folded.${project.id}`)
  const [renaming, setRenaming] = useState(false)
  const rename = useRenameProject(project.organizationId)
  const open = folded === null || documents.some((document) => document.id === params.id && folded !== 'yes')

  return (
    <section aria-label={project.name} className="mb-1">
      <div className="group/row relative">
        {renaming ? (
          <InlineInput
            label={`New name of ${project.name}`}
            initial={project.name}
            maxLength={120}
            onDone={(name) => {
              setRenaming(false)
              if (name) rename.mutate({ id: project.id, name })
            }}
          />
        ) : (
          <>
            <button
              type="button"
              aria-expanded={open}
              onClick={() => setFolded(open ? 'yes' : null)}
              className={cn(
                rowStyle,
                'gap-1 pl-1 font-medium text-foreground group-hover/row:pr-16',
                mayCreate && 'pointer-coarse:pr-20',
              )}
            >
              <ChevronRight
                aria-hidden
                className={cn('size-3.5! text-faint transition-transform duration-100', open && 'rotate-90')}
              />
              <span dir="auto" className="truncate">
                {project.name}
              </span>
            </button>
            {mayCreate ? (
              <div className={rowActions}>
                <Menu
                  trigger={
                    <Button
                      variant="ghost"
                      size="iconSmall"
                      aria-label={`Options of ${project.name}`}
                      className="max-md:size-9"
                    >
                      <Ellipsis />
                    </Button>
                  }
                >
                  <MenuItem onClick={() => setRenaming(true)}>
                    <Pencil />
                    Rename
                  </MenuItem>
                </Menu>
                <Menu
                  trigger={
                    <Button
                      variant="ghost"
                      size="iconSmall"
                      aria-label={`New in ${project.name}`}
                      className="max-md:size-9"
                    >
                      <Plus />
                    </Button>
                  }
                >
                  <CreateItems projectId={project.id} />
                </Menu>
              </div>
            ) : null}
          </>
        )}
      </div>
      {open ? (
        documents.length > 0 ? (
          <ul className="flex flex-col gap-px">
            {documents.map((document) => (
              <DocumentLeaf key={document.id} document={document} active={document.id === params.id} />
            ))}
          </ul>
        ) : (
          <p className="py-1 pl-7 text-muted-foreground text-xs">Nothing here yet</p>
        )
      ) : null}
    </section>
  )
}
