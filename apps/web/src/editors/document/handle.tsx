'use client'
import type { Editor } from '@tiptap/core'
import { DragHandle } from '@tiptap/extension-drag-handle-react'
import { GripVertical } from 'lucide-react'
import { useRef } from 'react'

const HEIGHT = 24

/** The grip beside the block under the pointer, level with its first line. */
export function Handle({ editor }: { editor: Editor }) {
  const at = useRef(-1)
  return (
    <DragHandle
      editor={editor}
      className="drag-handle"
      onNodeChange={({ pos }) => {
        at.current = pos
      }}
      getReferencedVirtualElement={() => {
        const block = at.current < 0 ? null : editor.view.nodeDOM(at.current)
        return block instanceof HTMLElement ? { getBoundingClientRect: () => besideOf(block) } : null
      }}
    >
      <span className="grid h-6 w-5 place-items-center rounded-[5px] text-faint hover:bg-accent hover:text-muted-foreground">
        <GripVertical aria-hidden className="size-4" />
      </span>
    </DragHandle>
  )
}

/** A box as high as the grip around the middle of a block's first line. */
function besideOf(block: HTMLElement): DOMRect {
  const { left, width } = block.getBoundingClientRect()
  const texts = 'p, h1, h2, h3, pre'
  const text = block.matches(texts) ? block : block.querySelector(texts)
  const box = (text ?? block).getBoundingClientRect()
  if (!text) return new DOMRect(left, box.top + box.height / 2 - HEIGHT / 2, width, HEIGHT)
  const style = getComputedStyle(text)
  const first = box.top + Number.parseFloat(style.borderTopWidth) + Number.parseFloat(style.paddingTop)
  return new DOMRect(left, first + Number.parseFloat(style.lineHeight) / 2 - HEIGHT / 2, width, HEIGHT)
}
