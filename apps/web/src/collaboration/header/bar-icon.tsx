'use client'
import type { Resource } from '@realtime/contracts'
import { editors } from '../../editors/editors.ts'
import { Button } from '../../ui/button.tsx'
import { DocumentIcon } from '../../workspace/document-icon.tsx'
import { IconPopover } from './icon-popover.tsx'

/** The icon before the title in the bar; where the title is edited there, the icon is changed there, too. */
export function BarIcon({ document }: { document: Resource }) {
  if (editors[document.kind].layout === 'page' || document.permission === 'read')
    return document.icon ? <DocumentIcon document={document} /> : null
  return (
    <IconPopover
      document={document}
      trigger={
        <Button variant="ghost" size="iconSmall" aria-label="Change icon" className="max-md:size-8">
          <DocumentIcon document={document} />
        </Button>
      }
    />
  )
}
