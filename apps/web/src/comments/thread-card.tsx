'use client'
import type { Comment, Thread } from '@realtime/contracts'
import { Check, RotateCcw } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { toast } from 'sonner'
import { messageOf } from '../account/problems.ts'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/classes.ts'
import { copyText } from '../ui/clipboard.ts'
import { Confirm } from '../ui/dialog.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { CommentView } from './comment-view.tsx'
import { Composer } from './composer.tsx'
import { type Drafts, keep } from './drafts.ts'
import { calledOf } from './mention-text.ts'
import type { Commenting } from './queries.ts'
import { ThreadPlace } from './thread-place.tsx'
import { VisitorWord } from './visitor-word.tsx'

interface ThreadCardProps {
  thread: Thread
  /** What it is about where it belongs to no text, in words. */
  whole: string
  /** Of those who wrote, by their id. */
  pictures: Readonly<Record<string, string>>
  active: boolean
  textGone: boolean
  commenting: Commenting
  drafts: Drafts
  /** Somebody looks at it. */
  onActive(): void
  /** Somebody wants to see where it belongs. */
  onReveal(): void
  /** It is in this list no more. */
  onLeft(): void
  /** Something was done that is not seen where the focus is. */
  onSaid(words: string): void
}

/** From how many comments on a thread is shown in part. */
const LONG = 6

/** A thread: where it belongs, what was said in it, and a field for an answer. */
export function ThreadCard(props: ThreadCardProps) {
  const { thread, whole, pictures, active, textGone, commenting, drafts, onActive, onReveal, onLeft, onSaid } = props
  const { id, documentId, anchor, comments, resolvedAt, resolvedBy } = thread
  const [answering, setAnswering] = useState(0)
  const [resolving, setResolving] = useState(false)
  const [deleting, setDeleting] = useState(false)
  const card = useRef<HTMLElement>(null)
  const named = useId()
  const resolved = resolvedAt !== null
  // Of a long talk that nobody looks at the beginning and the end, unless something in it is being edited.
  const whollyShown = active || comments.length <= LONG || comments.some((one) => drafts.written.has(one.id))
  const left = whollyShown ? 0 : comments.length - 3
  useEffect(() => {
    if (active) card.current?.scrollIntoView({ block: 'nearest' })
  }, [active])

  // What a mutation is told with a call it tells of its latest call only, and all threads have one.
  async function remove(comment: Comment) {
    try {
      await commenting.remove.mutateAsync({ thread: id, comment: comment.id })
      onSaid('Comment deleted')
      if (comment === comments[0]) onLeft()
    } catch (error) {
      toast.error('The comment was not deleted', { description: messageOf(error) })
    }
  }

  async function resolve() {
    setResolving(true)
    try {
      await commenting.resolve.mutateAsync({ thread: id, resolved: !resolved })
      onSaid(resolved ? 'Thread opened again' : 'Thread resolved')
      onLeft()
    } catch (error) {
      toast.error('The thread was not changed', { description: messageOf(error) })
    } finally {
      setResolving(false)
    }
  }

  async function copyLink() {
    const link = new URL(location.href)
    link.searchParams.set('thread', id)
    if (await copyText(link.href)) toast('Link copied')
    else toast.error('The browser did not allow copying')
  }

  const Toggle = resolved ? RotateCcw : Check
  return (
    <article
      ref={card}
      aria-labelledby={named}
      aria-current={active || undefined}
      data-testid="thread"
      data-thread={id}
      onClick={onActive}
      // What a pointer is pressed on must not change before it is let go, which is a click.
      onFocus={({ target }) => !isField(target) && target.matches(':focus-visible') && onActive()}
      onKeyUp={({ target }) => isField(target) && onActive()}
      className={cn(
        'grid grid-cols-1 gap-2.5 rounded-lg border bg-background p-3 shadow-soft transition-[border-color,box-shadow]',
        active && 'border-ring ring-1 ring-ring',
      )}
    >
      <div className="flex min-w-0 items-start gap-1">
        <div className="min-w-0 flex-1">
          <span id={named} className="sr-only">
            Thread by {comments[0] ? calledOf(comments[0].by) : ''}
          </span>
          <ThreadPlace anchor={anchor} whole={whole} gone={textGone} onReveal={onReveal} />
        </div>
        <Tooltip content={resolved ? 'Open again' : 'Resolve'}>
          <Button
            variant="ghost"
            size="iconSmall"
            aria-label={resolved ? 'Open the thread again' : 'Resolve the thread'}
            busy={resolving}
            className="-mt-0.5 pointer-coarse:size-11"
            onClick={(event) => {
              event.stopPropagation()
              void resolve()
            }}
          >
            {resolving ? null : <Toggle />}
          </Button>
        </Tooltip>
      </div>
      {comments.map((comment, index) =>
        index === 1 && left > 0 ? (
          <Button
            key="left"
            variant="ghost"
            size="small"
            className="-ml-1 justify-self-start px-1.5 text-xs pointer-coarse:h-11"
            onClick={onActive}
          >
            {left} more answers
          </Button>
        ) : index > 1 && index <= left ? null : (
          <CommentView
            key={comment.id}
            documentId={documentId}
            comment={comment}
            picture={pictures[comment.by.id] ?? null}
            drafts={drafts}
            onEdit={(text) => commenting.edit.mutateAsync({ thread: id, comment: comment.id, text })}
            onDelete={() => (index === 0 ? setDeleting(true) : void remove(comment))}
            onCopyLink={() => void copyLink()}
          />
        ),
      )}
      {resolvedBy ? (
        <p className="text-muted-foreground text-xs [overflow-wrap:anywhere]">
          Resolved by <bdi>{calledOf(resolvedBy)}</bdi> <VisitorWord id={resolvedBy.id} />
        </p>
      ) : null}
      {active || answering > 0 || drafts.written.has(id) ? (
        <Composer
          documentId={documentId}
          label="Answer"
          placeholder={resolved ? 'Answer, and open it again' : 'Answer'}
          action="Answer"
          initial={drafts.written.get(id)}
          focus={answering}
          onChange={(written) => keep(drafts, id, written)}
          onSend={async (text) => {
            await commenting.answer.mutateAsync({ thread: id, text })
            onSaid('Answer sent')
          }}
        />
      ) : (
        <Button
          variant="ghost"
          size="small"
          className="-ml-1 justify-self-start px-1.5 text-xs pointer-coarse:h-11"
          onClick={() => setAnswering((times) => times + 1)}
        >
          Answer
        </Button>
      )}
      <Confirm
        open={deleting}
        onOpenChange={setDeleting}
        title="Delete this thread?"
        description={
          comments.length > 1
            ? 'With its first comment the whole thread goes, with all answers. This cannot be undone.'
            : 'It is the only comment of its thread. This cannot be undone.'
        }
        action="Delete"
        onConfirm={() => comments[0] && void remove(comments[0])}
      />
    </article>
  )
}

/** Whether something shows its focus however it came there. */
function isField(target: EventTarget): boolean {
  return target instanceof HTMLTextAreaElement
}
