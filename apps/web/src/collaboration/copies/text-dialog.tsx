'use client'
import { useRef } from 'react'
import { Dialog } from '../../ui/dialog.tsx'

/** A text to select and copy by hand, where the browser does not let a page copy. */
export function TextDialog({ text, onClose }: { text: string | null; onClose(): void }) {
  const area = useRef<HTMLTextAreaElement>(null)
  return (
    <Dialog
      open={text !== null}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title="Copy the text"
      description="This browser does not let the page copy for you. Select the text and copy it."
      className="max-w-xl"
    >
      <textarea
        ref={area}
        readOnly
        dir="auto"
        aria-label="The text of the private copy"
        value={text ?? ''}
        onFocus={() => area.current?.select()}
        className="block h-64 w-full resize-none rounded-md border border-input bg-background p-3 text-[13px] leading-relaxed outline-none"
      />
    </Dialog>
  )
}
