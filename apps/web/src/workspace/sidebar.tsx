'use client'
import { useQuery } from '@tanstack/react-query'
import { House, PanelLeftClose, Plus, Search } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { messageOf } from '../account/problems.ts'
import { failureOf } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/classes.ts'
import { Kbd } from '../ui/kbd.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { useCreateProject } from './changes.ts'
import { InlineInput } from './inline-input.tsx'
import { OrganizationMenu } from './organization-menu.tsx'
import { ProjectBranch } from './project-branch.tsx'
import { documentsQuery, projectsQuery } from './queries.ts'
import { rowStyle } from './rows.ts'
import { useShell } from './shell-context.ts'
import { UserMenu } from './user-menu.tsx'
import { useWorkspace } from './workspace.tsx'

/** Organization, search, the tree of projects and documents, and who is signed in. */
export function Sidebar({ className }: { className?: string }) {
  const shell = useShell()
  const pathname = usePathname()
  return (
    <nav aria-label="Workspace" className={cn('flex h-full flex-col', className)}>
      <div className="flex h-12 shrink-0 items-center gap-1 px-2">
        <OrganizationMenu />
        <Tooltip content="Hide sidebar">
          <Button
            variant="ghost"
            size="icon"
            aria-label="Hide sidebar"
            className="size-7 max-md:hidden"
            onClick={shell.toggleSidebar}
          >
            <PanelLeftClose />
          </Button>
        </Tooltip>
      </div>
      <div className="grid gap-px px-2 pt-1 pb-3">
        <button type="button" className={rowStyle} onClick={shell.openPalette}>
          <Search aria-hidden />
          <span className="flex-1">Search</span>
          <span className="max-md:hidden">
            <Kbd keys="Mod+K" />
          </span>
        </button>
        <Link href="/home" className={rowStyle} aria-current={pathname === '/home' ? 'page' : undefined}>
          <House aria-hidden />
          Home
        </Link>
      </div>
      <Tree />
      <div className="border-t p-2">
        <UserMenu />
      </div>
    </nav>
  )
}

function Tree() {
  const { organization } = useWorkspace()
  const id = organization?.id ?? ''
  const projects = useQuery({ ...projectsQuery(id), enabled: id !== '' })
  const documents = useQuery({ ...documentsQuery(id), enabled: id !== '' })
  const createProject = useCreateProject(id)
  const [adding, setAdding] = useState(false)
  const error = failureOf(projects) ?? failureOf(documents)
  const mayCreate = organization !== undefined && organization.role !== 'guest'

  let content: ReactNode
  if (error)
    content = (
      <div className="px-2 py-3 text-[13px] text-muted-foreground">
        <p>{messageOf(error)}</p>
        <Button
          variant="link"
          size="inline"
          className="mt-1"
          onClick={() => {
            void projects.refetch()
            void documents.refetch()
          }}
        >
          Retry
        </Button>
      </div>
    )
  else if (!projects.data || !documents.data)
    content = (
      <div className="grid gap-2.5 px-2 py-2">
        {['w-24', 'ml-5 w-36', 'ml-5 w-28', 'ml-5 w-40'].map((width) => (
          <Skeleton key={width} className={cn('h-3.5', width)} />
        ))}
      </div>
    )
  else
    content = projects.data.map((project) => (
      <ProjectBranch
        key={project.id}
        project={project}
        documents={documents.data.filter((document) => document.projectId === project.id)}
        mayCreate={mayCreate}
      />
    ))

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-7 shrink-0 items-center pr-2 pl-4">
        <h2 className="flex-1 font-medium text-muted-foreground text-xs">Projects</h2>
        {mayCreate ? (
          <Tooltip content="New project">
            <Button
              variant="ghost"
              size="iconSmall"
              aria-label="New project"
              onClick={() => setAdding(true)}
              className="max-md:size-9"
            >
              <Plus />
            </Button>
          </Tooltip>
        ) : null}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto overflow-x-hidden px-2 pb-4">
        {content}
        {adding ? (
          <div className="py-1 pl-1">
            <InlineInput
              label="Name of the new project"
              placeholder="Project name"
              maxLength={120}
              onDone={(name) => {
                setAdding(false)
                if (name) createProject.mutate(name)
              }}
            />
          </div>
        ) : null}
      </div>
    </div>
  )
}
