'use client'
import type { Resource } from '@realtime/contracts'
import { type ReactElement, useState } from 'react'
import { Popover } from '../../ui/popover.tsx'
import { useDecorate } from '../../workspace/changes.ts'
import { EmojiPicker } from '../../workspace/emoji/picker.tsx'

interface IconPopoverProps {
  document: Resource
  /** What opens it. */
  trigger: ReactElement
  align?: 'start' | 'end'
}

/** Chooses the icon of a document. */
export function IconPopover({ document, trigger, align = 'start' }: IconPopoverProps) {
  const [open, setOpen] = useState(false)
  const decorate = useDecorate()
  return (
    <Popover trigger={trigger} title="Icon" open={open} onOpenChange={setOpen} align={align}>
      <EmojiPicker
        chosen={document.icon}
        onChoose={(icon) => {
          setOpen(false)
          decorate.mutate({ document, icon })
        }}
      />
    </Popover>
  )
}
