'use client'
import { keyApi } from '@realtime/contracts'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../../api.ts'

/** The own API keys. */
export const keysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal }) => api(keyApi.keys, {}, { signal }).then((answer) => answer.keys),
})
