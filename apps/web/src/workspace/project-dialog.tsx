'use client'
import { type Organization, type ProjectAccess, projectName } from '@realtime/contracts'
import { type FormEvent, useState } from 'react'
import { AccessChoice } from '../collaboration/share/access-choice.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { useCreateProject } from './project-changes.ts'

interface ProjectDialogProps {
  organization: Organization
  open: boolean
  onOpenChange(open: boolean): void
}

/** Creates a project: its name, and who sees it. */
export function ProjectDialog({ organization, open, onOpenChange }: ProjectDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New project"
      description="A place for documents that belong together."
    >
      <ProjectForm organization={organization} close={() => onOpenChange(false)} />
    </Dialog>
  )
}

function ProjectForm({ organization, close }: { organization: Organization; close(): void }) {
  const create = useCreateProject(organization.id)
  const [access, setAccess] = useState<ProjectAccess>('organization')
  const [error, setError] = useState<string>()
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const name = projectName.safeParse(new FormData(event.currentTarget).get('name'))
    setError(name.success ? undefined : name.error.issues[0]?.message)
    if (name.success) create.mutate({ name: name.data, access }, { onSuccess: close })
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <TextField label="Name" name="name" placeholder="Product" maxLength={120} autoComplete="off" error={error} />
      <AccessChoice organization={organization.name} value={access} onChange={setAccess} />
      <div className="flex justify-end">
        <Button type="submit" busy={create.isPending}>
          Create project
        </Button>
      </div>
    </form>
  )
}
