'use client'
import { type Organization, organizationApi } from '@realtime/contracts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Crown } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import { ProblemNotice } from '../../../account/problem-notice.tsx'
import { api, failureOf } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { Confirm, Dialog } from '../../../ui/dialog.tsx'
import { membersQuery, organizationsQuery } from '../../queries.ts'
import { useWorkspace } from '../../workspace.tsx'
import { PeoplePicker } from '../people-picker.tsx'
import { Row, RowsSkeleton, Section } from '../section.tsx'

/** Making another member owner in one's place. */
export function Ownership({ organization }: { organization: Organization }) {
  const client = useQueryClient()
  const { me } = useWorkspace()
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState<string>()
  const members = useQuery({ ...membersQuery(organization.id), enabled: open })
  const others = members.data?.filter((member) => member.userId !== me.id && member.role !== 'guest')
  const heir = others?.find((member) => member.userId === chosen)
  const [asking, setAsking] = useState(false)
  const transfer = useMutation({
    mutationFn: (userId: string) =>
      api(organizationApi.transferOwnership, { params: { id: organization.id }, body: { userId } }),
    onSuccess: (saved) => {
      client.setQueryData(organizationsQuery.queryKey, (list) =>
        list?.map((other) => (other.id === saved.id ? saved : other)),
      )
      setOpen(false)
      toast(`${heir?.name ?? 'Another member'} owns ${organization.name} now`)
      return client.invalidateQueries({ queryKey: membersQuery(organization.id).queryKey })
    },
  })
  const failure = failureOf(members)
  return (
    <Section title="Ownership">
      <Row
        alone
        icon={Crown}
        title="Transfer ownership"
        detail="Another member becomes owner, and you become admin."
        actions={
          <Button
            variant="outline"
            size="small"
            className="max-sm:h-10"
            disabled={organization.deletedAt !== null}
            onClick={() => setOpen(true)}
          >
            Transfer
          </Button>
        }
      />
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Who owns it from now on?"
        description="They may do everything, also delete it. You become admin and cannot take this back yourself."
      >
        <div className="grid gap-4">
          {failure ? (
            <ProblemNotice error={failure} retry={() => void members.refetch()} />
          ) : others ? (
            <PeoplePicker
              label="Members"
              people={others.map(({ userId, ...rest }) => ({ id: userId, ...rest }))}
              chosen={chosen ? [chosen] : []}
              onToggle={(id) => setChosen(id)}
              single
              empty="There is nobody else yet. Invite somebody first."
            />
          ) : (
            <RowsSkeleton />
          )}
          <ProblemNotice error={transfer.error} />
          <div className="flex justify-end gap-2">
            <Button variant="outline" className="max-sm:h-11" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button disabled={!heir} busy={transfer.isPending} className="max-sm:h-11" onClick={() => setAsking(true)}>
              Transfer
            </Button>
          </div>
        </div>
      </Dialog>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={`Make ${heir?.name ?? 'them'} the owner?`}
        description={`You become admin of ${organization.name}.`}
        action="Transfer ownership"
        onConfirm={() => heir && transfer.mutate(heir.userId)}
      />
    </Section>
  )
}
