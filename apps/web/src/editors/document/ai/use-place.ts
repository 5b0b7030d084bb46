'use client'
import type { Editor } from '@tiptap/core'
import { type RefObject, useLayoutEffect, useState } from 'react'
import type { Range } from '../positions.ts'
import { type Anchor, isChanged, placeOf } from './anchor.ts'
import { showTarget } from './ask-ai.ts'

export interface Place {
  /** From the top of `frame`, in pixels. */
  top: number
  /** Whether others changed the text that was asked about. */
  changed: boolean
  /** Whether the block is gone. */
  gone: boolean
}

/** Follows an anchored place while others write: where the panel stands, and what the text shows as meant. */
export function usePlace(editor: Editor, anchor: Anchor, frame: RefObject<HTMLElement | null>): Place {
  const [place, setPlace] = useState<Place>({ top: 0, changed: false, gone: false })
  useLayoutEffect(() => {
    const follow = () => {
      if (editor.isDestroyed || !frame.current) return
      const range = placeOf(editor.state, anchor)
      showTarget(editor, range)
      const top = topOf(editor, range) - frame.current.getBoundingClientRect().top
      const changed = anchor.slice.size > 0 && isChanged(editor.state, anchor)
      const next = { top: Math.round(top), changed, gone: range === null }
      setPlace((now) => (now.top === next.top && now.changed === next.changed && now.gone === next.gone ? now : next))
    }
    follow()
    editor.on('transaction', follow)
    const sizes = new ResizeObserver(follow)
    sizes.observe(editor.view.dom)
    return () => {
      editor.off('transaction', follow)
      sizes.disconnect()
    }
  }, [editor, anchor, frame])
  useLayoutEffect(
    () => () => {
      if (!editor.isDestroyed) showTarget(editor, null)
    },
    [editor],
  )
  return place
}

/** On an empty line, its top; else below the last line of the range. */
function topOf(editor: Editor, range: Range | null): number {
  const { view } = editor
  const bottom = view.dom.getBoundingClientRect().bottom
  if (!range) return bottom
  try {
    const { parent } = view.state.doc.resolve(range.to)
    const box = view.coordsAtPos(range.to, range.from < range.to ? -1 : 1)
    return parent.isTextblock && parent.content.size === 0 ? box.top - 8 : box.bottom + 8
  } catch {
    return bottom
  }
}
