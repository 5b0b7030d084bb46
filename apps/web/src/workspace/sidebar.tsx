'use client'
import { useQuery } from '@tanstack/react-query'
import { Bell, House, PanelLeftClose, Plus, Search, Trash2 } from 'lucide-react'
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
import { OrganizationMenu } from './organization-menu.tsx'
import { ProjectDialog } from './project-dialog.tsx'
import { favouritesQuery, projectsQuery, sharedWithMeQuery, unreadQuery } from './queries.ts'
import { rowStyle } from './rows.ts'
import { useShell } from './shell-context.ts'
import { SidebarList } from './sidebar-list.tsx'
import { Tree } from './tree/tree.tsx'
import { UserMenu } from './user-menu.tsx'
import { useWorkspace } from './workspace.tsx'

/** Organization, search, inbox, what is kept at hand, the tree of projects and documents, and who is signed in. */
export function Sidebar({ className }: { className?: string }) {
  const shell = useShell()
  const pathname = usePathname()
  const place = (path: string) => ({
    href: path,
    className: rowStyle,
    'aria-current': pathname === path ? ('page' as const) : undefined,
  })
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
        <Link {...place('/home')}>
          <House aria-hidden />
          Home
        </Link>
        <Link {...place('/inbox')}>
          <Bell aria-hidden />
          <span className="flex-1">Inbox</span>
          <Unread />
        </Link>
      </div>
      <Library />
      <div className="grid gap-px border-t p-2">
        <Link {...place('/trash')}>
          <Trash2 aria-hidden />
          Trash
        </Link>
        <UserMenu />
      </div>
    </nav>
  )
}

/** How much of the inbox was not read; nothing for none. */
function Unread() {
  const { data } = useQuery(unreadQuery)
  if (!data) return <span role="status" className="sr-only" />
  return (
    <span role="status" data-testid="unread">
      <span
        aria-hidden
        className="grid h-4.5 min-w-4.5 place-items-center rounded-full bg-primary px-1 font-semibold text-[11px] text-primary-foreground tabular-nums"
      >
        {data > 99 ? '99+' : data}
      </span>
      <span className="sr-only">{data} unread</span>
    </span>
  )
}

/** What is kept at hand, and the tree. */
function Library() {
  const { organization, open } = useWorkspace()
  const id = open?.id ?? ''
  const enabled = id !== ''
  const projects = useQuery({ ...projectsQuery(id), enabled })
  const favourites = useQuery({ ...favouritesQuery(id), enabled })
  const shared = useQuery({ ...sharedWithMeQuery(id), enabled })
  const [adding, setAdding] = useState(false)
  const error = failureOf(projects)
  const mayCreate = open !== undefined && open.role !== 'guest'

  let content: ReactNode
  if (organization?.deletedAt)
    content = <p className="px-2 py-1 text-muted-foreground text-xs">Closed, because it is to be deleted.</p>
  else if (error)
    content = (
      <div className="px-2 py-3 text-[13px] text-muted-foreground">
        <p>{messageOf(error)}</p>
        <Button variant="link" size="inline" className="mt-1" onClick={() => void projects.refetch()}>
          Retry
        </Button>
      </div>
    )
  else if (!projects.data)
    content = (
      <div className="grid gap-2.5 px-2 py-2">
        {['w-24', 'ml-5 w-36', 'ml-5 w-28', 'ml-5 w-40'].map((width) => (
          <Skeleton key={width} className={cn('h-3.5', width)} />
        ))}
      </div>
    )
  else if (projects.data.length === 0)
    content = (
      <p className="px-2 py-1 text-muted-foreground text-xs">
        {mayCreate ? 'There is no project yet.' : 'No project was opened to you yet.'}
      </p>
    )
  else content = <Tree key={id} organization={id} projects={projects.data} />

  return (
    <div className="min-h-0 flex-1 overflow-y-auto overflow-x-hidden px-2 pb-4">
      <SidebarList name="favourites" title="Favourites" documents={favourites.data ?? []} favourites />
      <SidebarList name="shared" title="Shared with me" documents={shared.data ?? []} />
      <div className="flex h-7 items-center pl-2">
        <h2 className="flex-1 font-medium text-muted-foreground text-xs">Projects</h2>
        {mayCreate ? (
          <Tooltip content="New project">
            <Button
              variant="ghost"
              size="iconSmall"
              aria-label="New project"
              onClick={() => setAdding(true)}
              className="mr-1 max-md:size-9"
            >
              <Plus />
            </Button>
          </Tooltip>
        ) : null}
      </div>
      {content}
      {open ? <ProjectDialog organization={open} open={adding} onOpenChange={setAdding} /> : null}
    </div>
  )
}
