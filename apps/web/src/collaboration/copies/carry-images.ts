import { fileApi } from '@realtime/contracts'
import { api } from '../../api.ts'

/** Most files in one question; the contract's limit. */
const BATCH = 200

/** Stores files of one document for another, where their bytes can still be had. @returns how many could not be taken */
export async function carryImages(files: string[], from: string, to: string): Promise<number> {
  let carried = 0
  for (let at = 0; at < files.length; at += BATCH) {
    const body = { files: files.slice(at, at + BATCH) }
    const { links } = await api(fileApi.fileLinks, { params: { id: from }, body }).catch(() => ({ links: [] }))
    for (const { url } of links) {
      try {
        const response = await fetch(url)
        if (!response.ok) continue
        // The same bytes have the same id: what is written of them holds.
        const bytes = new Uint8Array(await response.arrayBuffer())
        await api(fileApi.uploadImage, { params: { id: to }, body: bytes })
        carried++
      } catch {
        // Counted as missing.
      }
    }
  }
  return files.length - carried
}
