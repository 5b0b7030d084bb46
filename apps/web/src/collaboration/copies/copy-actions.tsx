'use client'
import type { PrivateCopy } from '@realtime/client'
import { Copy, Download, Ellipsis, FilePlus2, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import { editors } from '../../editors/editors.ts'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/classes.ts'
import { copyText } from '../../ui/clipboard.ts'
import { Confirm } from '../../ui/dialog.tsx'
import { Menu, MenuGroup, MenuItem, MenuSeparator } from '../../ui/menu.tsx'
import { useWorkspace } from '../../workspace/workspace.tsx'
import { readAbout } from './about.ts'
import { textOf } from './content.ts'
import { downloadCopy, filesOf } from './downloads.ts'
import { useDiscard } from './queries.ts'
import { useSaveAsNew } from './save-as-new.ts'
import { TextDialog } from './text-dialog.tsx'

interface CopyActionsProps {
  copy: PrivateCopy
  /** Whether little else is beside them, so that a button fits in a narrow bar, too. */
  alone?: boolean
  /** After it was discarded. */
  onDiscarded?(): void
}

/** What can be done with a private copy: a button where there is room, and a menu with everything. */
export function CopyActions({ copy, alone = false, onDiscarded }: CopyActionsProps) {
  const { me } = useWorkspace()
  const { offer, busy } = useSaveAsNew()
  const discard = useDiscard(me.id)
  const [text, setText] = useState<string | null>(null)
  const [asking, setAsking] = useState(false)
  const save = offer(copy)
  const about = readAbout(copy.about)
  const saveWords = `Save as new ${about ? editors[about.kind].label : ''}`

  async function copyOut(): Promise<void> {
    const found = textOf(copy)
    if (found.trim() === '') toast('There is no text in this copy')
    else if (await copyText(found)) toast('The text is copied')
    else setText(found)
  }

  return (
    <>
      {save ? (
        <Button
          variant="outline"
          size="small"
          busy={busy}
          onClick={save}
          className={cn('max-md:h-9', !alone && '@max-2xl:hidden')}
        >
          {saveWords}
        </Button>
      ) : null}
      <Menu
        align="end"
        className="min-w-56"
        trigger={
          <Button
            variant="ghost"
            size="icon"
            busy={busy}
            aria-label="More actions for this copy"
            className="size-7 max-md:size-9"
          >
            {busy ? null : <Ellipsis />}
          </Button>
        }
      >
        <MenuItem onClick={() => void copyOut()}>
          <Copy aria-hidden />
          Copy the text
        </MenuItem>
        {save ? (
          <MenuItem disabled={busy} onClick={save}>
            <FilePlus2 aria-hidden />
            {saveWords}
          </MenuItem>
        ) : null}
        <MenuSeparator />
        <MenuGroup label="Download">
          {filesOf(copy).map((file) => (
            <MenuItem key={file.extension} onClick={() => void downloadCopy(copy, file)}>
              <Download aria-hidden />
              {file.label}
            </MenuItem>
          ))}
        </MenuGroup>
        <MenuSeparator />
        <MenuItem destructive onClick={() => setAsking(true)}>
          <Trash2 aria-hidden />
          Discard…
        </MenuItem>
      </Menu>
      <TextDialog text={text} onClose={() => setText(null)} />
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title="Discard the private copy?"
        description={`${copy.count === 1 ? 'The change' : `The ${copy.count} changes`} in it could not be saved anywhere else. This cannot be undone.`}
        action="Discard"
        onConfirm={() => discard.mutate(copy, { onSuccess: () => onDiscarded?.() })}
      />
    </>
  )
}
