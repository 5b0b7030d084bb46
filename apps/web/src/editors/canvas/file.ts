import { fileId } from '@realtime/contracts'
import { bindCanvas, type SceneElement } from '@realtime/resources'
import type * as Y from 'yjs'
import type { FileSource } from '../editors.ts'
import { drawingOf, type StageImage } from './excalidraw.tsx'
import { imageSource } from './source.ts'

/** A canvas as a drawing; images that cannot be fetched are left out. */
export async function svgFile({ doc, documentId }: FileSource): Promise<Blob> {
  return drawingOf(visibleIn(doc), await imagesOf(documentId, imagesIn(doc)))
}

/** The files that a canvas shows. */
export function imagesIn(doc: Y.Doc): string[] {
  const files = visibleIn(doc).map(({ type, fileId }) => (type === 'image' ? fileId : null))
  return [...new Set(files.filter((file) => fileId.safeParse(file).success))] as string[]
}

/** What is on a canvas, as a scene has it. */
function visibleIn(doc: Y.Doc): SceneElement[] {
  let shown: readonly SceneElement[] = []
  const scene = {
    elements: () => shown,
    drawing: () => null,
    busy: () => new Set<string>(),
    show: (elements: SceneElement[]) => {
      shown = elements
    },
  }
  bindCanvas({ doc, scene, editable: false }).destroy()
  return shown.filter((element) => !element.isDeleted)
}

async function imagesOf(documentId: string, files: string[]): Promise<StageImage[]> {
  if (files.length === 0) return []
  const source = imageSource(documentId)
  const links = await source.links(files).catch(() => [])
  const images = links.map(async ({ file, url, type }) => {
    const blob = await source.fetch(url).catch(() => null)
    return blob ? [{ id: file, type, dataUrl: await dataUrlOf(blob) }] : []
  })
  return (await Promise.all(images)).flat()
}

function dataUrlOf(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(blob)
  })
}
