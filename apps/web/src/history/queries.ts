'use client'
import { documentApi, type Resource, type Version } from '@realtime/contracts'
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { messageOf } from '../account/problems.ts'
import { api } from '../api.ts'

const PAGE = 50

/** The kept versions of a resource, page by page, newest first. */
export const versionsQuery = (id: string, named: boolean) =>
  infiniteQueryOptions({
    queryKey: ['versions', id, named],
    queryFn: ({ pageParam, signal }) =>
      api(
        documentApi.versions,
        {
          params: { id },
          query: { limit: PAGE, ...(named ? { named: 'true' } : {}), ...(pageParam ? { before: pageParam } : {}) },
        },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last) => (last.more ? last.versions.at(-1)?.id : undefined),
  })

/** The Yjs state of a version; it never changes. */
export const versionStateQuery = (id: string, version: string) =>
  queryOptions({
    queryKey: ['version-state', id, version],
    queryFn: async ({ signal }) => {
      const response = await api(documentApi.versionState, { params: { id, version } }, { signal })
      return new Uint8Array(await response.arrayBuffer())
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })

/** Keeps the newest state under a name. */
export function useNameNow(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => api(documentApi.createVersion, { params: { id }, body: { name } }),
    onError: (error) => toast.error('The version was not kept', { description: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: ['versions', id] }),
  })
}

/** Names a version, or takes its name away. */
export function useRenameVersion(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ version, name }: { version: string; name: string | null }) =>
      api(documentApi.renameVersion, { params: { id, version }, body: { name } }),
    onError: (error) => toast.error('The name was not saved', { description: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: ['versions', id] }),
  })
}

/** Restores a version; the message that says so offers to undo it. */
export function useRestore(document: Resource, onRestored: () => void) {
  const client = useQueryClient()
  const restore = useMutation({
    mutationFn: (version: Pick<Version, 'id'>) =>
      api(documentApi.restoreVersion, { params: { id: document.id, version: version.id } }),
    onSuccess: ({ before }) => {
      onRestored()
      if (!before) {
        toast('Nothing to restore', { description: 'The content is already as it was in this version.' })
        return
      }
      toast.success('Version restored', {
        duration: 12_000,
        description: 'What was there before is kept in the history.',
        action: { label: 'Undo', onClick: () => restore.mutate(before) },
      })
    },
    onError: (error) => toast.error('The version was not restored', { description: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: ['versions', document.id] }),
  })
  return restore
}
