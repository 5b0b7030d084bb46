'use client'
import type { Resource } from '@realtime/contracts'
import { MessageSquareText, X } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { failureOf } from '../api.ts'
import { editors } from '../editors/editors.ts'
import { focusIfLost } from '../history/focus.ts'
import { Blank } from '../ui/blank.tsx'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { NotShown } from '../workspace/not-shown.tsx'
import { Composer } from './composer.tsx'
import { keep, NEW } from './drafts.ts'
import { FilterTabs } from './filter-tabs.tsx'
import { useMinutes } from './minutes.ts'
import { type Filter, isTextGone, threadsIn } from './order.ts'
import { useCommenting } from './queries.ts'
import { ThreadCard } from './thread-card.tsx'
import { quoteStyle } from './thread-place.tsx'
import type { Comments } from './use-comments.ts'

/** Threads that are shown at once; the rest when they are asked for. */
const PAGE = 50

interface CommentsPanelProps {
  document: Resource
  comments: Comments
  onClose(): void
}

/** What people say about a document, beside it. */
export function CommentsPanel({ document, comments, onClose }: CommentsPanelProps) {
  const { query, active, draft, order, focus, drafts } = comments
  const commenting = useCommenting(document.id)
  const [filter, setFilter] = useState<Filter>('open')
  const [most, setMost] = useState(PAGE)
  const [said, setSaid] = useState('')
  const heading = useId()
  const panel = useRef<HTMLElement>(null)
  useMinutes()
  useEffect(() => {
    if (focus.on === 'panel') panel.current?.focus({ preventScroll: true })
  }, [focus])
  const picked = query.data?.threads.find((one) => one.id === active)
  const where = picked && (picked.resolvedAt === null ? 'open' : 'resolved')
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is picked is shown; a thread one resolves may leave
  useEffect(() => {
    if (where) setFilter(where)
  }, [active, picked === undefined])
  const failure = failureOf(query)
  const all = threadsIn(query.data?.threads ?? [], filter, order)
  const shown = all.slice(0, Math.max(most, all.findIndex((one) => one.id === active) + 1))
  const whole = `the whole ${editors[document.kind].label}`
  const missing = active !== null && query.data !== undefined && !query.isFetching && !picked

  return (
    <aside
      ref={panel}
      tabIndex={-1}
      aria-labelledby={heading}
      data-testid="comments"
      className="flex w-80 shrink-0 flex-col border-l bg-sidebar outline-none max-md:h-[52%] max-md:w-full max-md:border-t max-md:border-l-0"
      onKeyDown={(event) => {
        // A menu or a dialog of the panel hears its own Escape.
        const own = event.currentTarget.contains(event.target as Node)
        if (event.key === 'Escape' && !event.defaultPrevented && own) onClose()
      }}
    >
      <div className="flex h-11 shrink-0 items-center gap-1 pr-2 pl-4 pointer-coarse:h-12">
        <h2 id={heading} className="truncate font-medium text-[13px]">
          Comments
        </h2>
        <FilterTabs filter={filter} onChange={setFilter} />
        <Button
          variant="ghost"
          size="icon"
          aria-label="Close comments"
          className="size-7 pointer-coarse:size-11"
          onClick={onClose}
        >
          <X />
        </Button>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-3 pt-0.5 pb-4">
        {missing ? (
          <p role="status" className="mb-2 rounded-md bg-muted px-3 py-2 text-[13px] text-muted-foreground">
            This thread does not exist any more.
          </p>
        ) : null}
        {failure ? (
          <NotShown what="The comments" error={failure} retry={() => void query.refetch()} narrow />
        ) : !query.data ? (
          <div className="grid gap-2">
            {['a', 'b'].map((key) => (
              <Skeleton key={key} className="h-20" />
            ))}
          </div>
        ) : shown.length === 0 ? (
          <Blank
            icon={MessageSquareText}
            title={filter === 'open' ? 'No open comments' : 'Nothing resolved yet'}
            className="py-8 text-[13px] max-md:py-4"
          >
            {filter === 'resolved'
              ? 'A thread that is settled waits here, in case it comes up again.'
              : document.kind === 'document'
                ? 'Select a piece of the text to comment on it, or say below what concerns all of it.'
                : 'Say below what you think of it.'}
          </Blank>
        ) : (
          <ul className="grid grid-cols-1 gap-2">
            {shown.map((thread) => (
              <li key={thread.id}>
                <ThreadCard
                  thread={thread}
                  whole={whole}
                  pictures={query.data?.pictures ?? {}}
                  active={thread.id === active}
                  textGone={isTextGone(thread, order)}
                  commenting={commenting}
                  drafts={drafts}
                  onActive={() => comments.setActive(thread.id)}
                  onReveal={() => comments.reveal(thread.id)}
                  onLeft={() => {
                    comments.setActive((now) => (now === thread.id ? null : now))
                    focusIfLost(panel)
                  }}
                  onSaid={setSaid}
                />
              </li>
            ))}
          </ul>
        )}
        {all.length > shown.length ? (
          <Button
            variant="ghost"
            size="small"
            className="mt-2 w-full pointer-coarse:h-11"
            onClick={() => setMost(shown.length + PAGE)}
          >
            Show {Math.min(PAGE, all.length - shown.length)} more
          </Button>
        ) : null}
      </div>
      <div className="shrink-0 border-t p-3">
        <Composer
          documentId={document.id}
          label={draft ? 'Comment on the text' : `Comment on ${whole}`}
          placeholder={draft ? 'Comment on this text' : `Comment on ${whole}`}
          action="Comment"
          initial={drafts.written.get(NEW)}
          focus={focus.on === 'field' ? focus.times : 0}
          onChange={(written) => keep(drafts, NEW, written)}
          onSend={async (text) => {
            const thread = await commenting.begin.mutateAsync({ text, anchor: draft })
            // Meanwhile one may have gone on to something else.
            comments.setDraft((now) => (now === draft ? null : now))
            comments.setActive((now) => (now === active ? thread.id : now))
            setFilter('open')
            setSaid('Comment sent')
          }}
          above={
            draft ? (
              <div className="flex items-start gap-1 border-b bg-muted py-1.5 pr-1 pl-2.5">
                <span dir="auto" data-testid="draft-quote" className={`${quoteStyle} min-w-0 flex-1`}>
                  {draft.quote}
                </span>
                <Button
                  variant="ghost"
                  size="iconSmall"
                  aria-label={`Comment on ${whole} instead`}
                  className="pointer-coarse:size-11"
                  onClick={() => comments.setDraft(null)}
                >
                  <X />
                </Button>
              </div>
            ) : null
          }
        />
      </div>
      <span role="status" className="sr-only">
        {said}
      </span>
    </aside>
  )
}
