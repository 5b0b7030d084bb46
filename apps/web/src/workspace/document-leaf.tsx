'use client'
import type { Resource } from '@realtime/contracts'
import { Ellipsis, Pencil, Trash2 } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { editors } from '../editors/editors.ts'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/classes.ts'
import { Confirm } from '../ui/dialog.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { useDeleteDocument, useRenameDocument } from './changes.ts'
import { InlineInput } from './inline-input.tsx'
import { rowActions, rowStyle } from './rows.ts'

/** A document in the sidebar. */
export function DocumentLeaf({ document, active }: { document: Resource; active: boolean }) {
  const router = useRouter()
  const [renaming, setRenaming] = useState(false)
  const [deleting, setDeleting] = useState(false)
  const rename = useRenameDocument()
  const remove = useDeleteDocument()
  const { icon: Icon, untitled } = editors[document.kind]
  const title = document.title || untitled

  if (renaming)
    return (
      <li className="pl-4">
        <InlineInput
          label={`New title of ${title}`}
          initial={document.title}
          placeholder={untitled}
          maxLength={300}
          onDone={(next) => {
            setRenaming(false)
            if (next) rename.mutate({ document, title: next })
          }}
        />
      </li>
    )
  return (
    <li className="group/row relative">
      <Link
        href={`/d/${document.id}`}
        prefetch={false}
        title={title.length > 26 ? title : undefined}
        aria-current={active ? 'page' : undefined}
        className={cn(rowStyle, 'pl-6', document.permission === 'write' && 'group-hover/row:pr-9 pointer-coarse:pr-11')}
      >
        <Icon aria-hidden className="text-faint" strokeWidth={1.75} />
        <span dir="auto" className={cn('truncate', !document.title && 'text-muted-foreground')}>
          {title}
        </span>
      </Link>
      {document.permission === 'write' ? (
        <div className={rowActions}>
          <Menu
            trigger={
              <Button variant="ghost" size="iconSmall" aria-label={`Options of ${title}`} className="max-md:size-9">
                <Ellipsis />
              </Button>
            }
          >
            <MenuItem onClick={() => setRenaming(true)}>
              <Pencil />
              Rename
            </MenuItem>
            <MenuItem destructive onClick={() => setDeleting(true)}>
              <Trash2 />
              Move to trash
            </MenuItem>
          </Menu>
        </div>
      ) : null}
      <Confirm
        open={deleting}
        onOpenChange={setDeleting}
        title={`Move “${title}” to the trash?`}
        description="It disappears for everyone who can open it."
        action="Move to trash"
        onConfirm={() => {
          remove.mutate(document)
          if (active) router.push('/home')
        }}
      />
    </li>
  )
}
