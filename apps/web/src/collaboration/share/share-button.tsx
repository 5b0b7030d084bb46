'use client'
import type { Resource } from '@realtime/contracts'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { ShareDialog } from './share-dialog.tsx'

/** Opens the share dialog of a document. */
export function ShareButton({ document }: { document: Resource }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        size="small"
        className="@max-xl:size-8 @max-xl:px-0"
        aria-label="Share"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <UserPlus aria-hidden />
        <span className="@max-xl:hidden">Share</span>
      </Button>
      <ShareDialog document={document} open={open} onOpenChange={setOpen} />
    </>
  )
}
