'use client'
import { libraryApi, type Resource } from '@realtime/contracts'
import { api } from '../api.ts'
import { type After, withMoved } from './favourite-order.ts'
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

interface FavouriteMove {
  document: Resource
  after: After
}

/** Puts a favourite behind another one. */
export function useMoveFavourite() {
  return useLibraryChange({
    organizationOf: ({ document }: FavouriteMove) => document.organizationId,
    call: ({ document: { id }, after }) => api(libraryApi.addFavourite, { params: { id }, body: { after } }),
    show: (client, { document, after }) =>
      client.setQueryData(favouritesQuery(document.organizationId).queryKey, (list) =>
        list ? withMoved(list, document.id, after) : list,
      ),
    failed: 'The favourite was not moved',
  })
}
