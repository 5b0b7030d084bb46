'use client'
import { atLeastLevel, type Resource } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { Building2, Link2, Lock, UserPlus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { messageOf } from '../../account/problems.ts'
import { failureOf } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { copyAddress } from '../../workspace/copy-address.ts'
import { InvitePanel } from '../../workspace/invite.tsx'
import { projectsQuery } from '../../workspace/queries.ts'
import { manages } from '../../workspace/roles.ts'
import { nameOf } from '../../workspace/titles.ts'
import { useWorkspace } from '../../workspace/workspace.tsx'
import { InviteOutside } from './invite-outside.tsx'
import { Links } from './links.tsx'
import { PeopleField } from './people-field.tsx'
import { ProjectShareDialog } from './project-share.tsx'
import { sharesQuery } from './queries.ts'
import { ShareRows, Why } from './share-rows.tsx'
import { givable, levelWords } from './words.ts'

interface ShareDialogProps {
  document: Resource
  open: boolean
  onOpenChange(open: boolean): void
}

/** Who gets at a document: people and teams, everybody by its project, and whoever has a link. */
export function ShareDialog({ document, open, onOpenChange }: ShareDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Share “${nameOf(document)}”`} className="max-w-lg">
      <Sharing document={document} />
    </Dialog>
  )
}

function Sharing({ document }: { document: Resource }) {
  const { me, organizations } = useWorkspace()
  const query = useQuery(sharesQuery(document.id))
  const [inviting, setInviting] = useState<string | null>(null)
  const organization = organizations?.find((one) => one.id === document.organizationId)
  const failure = failureOf(query)
  if (failure)
    return (
      <Notice
        tone="error"
        actions={
          <Button variant="outline" size="small" onClick={() => void query.refetch()}>
            Retry
          </Button>
        }
      >
        {messageOf(failure)}
      </Notice>
    )
  if (!query.data)
    return (
      <div className="grid grid-cols-1 gap-3" aria-busy>
        <Skeleton className="h-9" />
        <Skeleton className="h-9 w-2/3" />
        <Skeleton className="h-9 w-1/2" />
      </div>
    )
  const { shares, links, level, organization: open } = query.data
  const shared = { type: 'document', id: document.id } as const
  const levels = givable(level)
  return (
    <div className="grid grid-cols-1 gap-5">
      <section aria-label="People and teams" className="grid grid-cols-1 gap-3">
        {levels.length === 0 ? (
          <Notice>
            You {levelWords[level].label.toLowerCase().replace('can ', 'can only ')} this. Sharing takes “
            {levelWords.edit.label}”: ask somebody who has it.
          </Notice>
        ) : organization ? (
          <PeopleField
            organization={organization}
            shared={shared}
            present={shares.filter((one) => one.inheritedFrom === null).map((one) => one.grantee)}
            levels={levels}
            onInvite={setInviting}
          />
        ) : null}
        {inviting && organization ? (
          <InviteOutside key={inviting} organization={organization} email={inviting} onDone={() => setInviting(null)} />
        ) : null}
        <ShareRows shared={shared} shares={shares} levels={levels} self={me.id} />
        <OwnAccess shared={shared} />
      </section>
      <Part title="General access">
        <General document={document} level={open} name={organization?.name} />
      </Part>
      <Part title="Links">
        {atLeastLevel(level, 'manage') ? (
          <Links documentId={document.id} links={links} />
        ) : (
          <p className="text-[13px] text-muted-foreground">
            Links for people outside are made by whoever can manage this document.
          </p>
        )}
      </Part>
      <div className="-mx-5 -mb-5 flex flex-wrap gap-1 border-t p-2">
        <Button variant="ghost" size="small" className="max-sm:h-10" onClick={() => void copyAddress(document)}>
          <Link2 aria-hidden />
          Copy address for members
        </Button>
        {organization && manages(organization.role) ? <InviteMore organization={organization} /> : null}
      </div>
    </div>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="grid grid-cols-1 gap-2">
      <h3 className="font-medium text-[13px] text-muted-foreground">{title}</h3>
      {children}
    </section>
  )
}

/** Why one sees it oneself, for whoever wonders. */
function OwnAccess({ shared }: { shared: { type: 'document' | 'project'; id: string } }) {
  const [asked, setAsked] = useState(false)
  return (
    <div className="grid grid-cols-1 gap-2">
      <Button
        variant="link"
        size="inline"
        aria-expanded={asked}
        className="justify-self-start text-[13px] text-muted-foreground"
        onClick={() => setAsked(!asked)}
      >
        Why do I have access?
      </Button>
      {asked ? <Why shared={shared} user={undefined} /> : null}
    </div>
  )
}

interface GeneralProps {
  document: Resource
  level: keyof typeof levelWords | null
  /** Of the organization. */
  name: string | undefined
}

/** What everybody may do by the project, which is where it is changed. */
function General({ document, level, name }: GeneralProps) {
  const projects = useQuery(projectsQuery(document.organizationId))
  const [changing, setChanging] = useState(false)
  const project = projects.data?.find((one) => one.id === document.projectId)
  const Icon = level ? Building2 : Lock
  return (
    <div className="flex items-center gap-2.5" data-testid="general-access">
      <span
        aria-hidden
        className="grid size-8 shrink-0 place-items-center rounded-full bg-accent text-muted-foreground"
      >
        <Icon className="size-4" />
      </span>
      <span className="min-w-0 flex-1">
        <span className="block break-words">
          {level ? `Everybody in ${name ?? 'the organization'} ${levelWords[level].label.toLowerCase()}` : 'Restricted'}
        </span>
        <span className="block text-muted-foreground text-xs">
          {level
            ? `By the project “${project?.name ?? ''}”, which is open to them`
            : project
              ? `The project “${project.name}” is open only to those it is shared with`
              : 'Only those it was shared with'}
        </span>
      </span>
      {project && atLeastLevel(project.level, 'manage') ? (
        <>
          <Button variant="outline" size="small" className="max-sm:h-10" onClick={() => setChanging(true)}>
            Change
          </Button>
          <ProjectShareDialog project={project} open={changing} onOpenChange={setChanging} />
        </>
      ) : null}
    </div>
  )
}

function InviteMore({ organization }: { organization: NonNullable<ReturnType<typeof useWorkspace>['organization']> }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button variant="ghost" size="small" aria-expanded={open} className="max-sm:h-10" onClick={() => setOpen(!open)}>
        <UserPlus aria-hidden />
        Invite to {organization.name}
      </Button>
      {open ? (
        <div className="w-full p-2">
          <InvitePanel organization={organization} />
        </div>
      ) : null}
    </>
  )
}
