import { bindCanvas, type SceneElement } from '@realtime/resources'
import type { FileSource } from '../editors.ts'
import { drawingOf, type StageImage } from './excalidraw.tsx'
import { imageSource } from './source.ts'

/** A canvas as a drawing; images that cannot be fetched are left out. */
export async function svgFile({ doc, documentId }: FileSource): Promise<Blob> {
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
  const visible = shown.filter((element) => !element.isDeleted)
  const files = visible.flatMap(({ type, fileId }) => (type === 'image' && typeof fileId === 'string' ? [fileId] : []))
  return drawingOf(visible, await imagesOf(documentId, [...new Set(files)]))
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
