'use client'
import type { ShareLink } from '@realtime/contracts'
import { Link2, Link2Off, Pencil, Plus } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import { Button } from '../../ui/button.tsx'
import { copyText } from '../../ui/clipboard.ts'
import { Confirm } from '../../ui/dialog.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { LinkForm } from './link-form.tsx'
import { useRevokeLink } from './queries.ts'
import { levelWords, linkInWords, whyOver } from './words.ts'

/** The links of a document: making, copying, changing and revoking them. */
export function Links({ documentId, links }: { documentId: string; links: readonly ShareLink[] }) {
  /** The link that is changed, or 'new'. */
  const [editing, setEditing] = useState<string | null>(null)
  return (
    <div className="grid grid-cols-1 gap-1.5">
      {links.length > 0 ? (
        <ul className="grid grid-cols-1 gap-1.5">
          {links.map((link) => (
            <li key={link.id} data-testid="share-link">
              {editing === link.id ? (
                <LinkForm documentId={documentId} link={link} onDone={() => setEditing(null)} />
              ) : (
                <LinkRow documentId={documentId} link={link} onEdit={() => setEditing(link.id)} />
              )}
            </li>
          ))}
        </ul>
      ) : null}
      {editing === 'new' ? (
        <LinkForm documentId={documentId} link={null} onDone={() => setEditing(null)} />
      ) : (
        <Button
          variant="ghost"
          size="small"
          className="-ml-2 justify-self-start max-sm:h-10"
          onClick={() => setEditing('new')}
        >
          <Plus aria-hidden />
          {links.length > 0 ? 'Another link' : 'Create a link'}
        </Button>
      )}
    </div>
  )
}

function LinkRow({ documentId, link, onEdit }: { documentId: string; link: ShareLink; onEdit(): void }) {
  const revoke = useRevokeLink(documentId)
  const [asking, setAsking] = useState(false)
  const over = whyOver(link)
  async function copy() {
    if (await copyText(link.url)) toast('The link is copied')
    else toast('Copying is not possible here', { description: link.url })
  }
  return (
    <div className="flex min-h-9 items-center gap-2.5 max-sm:flex-wrap">
      <span
        aria-hidden
        className="grid size-8 shrink-0 place-items-center rounded-full bg-accent text-muted-foreground"
      >
        {over ? <Link2Off className="size-4" /> : <Link2 className="size-4" />}
      </span>
      <span className="min-w-0 flex-1 max-sm:basis-3/4">
        <span className="block break-words">Whoever has the link {levelWords[link.level].label.toLowerCase()}</span>
        <span className={`block text-xs ${over ? 'text-warning' : 'text-muted-foreground'}`}>{linkInWords(link)}</span>
      </span>
      <Button variant="outline" size="small" onClick={() => void copy()} className="max-sm:ml-10 max-sm:h-10">
        Copy link
      </Button>
      <Tooltip content="Change">
        <Button variant="ghost" size="icon" aria-label="Change link" className="size-7 max-sm:size-10" onClick={onEdit}>
          <Pencil />
        </Button>
      </Tooltip>
      <Tooltip content="Revoke">
        <Button
          variant="ghost"
          size="icon"
          aria-label="Revoke link"
          busy={revoke.isPending}
          className="size-7 max-sm:size-10"
          onClick={() => setAsking(true)}
        >
          <Link2Off />
        </Button>
      </Tooltip>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title="Revoke this link?"
        description="Whoever is in by it is out at once, and it never works again. What they wrote stays."
        action="Revoke"
        onConfirm={() => revoke.mutate(link)}
      />
    </div>
  )
}
