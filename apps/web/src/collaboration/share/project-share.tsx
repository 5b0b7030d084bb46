'use client'
import { atLeastLevel, type Project, type ProjectAccess } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { messageOf } from '../../account/problems.ts'
import { failureOf } from '../../api.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useUpdateProject } from '../../workspace/project-changes.ts'
import { projectsQuery } from '../../workspace/queries.ts'
import { useWorkspace } from '../../workspace/workspace.tsx'
import { AccessChoice } from './access-choice.tsx'
import { InviteOutside } from './invite-outside.tsx'
import { LevelSelect } from './level-select.tsx'
import { PeopleField } from './people-field.tsx'
import { projectSharesQuery } from './queries.ts'
import { ShareRows } from './share-rows.tsx'
import { givable, levelWords } from './words.ts'

interface ProjectShareDialogProps {
  project: Project
  open: boolean
  onOpenChange(open: boolean): void
}

/** Who sees a project and everything in it, and what they may do. */
export function ProjectShareDialog({ project, open, onOpenChange }: ProjectShareDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Share “${project.name}”`}
      description="It holds for every document in the project."
      className="max-w-lg"
    >
      <ProjectSharing given={project} />
    </Dialog>
  )
}

function ProjectSharing({ given }: { given: Project }) {
  const { me, organizations } = useWorkspace()
  const projects = useQuery(projectsQuery(given.organizationId))
  const shares = useQuery(projectSharesQuery(given.id))
  const update = useUpdateProject()
  const [inviting, setInviting] = useState<string | null>(null)
  // As it is by now, not as it was when the dialog was opened.
  const project = projects.data?.find((one) => one.id === given.id) ?? given
  const organization = organizations?.find((one) => one.id === project.organizationId)
  const manager = atLeastLevel(project.level, 'manage')
  const levels = givable(project.level)
  const failure = failureOf(shares)
  const shared = { type: 'project', id: project.id } as const
  return (
    <div className="grid grid-cols-1 gap-5">
      {manager && organization ? (
        <div className="grid grid-cols-1 gap-3">
          <AccessChoice
            organization={organization.name}
            value={project.access}
            onChange={(access: ProjectAccess) => update.mutate({ project, access })}
          />
          {project.access === 'organization' ? (
            <div className="flex items-center gap-3">
              <span className="flex-1 text-[13px]">What members may do</span>
              <LevelSelect<'view' | 'comment' | 'edit' | 'manage'>
                label="What members may do"
                value={project.memberLevel}
                levels={['view', 'comment', 'edit']}
                onChange={(level) => level !== 'manage' && update.mutate({ project, memberLevel: level })}
                className="min-w-36"
              />
            </div>
          ) : null}
        </div>
      ) : (
        <p className="text-[13px]">
          {project.access === 'organization'
            ? `Everybody in ${organization?.name ?? 'the organization'} ${levelWords[project.memberLevel].label.toLowerCase()}.`
            : project.access === 'teams'
              ? 'Only some teams and people see it.'
              : 'It is private: only those it is shared with see it.'}{' '}
          <span className="text-muted-foreground">Who can manage the project changes that.</span>
        </p>
      )}
      <section aria-label="People and teams" className="grid grid-cols-1 gap-3">
        {levels.length > 0 && organization ? (
          <PeopleField
            organization={organization}
            shared={shared}
            present={shares.data?.map((one) => one.grantee) ?? []}
            levels={levels}
            onInvite={setInviting}
          />
        ) : null}
        {inviting && organization ? (
          <InviteOutside key={inviting} organization={organization} email={inviting} onDone={() => setInviting(null)} />
        ) : null}
        {failure ? (
          <Notice tone="error">{messageOf(failure)}</Notice>
        ) : shares.data ? (
          <ShareRows shared={shared} shares={shares.data} levels={levels} self={me.id} />
        ) : (
          <Skeleton className="h-9 w-2/3" />
        )}
      </section>
    </div>
  )
}
