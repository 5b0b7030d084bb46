import { readDeck } from '@realtime/resources'
import type * as Y from 'yjs'
import { publicApi } from '../../../api.ts'
import type { FileSource } from '../../editors.ts'
import { filesOf } from '../view/files-of.ts'
import { imageLoader } from './images.ts'
import { deckToPptx } from './pptx.ts'
import { PPTX_TYPE } from './pptx-package.ts'

/** A deck as a PowerPoint file; a box stands in the place of an image that cannot be fetched. */
export async function pptxFile({ doc, documentId, title }: FileSource): Promise<Blob> {
  const deck = readDeck(doc)
  const { signal } = new AbortController()
  const slides = deck.slides.filter((slide) => !slide.hidden)
  const image = await imageLoader(documentId, filesOf(slides), publicApi, signal).catch(() => async () => null)
  const { bytes } = await deckToPptx(deck, { title, author: '', image, signal, onProgress: () => {} })
  return new Blob([bytes], { type: PPTX_TYPE })
}

/** The files that a deck shows. */
export function imagesIn(doc: Y.Doc): string[] {
  return filesOf(readDeck(doc).slides)
}
