import { documentApi, Problem, type ProblemKey } from '@realtime/contracts'
import { isPassing, publicApi } from '../../api.ts'
import type { ImageSource } from './images.ts'

/** What is wrong with the bytes themselves, or with having more of them. */
const REFUSALS: readonly ProblemKey[] = [
  'invalid-file',
  'plan-limit',
  'payload-too-large',
  'unsupported-media-type',
  'invalid-input',
]

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
    isRefusal: (error) => error instanceof Problem && REFUSALS.includes(error.key),
  }
}
