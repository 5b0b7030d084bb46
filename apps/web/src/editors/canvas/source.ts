import { documentApi } from '@realtime/contracts'
import { isPassing, publicApi } from '../../api.ts'
import type { ImageSource } from './images.ts'

/** The files of a resource, on the server. */
export function imageSource(documentId: string): ImageSource {
  const params = { id: documentId }
  return {
    store: async (bytes) => (await publicApi(documentApi.uploadImage, { params, body: bytes })).id,
    links: async (files) => (await publicApi(documentApi.fileLinks, { params, body: { files } })).links,
    async fetch(url) {
      const response = await fetch(url)
      if (!response.ok) throw new Error(`${response.status}`)
      return response.blob()
    },
    isPassing,
  }
}
