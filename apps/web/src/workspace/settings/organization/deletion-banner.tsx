'use client'
import type { Organization } from '@realtime/contracts'
import { TriangleAlert } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { useWorkspace } from '../../workspace.tsx'
import { dateOf } from './dates.ts'
import { useKeepOrganization } from './keeping.ts'

/** A line above the pages of an organization that is to be deleted, with the way back for its owner. */
export function DeletionBanner() {
  const { organization } = useWorkspace()
  return organization?.deletedAt ? <Banner organization={organization} until={organization.deletedAt} /> : null
}

function Banner({ organization, until }: { organization: Organization; until: string }) {
  const keep = useKeepOrganization(organization)
  return (
    <aside
      aria-label="Deletion of the organization"
      className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b bg-destructive-soft px-4 py-1 text-[13px] print:hidden"
    >
      <TriangleAlert aria-hidden className="size-4 shrink-0 text-destructive max-sm:hidden" />
      <span className="min-w-0 flex-1 basis-52 break-words">
        <bdi className="font-medium">{organization.name}</bdi> is deleted on {dateOf(until)}. Nobody gets at its
        content.
      </span>
      {organization.role === 'owner' ? (
        <Button
          variant="outline"
          size="small"
          className="max-sm:h-10"
          busy={keep.isPending}
          onClick={() => keep.mutate()}
        >
          Keep it
        </Button>
      ) : null}
    </aside>
  )
}
