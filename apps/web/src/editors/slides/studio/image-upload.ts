import { fileApi, MAX_FILE_BYTES, Problem } from '@realtime/contracts'
import { type Area, addElements } from '@realtime/resources'
import { useCallback } from 'react'
import { toast } from 'sonner'
import type * as Y from 'yjs'
import { messageOf } from '../../../account/problems.ts'
import { api } from '../../../api.ts'
import { asStep } from './undo.ts'

interface Target {
  doc: Y.Doc
  documentId: string
  slide: string | null
  editable: boolean
  select(elements: readonly string[]): void
}

/** What a picture takes of the stage at most, unless told. */
const MIDDLE: Area = { x: 120, y: 70, width: 720, height: 400 }

/** Stores pictures and puts them on the slide on which they were given. */
export function useImageUpload({ doc, documentId, slide, editable, select }: Target) {
  return useCallback(
    (files: readonly File[], area = MIDDLE) => {
      if (!editable || slide === null) return
      const images = files.filter((file) => file.type.startsWith('image/') || file.type === '')
      if (images.length < files.length) toast.error('Only pictures can be put on slides')
      images.forEach((file, index) => {
        const shifted = { ...area, x: area.x + index * 24, y: area.y + index * 24 }
        void upload(doc, documentId, slide, file, shifted).then((id) => (id ? select([id]) : undefined))
      })
    },
    [doc, documentId, slide, editable, select],
  )
}

/** @returns the id of the new element, or null when the picture could not be stored */
async function upload(doc: Y.Doc, documentId: string, slide: string, file: File, area: Area): Promise<string | null> {
  if (file.size > MAX_FILE_BYTES) {
    toast.error(`${nameOf(file)} is larger than 25 MB`)
    return null
  }
  const told = toast.loading(`Uploading ${nameOf(file)}`)
  try {
    const bytes = new Uint8Array(await file.arrayBuffer())
    const stored = await api(fileApi.uploadImage, { params: { id: documentId }, body: bytes })
    toast.dismiss(told)
    const box = fitted(stored.width ?? 480, stored.height ?? 320, area)
    return asStep(doc, () => addElements(doc, slide, [{ type: 'image', file: stored.id, alt: '', ...box }]))[0] ?? null
  } catch (error) {
    toast.error(`${nameOf(file)} could not be stored`, { id: told, description: messageOf(error) })
    return null
  }
}

/**
 * Stores pictures of one resource for another one too: a picture's name is what it shows, so it stays the same.
 * What cannot be read there is left out, and said.
 */
export async function bringImages(from: string, to: string, files: readonly string[]): Promise<void> {
  try {
    const { links } = await api(fileApi.fileLinks, { params: { id: from }, body: { files: [...new Set(files)] } })
    for (const { url } of links) {
      const response = await fetch(url)
      if (!response.ok) throw new Problem('not-found')
      const body = new Uint8Array(await response.arrayBuffer())
      await api(fileApi.uploadImage, { params: { id: to }, body })
    }
  } catch (error) {
    toast.error('A picture could not be brought along', { description: messageOf(error) })
  }
}

/** The size of a picture in the middle of an area, no larger than either. */
function fitted(width: number, height: number, area: Area): Area {
  const scale = Math.min(area.width / width, area.height / height, 1)
  const size = { width: Math.max(8, Math.round(width * scale)), height: Math.max(8, Math.round(height * scale)) }
  return {
    x: Math.round(area.x + (area.width - size.width) / 2),
    y: Math.round(area.y + (area.height - size.height) / 2),
    ...size,
  }
}

function nameOf(file: File): string {
  return file.name.length > 40 ? `${file.name.slice(0, 37)}…` : file.name || 'The picture'
}
