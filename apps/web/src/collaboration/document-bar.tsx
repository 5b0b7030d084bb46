'use client'
import { useQuery } from '@tanstack/react-query'
import { History } from 'lucide-react'
import type { ReactNode, Ref } from 'react'
import { editors } from '../editors/editors.ts'
import { Button } from '../ui/button.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { useVisit } from '../visiting/visit-context.ts'
import { projectsQuery } from '../workspace/queries.ts'
import { Topbar } from '../workspace/topbar.tsx'
import { useWorkspace } from '../workspace/workspace.tsx'
import { BarIcon } from './header/bar-icon.tsx'
import { Breadcrumbs } from './header/breadcrumbs.tsx'
import { StarButton } from './header/star.tsx'
import { Presence } from './presence.tsx'
import { SaveState } from './save-state.tsx'
import { ShareButton } from './share/share-button.tsx'
import { BarTitle } from './title.tsx'
import type { OpenDocument } from './use-open-document.ts'
import { identityOf } from './use-session.ts'

interface DocumentBarProps {
  open: OpenDocument
  /** Where the editor puts its own actions. */
  actions: Ref<HTMLDivElement>
  /** Buttons of what opens beside the document. */
  panels: ReactNode
  /** The title was left downwards. */
  onLeaveTitle(): void
}

/** The bar above a document: where it lies, whether it is saved, who is there, and what can be done. */
export function DocumentBar({ open: { document, session }, actions, panels, onLeaveTitle }: DocumentBarProps) {
  const { me } = useWorkspace()
  const visit = useVisit()
  const organizationId = document?.organizationId
  const projects = useQuery({ ...projectsQuery(organizationId ?? ''), enabled: organizationId !== undefined && !visit })
  const project = projects.data?.find((one) => one.id === document?.projectId)
  const name = document ? document.title || editors[document.kind].untitled : null
  return (
    <Topbar>
      <div className="flex min-w-0 flex-1 items-center gap-1.5 text-[13px]">
        {document && !visit ? <Breadcrumbs document={document} project={project} /> : null}
        {document ? <BarIcon document={document} /> : null}
        {document && editors[document.kind].layout === 'full' ? (
          <>
            <h1 className="sr-only">{name}</h1>
            <BarTitle document={document} onLeave={onLeaveTitle} />
          </>
        ) : (
          <h1 dir="auto" className="truncate font-medium">
            {name}
          </h1>
        )}
        {document?.permission === 'read' ? (
          <span className="shrink-0 rounded border px-1.5 py-px text-muted-foreground text-xs">Read-only</span>
        ) : null}
      </div>
      {session.state ? <SaveState state={session.state} /> : null}
      {session.opened ? <Presence awareness={session.opened.provider.awareness} self={identityOf(me)} /> : null}
      <div ref={actions} className="flex items-center gap-1 empty:hidden" />
      {document && !visit ? <StarButton document={document} /> : null}
      {panels}
      {document && !visit ? <ShareButton document={document} /> : null}
    </Topbar>
  )
}

interface HistoryButtonProps {
  ref: Ref<HTMLButtonElement>
  pressed: boolean
  onClick(): void
}

/** Opens and closes the kept versions. */
export function HistoryButton({ ref, pressed, onClick }: HistoryButtonProps) {
  return (
    <Tooltip content="Version history">
      <Button
        ref={ref}
        variant="ghost"
        size="icon"
        aria-label="Version history"
        aria-pressed={pressed}
        className="aria-pressed:bg-accent aria-pressed:text-foreground max-md:size-9"
        onClick={onClick}
      >
        <History />
      </Button>
    </Tooltip>
  )
}
