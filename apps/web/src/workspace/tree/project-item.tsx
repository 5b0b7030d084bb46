'use client'
import type { Project } from '@realtime/contracts'
import { Lock, UsersRound } from 'lucide-react'
import { useRef } from 'react'
import { cn } from '../../ui/classes.ts'
import { InlineInput } from '../inline-input.tsx'
import { useUpdateProject } from '../project-changes.ts'
import { rowStyle } from '../rows.ts'
import { Branch } from './branch.tsx'
import { useDragging } from './dragging.ts'
import { mayEdit } from './nodes.ts'
import { Row } from './row.tsx'
import { useTree } from './tree-context.ts'
import { focusItem, onItemKey } from './use-item-keys.ts'

interface ProjectItemProps {
  project: Project
  previous: string | null
  openByDefault: boolean
}

/** A project in the tree, with what is at its top. */
export function ProjectItem({ project, previous, openByDefault }: ProjectItemProps) {
  const { expanded, renaming, rename, openMenu } = useTree()
  const item = useRef<HTMLLIElement>(null)
  const row = useRef<HTMLDivElement>(null)
  const update = useUpdateProject()
  const node = { type: 'project', project } as const
  const open = expanded.isOpen(project.id, openByDefault)
  const toggle = () => expanded.set([project.id], !open)
  const manages = project.level === 'manage'
  const { dragged, edge } = useDragging(row, {
    held: node,
    target: { type: 'project', project, previous },
    mayDrag: manages && renaming !== project.id,
    expand: open ? null : toggle,
    onInto: () => expanded.set([project.id], true),
  })
  const Closed = project.access === 'private' ? Lock : project.access === 'teams' ? UsersRound : null

  return (
    <li
      ref={item}
      role="treeitem"
      aria-label={project.name}
      aria-level={1}
      aria-expanded={open}
      aria-selected={false}
      tabIndex={-1}
      data-node={project.id}
      className="group/item mb-1 outline-none"
      onKeyDown={(event) =>
        onItemKey(event, {
          open: toggle,
          expand: toggle,
          collapse: toggle,
          menu: () => row.current && openMenu(node, 'options', row.current),
          ...(manages ? { rename: () => rename(project.id) } : {}),
        })
      }
    >
      {renaming === project.id ? (
        <InlineInput
          label={`New name of ${project.name}`}
          initial={project.name}
          maxLength={120}
          onDone={(name, left) => {
            rename(null)
            if (name) update.mutate({ project, name })
            if (left !== 'blur' && item.current) focusItem(item.current)
          }}
        />
      ) : (
        <Row row={row} node={node} level={1} open={open} onToggle={toggle} edge={edge} dragged={dragged}>
          <button
            type="button"
            tabIndex={-1}
            data-open=""
            onClick={toggle}
            className={cn(
              rowStyle,
              'gap-1.5 pl-7 font-medium text-foreground group-hover/row:pr-14 pointer-coarse:pr-20',
              !mayEdit(node) && 'pointer-coarse:pr-11',
            )}
          >
            {project.icon ? (
              <span aria-hidden className="w-4 shrink-0 text-center">
                {project.icon}
              </span>
            ) : null}
            <span dir="auto" className="truncate">
              {project.name}
            </span>
            {Closed ? <Closed aria-hidden className="size-3! text-faint" /> : null}
            {Closed ? (
              <span className="sr-only">{project.access === 'private' ? '(private)' : '(some teams only)'}</span>
            ) : null}
          </button>
        </Row>
      )}
      {open ? (
        <Branch
          organization={project.organizationId}
          branch={{ projectId: project.id, parentId: null }}
          project={project}
          level={2}
          above={[]}
        />
      ) : null}
    </li>
  )
}
