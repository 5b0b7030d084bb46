'use client'
import { readDeck } from '@realtime/resources'
import { Download, FileType2, Presentation } from 'lucide-react'
import { useRef, useState } from 'react'
import { toast } from 'sonner'
import type * as Y from 'yjs'
import { messageOf } from '../../../account/problems.ts'
import { api } from '../../../api.ts'
import { Button } from '../../../ui/button.tsx'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { openPrintWindow } from '../present/ways.ts'
import { filesOf } from '../view/files-of.ts'
import { imageLoader } from './images.ts'
import { deckToPptx } from './pptx.ts'
import { PPTX_TYPE } from './pptx-package.ts'

interface ExportMenuProps {
  documentId: string
  title: string
  doc: Y.Doc
  /** The name that the file gives as its author. */
  author: string
}

/** Takes a deck out: as a PowerPoint file, or as pages for PDF and paper. */
export function ExportMenu({ documentId, title, doc, author }: ExportMenuProps) {
  const [busy, setBusy] = useState(false)
  const running = useRef<AbortController | null>(null)

  const exportPptx = async () => {
    const stop = new AbortController()
    running.current = stop
    setBusy(true)
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
      download(new Blob([bytes], { type: PPTX_TYPE }), `${fileName(title)}.pptx`)
      if (missing > 0)
        toast.warning(
          missing === 1
            ? 'An image could not be fetched; a box stands in its place.'
            : `${missing} images could not be fetched; a box stands for each.`,
          { id, action: null },
        )
      else toast.success('The PowerPoint file is in your downloads.', { id, action: null })
    } catch (error) {
      if (stop.signal.aborted) toast.dismiss(id)
      else toast.error('The PowerPoint file could not be made.', { id, description: messageOf(error), action: null })
    } finally {
      running.current = null
      setBusy(false)
    }
  }

  return (
    <Menu
      align="end"
      trigger={
        <Button variant="ghost" size="icon" aria-label="Export" busy={busy} className="max-sm:size-9">
          {busy ? null : <Download aria-hidden />}
        </Button>
      }
    >
      <MenuItem onClick={() => void exportPptx()}>
        <Presentation aria-hidden />
        PowerPoint (.pptx)
      </MenuItem>
      <MenuItem
        onClick={() => {
          if (!openPrintWindow(documentId)) toast.error('The browser did not let the page for printing open.')
        }}
      >
        <FileType2 aria-hidden />
        PDF or print
      </MenuItem>
    </Menu>
  )
}

function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken the file by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** A title as a name of a file on every system. */
export function fileName(title: string): string {
  const name = title
    .replace(/[\p{Cc}<>:"/\\|?*]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\.+|\.+$/g, '')
  return [...name].slice(0, 80).join('') || 'Slides'
}
