'use client'
import { DELETION_DAYS, type Organization, organizationApi } from '@realtime/contracts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { LogOut, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { toast } from 'sonner'
import { ProblemNotice } from '../../../account/problem-notice.tsx'
import { messageOf } from '../../../account/problems.ts'
import { api } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { Confirm, Dialog } from '../../../ui/dialog.tsx'
import { TextField } from '../../../ui/field.tsx'
import { organizationsQuery } from '../../queries.ts'
import { useWorkspace } from '../../workspace.tsx'
import { Row, Section } from '../section.tsx'
import { dateOf } from './dates.ts'
import { useKeepOrganization } from './keeping.ts'

/** Leaving an organization, and asking for its deletion or taking that back. */
export function LeavingAndDeletion({ organization }: { organization: Organization }) {
  const { me } = useWorkspace()
  const [leaving, setLeaving] = useState(false)
  const [deleting, setDeleting] = useState(false)
  const keeping = useKeepOrganization(organization)
  const leave = useMutation({
    mutationFn: () => api(organizationApi.removeMember, { params: { id: organization.id, userId: me.id } }),
    onSuccess: () => location.assign('/home'),
    onError: (error) => toast.error(`You are still in ${organization.name}`, { description: messageOf(error) }),
  })
  return (
    <Section title="Leaving">
      <div className="divide-y rounded-lg border bg-card">
        <Row
          icon={LogOut}
          plain
          title="Leave the organization"
          detail="You lose access to its projects and documents. A last owner cannot leave."
          actions={
            <Button
              variant="outline"
              size="small"
              className="max-sm:h-10"
              busy={leave.isPending}
              onClick={() => setLeaving(true)}
            >
              Leave
            </Button>
          }
        />
        {organization.role === 'owner' ? (
          <Row
            icon={Trash2}
            plain
            title={organization.deletedAt ? 'It is to be deleted' : 'Delete the organization'}
            detail={
              organization.deletedAt
                ? `On ${dateOf(organization.deletedAt)}. Until then you can take it back.`
                : `With all projects and documents. You can take it back for ${DELETION_DAYS} days.`
            }
            actions={
              organization.deletedAt ? (
                <Button size="small" className="max-sm:h-10" busy={keeping.isPending} onClick={() => keeping.mutate()}>
                  Keep it
                </Button>
              ) : (
                <Button variant="destructive" size="small" className="max-sm:h-10" onClick={() => setDeleting(true)}>
                  Delete
                </Button>
              )
            }
          />
        ) : null}
      </div>
      <Confirm
        open={leaving}
        onOpenChange={setLeaving}
        title={`Leave ${organization.name}?`}
        description="You lose access to its projects and documents until someone invites you again."
        action="Leave"
        onConfirm={() => leave.mutate()}
      />
      <Dialog
        open={deleting}
        onOpenChange={setDeleting}
        title={`Delete ${organization.name}?`}
        description={`Nobody gets at its content from now on. After ${DELETION_DAYS} days all projects, documents and files are gone for good; until then an owner can take it back.`}
      >
        <DeleteForm organization={organization} close={() => setDeleting(false)} />
      </Dialog>
    </Section>
  )
}

function DeleteForm({ organization, close }: { organization: Organization; close(): void }) {
  const client = useQueryClient()
  const [typed, setTyped] = useState('')
  const remove = useMutation({
    mutationFn: () =>
      api(organizationApi.delete, { params: { id: organization.id }, body: { name: organization.name } }),
    onSuccess: (saved) => {
      close()
      client.setQueryData(organizationsQuery.queryKey, (list) =>
        list?.map((other) => (other.id === saved.id ? saved : other)),
      )
      return client.invalidateQueries()
    },
  })
  const sure = typed.trim() === organization.name.trim()
  function submit(event: FormEvent) {
    event.preventDefault()
    if (sure) remove.mutate()
  }
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <TextField
        label="Type its name to confirm"
        dir="auto"
        autoComplete="off"
        autoFocus
        placeholder={organization.name}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <ProblemNotice error={remove.error} />
      <div className="flex justify-end gap-2">
        <Button variant="outline" className="max-sm:h-11" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" variant="destructive" disabled={!sure} busy={remove.isPending} className="max-sm:h-11">
          Delete organization
        </Button>
      </div>
    </form>
  )
}
