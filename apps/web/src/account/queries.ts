'use client'
import { authApi, type Problem, type Session, securityApi, type User } from '@realtime/contracts'
import { queryOptions } from '@tanstack/react-query'
import { api, isUnauthenticated, publicApi } from '../api.ts'

/** The person signed in; on a 401 the page goes to sign-in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api(authApi.session, {}, { signal }),
  staleTime: 5 * 60_000,
})

/** The person signed in, or null; for pages that anyone may open. */
export const visitorQuery = queryOptions<{ user: User; session: Session } | null, Problem>({
  queryKey: ['visitor'],
  queryFn: async ({ signal }) => {
    try {
      return await publicApi(authApi.session, {}, { signal })
    } catch (error) {
      if (isUnauthenticated(error)) return null
      throw error
    }
  },
  gcTime: 0,
})

/** Whether the server is set up, and who may sign up. */
export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => publicApi(authApi.status, {}, { signal }),
})

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) => api(authApi.sessions, {}, { signal }).then((answer) => answer.sessions),
})

export const outboxQuery = queryOptions({
  queryKey: ['outbox'],
  queryFn: ({ signal }) => api(authApi.outbox, {}, { signal }).then((answer) => answer.mails),
})

/** Ways to sign in besides a password, and whether this server sends mails. */
export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: ({ signal }) => publicApi(securityApi.providers, {}, { signal }),
  staleTime: 5 * 60_000,
})

/** How the own account is secured. */
export const securityQuery = queryOptions({
  queryKey: ['security'],
  queryFn: ({ signal }) => api(securityApi.security, {}, { signal }),
})

export const securityEventsQuery = queryOptions({
  queryKey: ['security', 'events'],
  queryFn: ({ signal }) => api(securityApi.securityEvents, {}, { signal }).then((answer) => answer.events),
})
