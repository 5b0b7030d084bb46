'use client'
import { libraryApi, type Resource } from '@realtime/contracts'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api } from '../api.ts'
import { recentQuery } from './queries.ts'

/** Notes that a document was opened, once for each time it is. */
export function useVisited(document: Resource | undefined): void {
  const client = useQueryClient()
  const id = document?.id
  const organization = document?.organizationId
  useEffect(() => {
    if (!id || !organization) return
    api(libraryApi.visit, { params: { id } }).then(
      () => client.invalidateQueries({ queryKey: recentQuery(organization).queryKey }),
      // A list of what was opened is not worth a word.
      () => {},
    )
  }, [client, id, organization])
}
