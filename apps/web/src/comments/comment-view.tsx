'use client'
import { type Comment, colorOf, personIn } from '@realtime/contracts'
import { Ellipsis, Link2, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { agoOf } from '../workspace/time.ts'
import { Composer } from './composer.tsx'
import { type Drafts, keep } from './drafts.ts'
import { calledOf, partsOf, writtenOf } from './mention-text.ts'
import { VisitorWord } from './visitor-word.tsx'

interface CommentViewProps {
  documentId: string
  comment: Comment
  picture: string | null
  drafts: Drafts
  onEdit(text: string): Promise<unknown>
  onDelete(): void
  onCopyLink(): void
}

/** What somebody said, with what may be done with it. */
export function CommentView(props: CommentViewProps) {
  const { documentId, comment, picture, drafts, onEdit, onDelete, onCopyLink } = props
  const { id, by, text, mentions, at, editedAt, mayEdit, mayDelete } = comment
  const name = calledOf(by)
  const before = drafts.written.get(id)
  const [editing, setEditing] = useState(before !== undefined)
  const [focus, setFocus] = useState(0)

  function edit() {
    // It is kept from now on, before anything was typed too.
    if (!editing) keep(drafts, id, writtenOf(text, mentions))
    setEditing(true)
    setFocus((times) => times + 1)
  }

  function end() {
    drafts.written.delete(id)
    setEditing(false)
  }
  return (
    <div data-testid="comment" className="group/comment min-w-0">
      <div className="flex min-h-6 items-center gap-2">
        <Avatar name={name} image={picture} color={colorOf(personIn(by.id) ?? by.id)} className="size-6 text-[10px]" />
        <p className="flex min-w-0 flex-1 items-baseline gap-1.5">
          <bdi className="truncate font-medium text-[13px]">{name}</bdi>
          <VisitorWord id={by.id} />
          <span className="shrink-0 text-muted-foreground text-xs">
            <time dateTime={at} title={new Date(at).toLocaleString()}>
              {agoOf(at)}
            </time>
            {editedAt ? <span title={new Date(editedAt).toLocaleString()}> · edited</span> : null}
          </span>
        </p>
        <Menu
          align="end"
          className="min-w-36"
          trigger={
            <Button
              variant="ghost"
              size="iconSmall"
              aria-label={`Options of the comment by ${name}`}
              className="opacity-0 focus-visible:opacity-100 group-focus-within/comment:opacity-100 group-hover/comment:opacity-100 data-popup-open:opacity-100 pointer-coarse:size-11 pointer-coarse:opacity-100"
            >
              <Ellipsis />
            </Button>
          }
        >
          {mayEdit ? (
            <MenuItem onClick={edit}>
              <Pencil />
              Edit
            </MenuItem>
          ) : null}
          <MenuItem onClick={onCopyLink}>
            <Link2 />
            Copy link
          </MenuItem>
          {mayDelete ? (
            <MenuItem destructive onClick={onDelete}>
              <Trash2 />
              Delete
            </MenuItem>
          ) : null}
        </Menu>
      </div>
      {editing ? (
        <div className="mt-1.5">
          <Composer
            documentId={documentId}
            label="Edit comment"
            placeholder="Say something"
            action="Save"
            initial={before ?? writtenOf(text, mentions)}
            focus={focus}
            onChange={(written) => keep(drafts, id, written)}
            onSend={async (next) => {
              if (next !== text) await onEdit(next)
              end()
            }}
            onCancel={end}
          />
        </div>
      ) : (
        <p dir="auto" className="mt-0.5 whitespace-pre-wrap text-[13px] leading-relaxed [overflow-wrap:anywhere]">
          {partsOf(text, mentions).map((part, index) =>
            typeof part === 'string' ? (
              part
            ) : (
              <bdi
                // biome-ignore lint/suspicious/noArrayIndexKey: a text that changes is drawn anew
                key={index}
                data-testid="mention"
                className="rounded bg-primary-soft px-0.5 font-medium text-primary-text"
              >
                @{part.name}
              </bdi>
            ),
          )}
        </p>
      )}
    </div>
  )
}
