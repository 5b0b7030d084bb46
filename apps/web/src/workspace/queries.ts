'use client'
import { documentApi, libraryApi, organizationApi, teamApi } from '@realtime/contracts'
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, isFinal } from '../api.ts'

/** The organizations one is in; the own one is created at the first call. */
export const organizationsQuery = queryOptions({
  queryKey: ['organizations'],
  queryFn: async ({ signal }) => {
    await api(organizationApi.ensurePersonal, {}, { signal })
    return (await api(organizationApi.list, {}, { signal })).organizations
  },
  staleTime: 60_000,
})

/** Organizations that have their first project, as this page knows. */
const begun = new Set<string>()

/** The projects of an organization; the first is created at the first call. */
export const projectsQuery = (organization: string) =>
  queryOptions({
    queryKey: ['projects', organization],
    queryFn: async ({ signal }) => {
      try {
        if (!begun.has(organization)) await api(documentApi.ensureFirstProject, { query: { organization } }, { signal })
        begun.add(organization)
      } catch (error) {
        // Who may only read cannot create it, but sees the projects there are.
        if (!isFinal(error)) throw error
      }
      return (await api(documentApi.projects, { query: { organization } }, { signal })).projects
    },
  })

/** Below this key are all lists of documents of an organization. */
export const listsKey = (organization: string) => ['documents', organization] as const

/** Where documents lie next to each other: at the top of a project, or below a document. */
export interface Branch {
  projectId: string
  parentId: string | null
}

/** Documents that are fetched, and shown, at once; the rest when they are asked for. */
const BRANCH_PAGE = 100

export const branchKey = (organization: string, { projectId, parentId }: Branch) =>
  [...listsKey(organization), 'branch', projectId, parentId ?? 'top'] as const

/** What lies in a place, in its order, page by page. */
export const branchQuery = (organization: string, branch: Branch) =>
  infiniteQueryOptions({
    queryKey: branchKey(organization, branch),
    queryFn: ({ pageParam, signal }) => {
      const where = branch.parentId === null ? { project: branch.projectId } : { parent: branch.parentId }
      const query = { ...where, limit: BRANCH_PAGE, ...(pageParam ? { after: pageParam } : {}) }
      return api(libraryApi.children, { query }, { signal })
    },
    initialPageParam: '',
    getNextPageParam: (last) => (last.more ? last.documents.at(-1)?.id : undefined),
  })

export const favouritesQuery = (organization: string) =>
  queryOptions({
    queryKey: [...listsKey(organization), 'favourites'],
    queryFn: async ({ signal }) =>
      (await api(libraryApi.favourites, { query: { organization } }, { signal })).documents,
  })

/** What was shared with oneself and lies in no project one sees. */
export const sharedWithMeQuery = (organization: string) =>
  queryOptions({
    queryKey: [...listsKey(organization), 'shared'],
    queryFn: async ({ signal }) =>
      (await api(libraryApi.sharedWithMe, { query: { organization } }, { signal })).documents,
  })

/** What one opened last, the newest first. */
export const recentQuery = (organization: string) =>
  queryOptions({
    queryKey: [...listsKey(organization), 'recent'],
    queryFn: async ({ signal }) => (await api(libraryApi.recent, { query: { organization } }, { signal })).documents,
  })

export const trashQuery = (organization: string) =>
  queryOptions({
    queryKey: ['trash', organization],
    queryFn: async ({ signal }) => (await api(libraryApi.trash, { query: { organization } }, { signal })).trashed,
  })

/** The documents above one, from the top. */
export const pathQuery = (id: string) =>
  queryOptions({
    queryKey: ['path', id],
    queryFn: async ({ signal }) => (await api(libraryApi.path, { params: { id } }, { signal })).documents,
  })

/** What the server finds; what was found before stays in sight while it looks. */
export const searchQuery = (organization: string, words: string) =>
  queryOptions({
    queryKey: ['search', organization, words],
    queryFn: async ({ signal }) =>
      (await api(libraryApi.search, { query: { organization, q: words, limit: 20 } }, { signal })).hits,
    staleTime: 5_000,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  })

export const INBOX_KEY = ['inbox'] as const

/** The own inbox, page by page, and how much of it was not read. */
export const inboxQuery = infiniteQueryOptions({
  queryKey: [...INBOX_KEY, 'list'],
  queryFn: ({ pageParam, signal }) =>
    api(libraryApi.notifications, { query: { limit: 30, ...(pageParam ? { before: pageParam } : {}) } }, { signal }),
  initialPageParam: '',
  getNextPageParam: (last) => (last.more ? last.notifications.at(-1)?.id : undefined),
})

/** How much of the own inbox was not read. */
export const unreadQuery = queryOptions({
  queryKey: [...INBOX_KEY, 'unread'],
  queryFn: async ({ signal }) =>
    (await api(libraryApi.notifications, { query: { unread: 'true', limit: 1 } }, { signal })).unread,
})

export const teamsQuery = (id: string) =>
  queryOptions({
    queryKey: ['teams', id],
    queryFn: async ({ signal }) => (await api(teamApi.teams, { params: { id } }, { signal })).teams,
  })

export const documentQuery = (id: string) =>
  queryOptions({
    queryKey: ['document', id],
    queryFn: ({ signal }) => api(documentApi.getDocument, { params: { id } }, { signal }),
  })

export const membersQuery = (id: string) =>
  queryOptions({
    queryKey: ['members', id],
    queryFn: async ({ signal }) => (await api(organizationApi.members, { params: { id } }, { signal })).members,
  })

export const invitationsQuery = (id: string) =>
  queryOptions({
    queryKey: ['invitations', id],
    queryFn: async ({ signal }) => (await api(organizationApi.invitations, { params: { id } }, { signal })).invitations,
  })
