'use client'
import type { PrivateCopy } from '@realtime/client'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { CopyActions } from './copy-actions.tsx'
import { copiesInWords } from './words.ts'

interface CopiesNoticeProps {
  copies: PrivateCopy[]
  onView(copy: PrivateCopy): void
}

/** Says above a document that edits of it are only here, and what can be done with them; stays until they are discarded. */
export function CopiesNotice({ copies, onView }: CopiesNoticeProps) {
  const [newest] = copies
  if (!newest) return null
  const several = copies.length > 1
  return (
    <div data-testid="private-copies" className="@container shrink-0 border-b">
      <Notice
        tone="warning"
        className="@max-2xl:flex-wrap @max-2xl:items-start items-center rounded-none px-4 md:px-6"
        actions={
          <div className="flex items-center gap-1.5 @max-2xl:w-full @max-2xl:pl-6.5">
            <Button variant="outline" size="small" className="max-md:h-9" onClick={() => onView(newest)}>
              {several ? 'View copies' : 'View copy'}
            </Button>
            {several ? null : <CopyActions alone copy={newest} />}
          </div>
        }
      >
        {copiesInWords(copies)}
      </Notice>
    </div>
  )
}
