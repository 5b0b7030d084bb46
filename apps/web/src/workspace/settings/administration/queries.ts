'use client'
import { administrationApi, healthApi } from '@realtime/contracts'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, publicApi } from '../../../api.ts'

const PAGE = 30

/** How this server is set up. */
export const serverQuery = queryOptions({
  queryKey: ['administration', 'settings'],
  queryFn: ({ signal }) => api(administrationApi.settings, {}, { signal }),
})

/** The people of this server, page by page. */
export const accountsQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['administration', 'accounts', q],
    queryFn: ({ pageParam, signal }) =>
      api(
        administrationApi.accounts,
        { query: { limit: PAGE, ...(q ? { q } : {}), ...(pageParam ? { after: pageParam } : {}) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last) => (last.more ? last.accounts.at(-1)?.id : undefined),
  })

/** How each part of the platform is. */
export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => publicApi(healthApi.gateway, {}, { signal }),
  refetchInterval: 10_000,
})
