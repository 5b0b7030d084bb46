import { billingApi } from '@realtime/contracts'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../api.ts'

/** Plan, subscription, limits and usage of an organization. */
export const billingQuery = (id: string) =>
  queryOptions({
    queryKey: ['billing', id],
    queryFn: ({ signal }) => api(billingApi.overview, { params: { id } }, { signal }),
  })
