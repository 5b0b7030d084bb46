'use client'
import { libraryApi, TRASH_DAYS, type Trashed } from '@realtime/contracts'
import { useQuery } from '@tanstack/react-query'
import { RotateCcw, Trash2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { toast } from 'sonner'
import { api, failureOf } from '../api.ts'
import { Blank } from '../ui/blank.tsx'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/dialog.tsx'
import { useRestoreDocument } from './changes.ts'
import { ClosedOrganization } from './closed-organization.tsx'
import { DocumentIcon } from './document-icon.tsx'
import { useLibraryChange } from './library-change.ts'
import { ListingPage, RowsSkeleton } from './listing-page.tsx'
import { NotShown } from './not-shown.tsx'
import { projectsQuery, trashQuery } from './queries.ts'
import { agoOf, inDays } from './time.ts'
import { nameOf } from './titles.ts'
import { useWorkspace } from './workspace.tsx'

/** Deletes something in the trash for good. */
function usePurge() {
  return useLibraryChange({
    organizationOf: (trashed: Trashed) => trashed.organizationId,
    call: ({ id }) => api(libraryApi.purge, { params: { id } }),
    show: (client, { id, organizationId }) =>
      client.setQueryData(trashQuery(organizationId).queryKey, (list) => list?.filter((one) => one.id !== id)),
    failed: 'The document was not deleted',
  })
}

/** What was moved to the trash: back to where it was, or away for good. */
export function Trash() {
  const { organization, open } = useWorkspace()
  const id = open?.id ?? ''
  const trash = useQuery({ ...trashQuery(id), enabled: id !== '' })
  const failure = failureOf(trash)
  return (
    <ListingPage
      title="Trash"
      description={`What is in it can be restored for ${TRASH_DAYS} days. Then it is deleted for good.`}
    >
      <div className="mt-6">
        {organization?.deletedAt ? (
          <ClosedOrganization />
        ) : failure ? (
          <NotShown error={failure} retry={() => void trash.refetch()} />
        ) : !trash.data ? (
          <RowsSkeleton />
        ) : trash.data.length === 0 ? (
          <Blank icon={Trash2} title="The trash is empty" className="rounded-xl border border-dashed sm:max-w-none">
            Documents that are moved to the trash wait here, in case they were not meant to go.
          </Blank>
        ) : (
          <ul className="-mx-3 flex flex-col">
            {trash.data.map((trashed) => (
              <TrashedRow key={trashed.id} trashed={trashed} />
            ))}
          </ul>
        )}
      </div>
    </ListingPage>
  )
}

function TrashedRow({ trashed }: { trashed: Trashed }) {
  const router = useRouter()
  const projects = useQuery(projectsQuery(trashed.organizationId))
  const restore = useRestoreDocument()
  const purge = usePurge()
  const [asking, setAsking] = useState(false)
  const title = nameOf(trashed)
  const project = projects.data?.find((one) => one.id === trashed.projectId)?.name
  const below = trashed.below === 0 ? null : trashed.below === 1 ? 'with 1 below it' : `with ${trashed.below} below it`
  return (
    <li data-testid="trashed" className="flex min-h-14 items-center gap-3 rounded-lg px-3 py-2">
      <span className="grid size-8 shrink-0 place-items-center rounded-lg border bg-card shadow-soft">
        <DocumentIcon document={trashed} />
      </span>
      <span className="min-w-0 flex-1">
        <span dir="auto" className="block truncate text-left font-medium">
          {title}
        </span>
        <span className="block text-muted-foreground text-xs">
          {[project, below, agoOf(trashed.trashedAt)].filter(Boolean).join(' · ')}
          {' · '}
          <span title={new Date(trashed.goesAt).toLocaleString()}>{`goes ${inDays(trashed.goesAt)}`}</span>
        </span>
      </span>
      <Button
        variant="outline"
        size="small"
        aria-label={`Restore ${title}`}
        className="max-sm:h-10"
        onClick={() =>
          restore.mutate(trashed, {
            onSuccess: (restored) =>
              toast('Restored', {
                description: title,
                action: { label: 'Open', onClick: () => router.push(`/d/${restored.id}`) },
              }),
          })
        }
      >
        <RotateCcw aria-hidden />
        Restore
      </Button>
      {trashed.level === 'manage' ? (
        <>
          <Button
            variant="ghost"
            size="icon"
            aria-label={`Delete ${title} for good`}
            className="size-7 max-sm:size-10"
            onClick={() => setAsking(true)}
          >
            <Trash2 />
          </Button>
          <Confirm
            open={asking}
            onOpenChange={setAsking}
            title={`Delete “${title}” for good?`}
            description={`It goes with its history${below ? `, ${below}` : ''}. This cannot be undone.`}
            action="Delete for good"
            onConfirm={() => purge.mutate(trashed)}
          />
        </>
      ) : null}
    </li>
  )
}
