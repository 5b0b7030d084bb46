'use client'
import { type Grantee, type Level, type Share, type ShareLink, sharingApi } from '@realtime/contracts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import { messageOf } from '../../account/problems.ts'
import { api } from '../../api.ts'
import { documentQuery } from '../../workspace/queries.ts'

/** Whom a document is shared with, and by which links. */
export const sharesQuery = (id: string) =>
  queryOptions({
    queryKey: ['shares', id],
    queryFn: ({ signal }) => api(sharingApi.shares, { params: { id } }, { signal }),
    // How many came by a link is no news: it is asked for whenever one looks.
    staleTime: 0,
  })

export const projectSharesQuery = (id: string) =>
  queryOptions({
    queryKey: ['project-shares', id],
    queryFn: async ({ signal }) => (await api(sharingApi.projectShares, { params: { id } }, { signal })).shares,
  })

/** What is shared: its name in addresses says which of the two it is. */
export interface Shared {
  type: 'document' | 'project'
  id: string
}

/** Why somebody may see something; oneself without `user`. */
export const explainQuery = ({ type, id }: Shared, user: string | undefined) =>
  queryOptions({
    queryKey: [type === 'document' ? 'shares' : 'project-shares', id, 'why', user ?? null],
    queryFn: ({ signal }) =>
      api(
        type === 'document' ? sharingApi.explain : sharingApi.explainProject,
        { params: { id }, query: user ? { user } : {} },
        { signal },
      ),
  })

function useShared({ type, id }: Shared) {
  const client = useQueryClient()
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: [type === 'document' ? 'shares' : 'project-shares', id] }),
      type === 'document' ? client.invalidateQueries({ queryKey: documentQuery(id).queryKey }) : null,
    ])
}

/** Gives somebody a level, or another one. */
export function useShare(shared: Shared) {
  const settled = useShared(shared)
  return useMutation({
    mutationFn: (body: { grantee: Grantee; level: Level }) =>
      api(shared.type === 'document' ? sharingApi.share : sharingApi.shareProject, { params: { id: shared.id }, body }),
    onError: (error) => toast.error('It was not shared', { description: messageOf(error) }),
    onSettled: settled,
  })
}

/** Takes back what somebody was given here. */
export function useUnshare(shared: Shared) {
  const settled = useShared(shared)
  return useMutation({
    mutationFn: (share: Share) =>
      api(shared.type === 'document' ? sharingApi.unshare : sharingApi.unshareProject, {
        params: { id: shared.id, shareId: share.id },
      }),
    onError: (error) => toast.error('The access was not taken back', { description: messageOf(error) }),
    onSettled: settled,
  })
}

/** What a link gives, and its limits; what is left out stays as it is. */
export interface LinkTerms {
  level: ShareLink['level']
  password?: string | null | undefined
  expiresAt?: string | null | undefined
  maxUses: number | null
}

export function useSaveLink(documentId: string, link: ShareLink | null) {
  const settled = useShared({ type: 'document', id: documentId })
  return useMutation({
    mutationFn: ({ level, password, expiresAt, maxUses }: LinkTerms) => {
      const body = {
        level,
        maxUses,
        ...(password === undefined ? {} : { password }),
        ...(expiresAt === undefined ? {} : { expiresAt }),
      }
      return link
        ? api(sharingApi.updateLink, { params: { id: documentId, linkId: link.id }, body })
        : api(sharingApi.createLink, { params: { id: documentId }, body })
    },
    onSettled: settled,
  })
}

export function useRevokeLink(documentId: string) {
  const settled = useShared({ type: 'document', id: documentId })
  return useMutation({
    mutationFn: (link: ShareLink) => api(sharingApi.revokeLink, { params: { id: documentId, linkId: link.id } }),
    onSuccess: () => toast('The link is revoked', { description: 'Whoever was in by it is out.' }),
    onError: (error) => toast.error('The link was not revoked', { description: messageOf(error) }),
    onSettled: settled,
  })
}
