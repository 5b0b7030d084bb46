'use client'
import { libraryApi, type Resource } from '@realtime/contracts'
import { api } from '../api.ts'
import { useLibraryChange } from './library-change.ts'
import { changeShown } from './lists.ts'
import { favouritesQuery } from './queries.ts'

interface Starring {
  document: Resource
  favourite: boolean
}

/** Makes a document a favourite, or none. */
export function useFavourite() {
  return useLibraryChange({
    organizationOf: ({ document }: Starring) => document.organizationId,
    call: ({ document: { id }, favourite }) =>
      favourite
        ? api(libraryApi.addFavourite, { params: { id }, body: {} })
        : api(libraryApi.removeFavourite, { params: { id } }),
    show: (client, { document, favourite }) => {
      changeShown(client, document, { favourite })
      client.setQueryData(favouritesQuery(document.organizationId).queryKey, (list) => {
        const others = list?.filter((one) => one.id !== document.id)
        return favourite ? others && [...others, { ...document, favourite }] : others
      })
    },
    failed: 'The favourites were not changed',
  })
}
