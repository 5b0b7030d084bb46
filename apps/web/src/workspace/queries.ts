'use client'
import { documentApi, organizationApi } from '@realtime/contracts'
import { queryOptions } from '@tanstack/react-query'
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

/** The projects of an organization; the first is created at the first call. */
export const projectsQuery = (organization: string) =>
  queryOptions({
    queryKey: ['projects', organization],
    queryFn: async ({ signal }) => {
      try {
        await api(documentApi.ensureFirstProject, { query: { organization } }, { signal })
      } catch (error) {
        // Who may only read cannot create it, but sees the projects there are.
        if (!isFinal(error)) throw error
      }
      return (await api(documentApi.projects, { query: { organization } }, { signal })).projects
    },
  })

/** The resources of an organization, newest change first within each project. */
export const documentsQuery = (organization: string) =>
  queryOptions({
    queryKey: ['documents', organization],
    queryFn: async ({ signal }) =>
      (await api(documentApi.documents, { query: { organization } }, { signal })).documents,
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
