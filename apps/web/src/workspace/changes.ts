'use client'
import { documentApi, type Kind, kinds, type Resource } from '@realtime/contracts'
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { toast } from 'sonner'
import { messageOf } from '../account/problems.ts'
import { api, isFinal } from '../api.ts'
import { documentQuery, documentsQuery, projectsQuery } from './queries.ts'

/** Creates a resource and opens it. */
export function useCreateDocument() {
  const client = useQueryClient()
  const router = useRouter()
  return useMutation({
    mutationFn: (input: { projectId: string; kind?: Kind }) =>
      api(documentApi.createDocument, { body: { projectId: input.projectId, kind: input.kind ?? kinds[0] } }),
    onSuccess: (created) => {
      client.setQueryData(documentQuery(created.id).queryKey, created)
      client.setQueryData(documentsQuery(created.organizationId).queryKey, (list) =>
        list ? [created, ...list.filter((other) => other.id !== created.id)] : list,
      )
      router.push(`/d/${created.id}`)
    },
    onError: (error) => toast.error('The document was not created', { description: messageOf(error) }),
  })
}

const RENAME = ['rename-document'] as const

/**
 * Changes the title at once; tries on for half a minute while the server is away, and changes it back when the server
 * refuses. Titles are saved one after the other, so that the last one typed is the one that stays.
 */
export function useRenameDocument() {
  const client = useQueryClient()
  return useMutation({
    mutationKey: RENAME,
    scope: { id: RENAME[0] },
    mutationFn: ({ document, title }: { document: Resource; title: string }) =>
      api(documentApi.updateDocument, { params: { id: document.id }, body: { title } }),
    retry: (count, error) => count < 12 && !isFinal(error),
    retryDelay: (count) => Math.min(3_000, 300 * 2 ** count),
    onMutate: async ({ document, title }) => {
      // An answer that is on its way still has the old title.
      await client.cancelQueries({ queryKey: documentsQuery(document.organizationId).queryKey })
      await client.cancelQueries({ queryKey: documentQuery(document.id).queryKey })
      showDocument(client, { ...document, title })
    },
    onSuccess: (saved) => {
      if (client.isMutating({ mutationKey: RENAME }) <= 1) showDocument(client, saved)
    },
    onError: (error, { document }) => {
      showDocument(client, document)
      toast.error('The title was not saved', { description: messageOf(error) })
    },
  })
}

/** Puts a resource as it is now into every list that shows it. */
function showDocument(client: QueryClient, document: Resource): void {
  client.setQueryData(documentQuery(document.id).queryKey, document)
  client.setQueryData(documentsQuery(document.organizationId).queryKey, (list) =>
    list?.map((other) => (other.id === document.id ? document : other)),
  )
}

/** Moves a resource to the trash: gone at once, back when the server refuses. */
export function useDeleteDocument() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (document: Resource) => api(documentApi.deleteDocument, { params: { id: document.id } }),
    onMutate: async (document) => {
      const { queryKey } = documentsQuery(document.organizationId)
      await client.cancelQueries({ queryKey })
      client.setQueryData(queryKey, (list) => list?.filter((other) => other.id !== document.id))
    },
    onSuccess: (_, document) => {
      client.removeQueries({ queryKey: documentQuery(document.id).queryKey })
      toast('Moved to the trash', { description: document.title || 'Untitled' })
    },
    onError: (error, document) => {
      toast.error('The document was not deleted', { description: messageOf(error) })
      void client.invalidateQueries({ queryKey: documentsQuery(document.organizationId).queryKey })
    },
  })
}

export function useCreateProject(organizationId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => api(documentApi.createProject, { body: { organizationId, name } }),
    onSuccess: (created) =>
      client.setQueryData(projectsQuery(organizationId).queryKey, (list) => (list ? [...list, created] : list)),
    onError: (error) => toast.error('The project was not created', { description: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: projectsQuery(organizationId).queryKey }),
  })
}

export function useRenameProject(organizationId: string) {
  const client = useQueryClient()
  const { queryKey } = projectsQuery(organizationId)
  return useMutation({
    mutationFn: ({ id, name }: { id: string; name: string }) =>
      api(documentApi.updateProject, { params: { id }, body: { name } }),
    onMutate: ({ id, name }) =>
      client.setQueryData(queryKey, (list) => list?.map((other) => (other.id === id ? { ...other, name } : other))),
    onError: (error) => toast.error('The project was not renamed', { description: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
}
