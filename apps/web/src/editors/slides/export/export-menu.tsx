'use client'
import { readDeck } from '@realtime/resources'
import { Download, FileType2, Presentation } from 'lucide-react'
import { toast } from 'sonner'
import type * as Y from 'yjs'
import { messageOf } from '../../../account/problems.ts'
import { api } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { download, fileNameOf } from '../../../ui/download.ts'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { useVisit } from '../../../visiting/visit-context.ts'
import { openPrintWindow } from '../present/ways.ts'
import { filesOf } from '../view/files-of.ts'
import { imageLoader } from './images.ts'
import { deckToPptx } from './pptx.ts'
import { PPTX_TYPE } from './pptx-package.ts'

interface ExportProps {
  documentId: string
  title: string
  doc: Y.Doc
  /** The name that the file gives as its author. */
  author: string
}

/** Takes a deck out: as a PowerPoint file, or as pages for PDF and paper. */
export function ExportMenu(props: ExportProps) {
  return (
    <Menu
      align="end"
      trigger={
        <Button variant="ghost" size="icon" aria-label="Export" className="max-sm:hidden">
          <Download aria-hidden />
        </Button>
      }
    >
      <ExportItems {...props} />
    </Menu>
  )
}

/** The items of `ExportMenu`, for another menu. */
export function ExportItems(props: ExportProps) {
  const visit = useVisit()
  return (
    <>
      <MenuItem onClick={() => void exportPptx(props)}>
        <Presentation aria-hidden />
        PowerPoint (.pptx)
      </MenuItem>
      {/* The page for printing is for people of the organization. */}
      {visit ? null : (
        <MenuItem
          onClick={() => {
            if (!openPrintWindow(props.documentId)) toast.error('The browser did not let the page for printing open.')
          }}
        >
          <FileType2 aria-hidden />
          PDF or print
        </MenuItem>
      )}
    </>
  )
}

/** Makes the file and hands it to the browser; a toast says how far it is, and calls it off. */
async function exportPptx({ documentId, title, doc, author }: ExportProps): Promise<void> {
  const stop = new AbortController()
  const id = toast.loading('Making the PowerPoint file…', {
    action: { label: 'Cancel', onClick: () => stop.abort() },
  })
  try {
    const deck = readDeck(doc)
    const slides = deck.slides.filter((slide) => !slide.hidden)
    const image = await imageLoader(documentId, filesOf(slides), api, stop.signal)
    const { bytes, missing } = await deckToPptx(deck, {
      title,
      author,
      image,
      signal: stop.signal,
      onProgress: (done, all) => {
        toast.loading(`Making the PowerPoint file: slide ${done} of ${all}`, { id })
      },
    })
    download(new Blob([bytes], { type: PPTX_TYPE }), fileNameOf(title, 'pptx', 'Slides'))
    if (missing === 0) toast.success('The PowerPoint file is in your downloads.', { id, action: null })
    else
      toast.warning('The PowerPoint file is in your downloads.', {
        id,
        action: null,
        description:
          missing === 1
            ? 'An image could not be fetched; a box stands in its place.'
            : `${missing} images could not be fetched; a box stands in the place of each.`,
      })
  } catch (error) {
    if (stop.signal.aborted) toast.dismiss(id)
    else toast.error('The PowerPoint file could not be made.', { id, description: messageOf(error), action: null })
  }
}
