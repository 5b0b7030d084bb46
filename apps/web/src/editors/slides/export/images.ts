import { fileApi } from '@realtime/contracts'
import type { Api } from '../../../api.ts'

/** What office programs of all ages show. */
const KNOWN = ['image/png', 'image/jpeg', 'image/gif']
/** Longest side of an image that has to be drawn anew, in pixels. */
const MOST = 4_096
/** Most files in one question; the contract's limit. */
const BATCH = 200

/** Fetches the images of a deck. @returns a function that tells a file as a data URL, or null where there is none */
export async function imageLoader(
  documentId: string,
  files: string[],
  api: Api,
  signal: AbortSignal,
): Promise<(file: string) => Promise<string | null>> {
  const urls = new Map<string, string>()
  for (let at = 0; at < files.length; at += BATCH) {
    const body = { files: files.slice(at, at + BATCH) }
    const { links } = await api(fileApi.fileLinks, { params: { id: documentId }, body }, { signal })
    for (const link of links) urls.set(link.file, link.url)
  }
  return async (file) => {
    const url = urls.get(file)
    if (!url) return null
    const response = await fetch(url, { signal })
    if (!response.ok) return null
    const blob = await response.blob()
    const known = KNOWN.some((type) => blob.type.startsWith(type))
    return dataUrl(known ? blob : await redrawn(blob))
  }
}

/** Any image that the browser shows, as PNG. */
async function redrawn(blob: Blob): Promise<Blob> {
  const address = URL.createObjectURL(blob)
  try {
    const image = new Image()
    image.src = address
    await image.decode()
    // A drawing may have no size of its own.
    const [width, height] = [image.naturalWidth || 1_024, image.naturalHeight || 1_024]
    const scale = Math.min(1, MOST / Math.max(width, height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(width * scale))
    canvas.height = Math.max(1, Math.round(height * scale))
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise((resolve, reject) =>
      canvas.toBlob((png) => (png ? resolve(png) : reject(new Error('The image cannot be drawn.'))), 'image/png'),
    )
  } finally {
    URL.revokeObjectURL(address)
  }
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error ?? new Error('The image cannot be read.'))
    reader.readAsDataURL(blob)
  })
}
