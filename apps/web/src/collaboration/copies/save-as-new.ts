'use client'
import { createProvider, type PrivateCopy, whenSaved } from '@realtime/client'
import { documentApi, type Organization, type Resource } from '@realtime/contracts'
import { resourceKinds } from '@realtime/resources'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { toast } from 'sonner'
import * as Y from 'yjs'
import { messageOf } from '../../account/problems.ts'
import { api, tokens } from '../../api.ts'
import { editors } from '../../editors/editors.ts'
import { documentQuery, listsKey, organizationsQuery } from '../../workspace/queries.ts'
import { useWorkspace } from '../../workspace/workspace.tsx'
import { type CopyAbout, readAbout } from './about.ts'
import { carryImages } from './carry-images.ts'
import { replicaOf } from './content.ts'

const LONGEST_TITLE = 300

interface Saved {
  created: Resource
  missing: number
}

/** Where a copy can be written: the project it came from, or the first one of the own organization. */
function placeFor(
  about: CopyAbout,
  organizations: Organization[],
): { organization: Organization; here: boolean } | null {
  const home = organizations.find(({ id, role }) => id === about.organizationId && role !== 'guest')
  if (home) return { organization: home, here: true }
  const own = organizations.find(({ personal }) => personal) ?? organizations.find(({ role }) => role !== 'guest')
  return own ? { organization: own, here: false } : null
}

/**
 * Makes a new document of the same kind and writes the content of a copy into it, as any client does.
 * @returns it, and how many images could not be taken along
 */
async function saveAsNew(copy: PrivateCopy, about: CopyAbout, organizations: Organization[]): Promise<Saved> {
  const place = placeFor(about, organizations)
  if (!place) throw new Error('There is no place where you may write.')
  const { id: firstId } = place.here
    ? { id: about.projectId }
    : await api(documentApi.ensureFirstProject, { query: { organization: place.organization.id } })
  const title = `${about.title || editors[about.kind].untitled} (private copy)`.slice(0, LONGEST_TITLE)
  const created = await api(documentApi.createDocument, { body: { projectId: firstId, kind: about.kind, title } })
  const past = replicaOf(copy)
  const doc = new Y.Doc()
  const provider = createProvider({
    url: '',
    documentId: created.id,
    epoch: null,
    doc,
    token: () => tokens.token(),
  })
  try {
    // First what the new document begins with: what is written stands on it.
    await whenSaved(provider)
    const images = await editors[about.kind].imagesOf(past)
    const missing = await carryImages(images, copy.document, created.id)
    doc.transact(() => resourceKinds[about.kind].revert(doc, past))
    await whenSaved(provider)
    return { created, missing }
  } catch (error) {
    // Half a document would only confuse; the copy is still here.
    await api(documentApi.deleteDocument, { params: { id: created.id } }).catch(() => {})
    throw error
  } finally {
    provider.destroy()
    doc.destroy()
    past.destroy()
  }
}

/** Saves a private copy as a new document and opens that. */
export function useSaveAsNew() {
  const { organizations } = useWorkspace()
  const client = useQueryClient()
  const router = useRouter()
  const saving = useMutation({
    mutationFn: async ({ copy, about }: { copy: PrivateCopy; about: CopyAbout }) =>
      // Roles as they are now: one may have just been taken away.
      saveAsNew(copy, about, await client.fetchQuery({ ...organizationsQuery, staleTime: 0 })),
    onSuccess: ({ created, missing }) => {
      client.setQueryData(documentQuery(created.id).queryKey, created)
      void client.invalidateQueries({ queryKey: listsKey(created.organizationId) })
      const organization = organizations?.find(({ id }) => id === created.organizationId)
      const images = missing === 1 ? '1 image' : `${missing} images`
      toast.success(`Saved as a new ${editors[created.kind].label}`, {
        description: [
          `It is in ${organization?.name ?? 'your workspace'}.`,
          missing > 0 ? `${images} could not be taken along.` : '',
          'The private copy stays until you discard it.',
        ].join(' '),
      })
      router.push(`/d/${created.id}`)
    },
    onError: (error) =>
      toast.error('The private copy was not saved as a new document', { description: messageOf(error) }),
  })
  /** What saving would do with a copy; null when it cannot be saved so. */
  function offer(copy: PrivateCopy): (() => void) | null {
    const about = readAbout(copy.about)
    if (!about || !copy.whole || !placeFor(about, organizations ?? [])) return null
    return () => saving.mutate({ copy, about })
  }
  return { offer, busy: saving.isPending }
}
