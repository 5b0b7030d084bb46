'use client'
import { documentApi, type Kind, kinds, libraryApi, type Resource } from '@realtime/contracts'
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { toast } from 'sonner'
import { messageOf } from '../account/problems.ts'
import { api, isFinal } from '../api.ts'
import { useLibraryChange } from './library-change.ts'
import { changeShown, hide, put } from './lists.ts'
import { type Branch, documentQuery, listsKey } from './queries.ts'
import { nameOf } from './titles.ts'

interface NewDocument {
  projectId: string
  parentId?: string | null
  kind?: Kind
}

/** Creates a resource and opens it. */
export function useCreateDocument() {
  const client = useQueryClient()
  const router = useRouter()
  return useMutation({
    mutationFn: ({ projectId, parentId = null, kind = kinds[0] }: NewDocument) =>
      api(documentApi.createDocument, { body: { projectId, parentId, kind } }),
    onSuccess: (created) => {
      client.setQueryData(documentQuery(created.id).queryKey, created)
      put(client, created, created, undefined)
      void client.invalidateQueries({ queryKey: listsKey(created.organizationId) })
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
      await client.cancelQueries({ queryKey: listsKey(document.organizationId) })
      await client.cancelQueries({ queryKey: documentQuery(document.id).queryKey })
      changeShown(client, document, { title })
    },
    onSuccess: (saved) => {
      if (client.isMutating({ mutationKey: RENAME }) <= 1) changeShown(client, saved, saved)
    },
    onError: (error, { document }) => {
      changeShown(client, document, { title: document.title })
      toast.error('The title was not saved', { description: messageOf(error) })
    },
  })
}

/** Changes icon or cover: at once, and back when the server refuses. */
export function useDecorate() {
  return useLibraryChange({
    organizationOf: ({ document }: { document: Resource } & Decoration) => document.organizationId,
    call: ({ document, ...body }) => api(documentApi.updateDocument, { params: { id: document.id }, body }),
    show: (client, { document, ...change }) => changeShown(client, document, change),
    failed: 'The look of this document was not changed',
  })
}
type Decoration = Partial<Pick<Resource, 'icon' | 'cover'>>

/** Moves a resource to the trash: gone at once, back when the server refuses, or when it was not meant. */
export function useDeleteDocument() {
  const restore = useRestoreDocument()
  return useLibraryChange({
    organizationOf: (document: Resource) => document.organizationId,
    call: (document) => api(documentApi.deleteDocument, { params: { id: document.id } }),
    show: hide,
    done: (client, document) => {
      client.removeQueries({ queryKey: documentQuery(document.id).queryKey })
      toast('Moved to the trash', {
        description: nameOf(document),
        action: { label: 'Undo', onClick: () => restore.mutate(document) },
      })
    },
    failed: 'The document was not moved to the trash',
  })
}

/** Takes a document out of the trash. */
export function useRestoreDocument() {
  return useLibraryChange({
    organizationOf: (document: Resource) => document.organizationId,
    call: (document) => api(libraryApi.restoreDocument, { params: { id: document.id } }),
    show: (client, document) =>
      client.setQueryData<Resource[]>(['trash', document.organizationId], (list) =>
        list?.filter((one) => one.id !== document.id),
      ),
    done: (client, _document, restored: Resource) => client.setQueryData(documentQuery(restored.id).queryKey, restored),
    failed: 'The document was not restored',
  })
}

export interface Move {
  document: Resource
  to: Branch
  /** The sibling it comes behind; null for the first place, left out for the last. */
  after?: string | null | undefined
}

/** Puts a document somewhere else: at once, and back when the server refuses. Moves are made one after the other. */
export function useMoveDocument() {
  return useLibraryChange({
    organizationOf: ({ document }: Move) => document.organizationId,
    call: ({ document, to, after }) =>
      api(libraryApi.move, {
        params: { id: document.id },
        body: { projectId: to.projectId, parentId: to.parentId, ...(after === undefined ? {} : { after }) },
      }),
    show: (client, { document, to, after }) => put(client, document, to, after),
    done: (client, _move, moved) => {
      changeShown(client, moved, moved)
      void client.invalidateQueries({ queryKey: ['path'] })
      void client.invalidateQueries({ queryKey: ['shares'] })
    },
    failed: 'The document was not moved',
  })
}

/** Makes a copy beside a document. */
export function useDuplicate() {
  const router = useRouter()
  return useLibraryChange({
    organizationOf: (document: Resource) => document.organizationId,
    call: (document) => api(libraryApi.duplicate, { params: { id: document.id }, body: {} }),
    show: () => {},
    done: (client: QueryClient, document, copy: Resource) => {
      put(client, copy, copy, document.id)
      toast('Duplicated', {
        description: nameOf(copy),
        action: { label: 'Open', onClick: () => router.push(`/d/${copy.id}`) },
      })
    },
    failed: 'The document was not duplicated',
  })
}
