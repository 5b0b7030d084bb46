'use client'
import type { Editor } from '@tiptap/core'
import { ArrowDownToLine, Check, Copy, RotateCcw, Square, Trash2, X } from 'lucide-react'
import Link from 'next/link'
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useMemo, useRef, useState } from 'react'
import { Button, buttonStyle } from '../../../ui/button.tsx'
import { copyText } from '../../../ui/clipboard.ts'
import { Kbd } from '../../../ui/kbd.tsx'
import { Notice } from '../../../ui/notice.tsx'
import type { Where } from './accept.ts'
import { readAnswer } from './answer.ts'
import { AnswerView } from './answer-view.tsx'
import { whereOf } from './choices.ts'
import { PromptField } from './prompt-field.tsx'
import { panelStyle } from './style.ts'
import type { Proposal } from './use-proposal.ts'
import { troubleOf } from './words.ts'

interface ResultProps {
  editor: Editor
  proposal: Proposal
  /** Whether the document can be written into now. */
  editable: boolean
  /** Whether others changed the text that was asked about. */
  changed: boolean
  stop(): void
  again(): void
  follow(prompt: string): void
  take(where: Where): void
  discard(): void
  ref: Ref<HTMLTextAreaElement>
}

/** An answer while it is written and after: what there is of it, and what one may do with it. */
export function Result({ editor, proposal, editable, changed, stop, again, follow, take, discard, ref }: ResultProps) {
  const { phase, text, ending, asked, anchor, failed } = proposal
  const writing = phase === 'writing'
  const answer = useMemo(() => readAnswer(editor, text), [editor, text])
  const [edited, setEdited] = useState<string | null>(null)
  const trouble = ending ? troubleOf(ending, !failed) : null
  // What was asked in vain is asked again in other words.
  const typed = edited ?? (failed ? (asked?.prompt ?? '') : '')
  const selected = anchor.slice.size > 0
  // What others wrote into the text since is theirs: the safe way is the first to take then.
  const usual: Where = selected ? whereOf(asked?.action ?? 'write') : 'in-place'
  const first: Where = selected && changed ? 'below' : usual
  // Each stays in its place: nothing changes under a finger.
  const ways: Where[] = selected ? [usual, usual === 'below' ? 'in-place' : 'below'] : ['in-place']

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || writing || !answer || !editable) return
    event.preventDefault()
    take(first)
  }

  return (
    <div className={panelStyle} onKeyDownCapture={onKeyDown}>
      {answer ? (
        <Scrolled follow={text}>
          <section className="content ai-answer" aria-busy={writing} aria-label="Answer of AI">
            <AnswerView answer={answer} />
          </section>
        </Scrolled>
      ) : null}
      <p role="status" className="sr-only">
        {writing ? 'AI is writing' : trouble ? '' : 'The answer is complete'}
      </p>
      {trouble ? (
        <Notice
          tone={trouble.tone}
          className="mx-2 mt-2 items-center"
          actions={
            trouble.link ? (
              <Link href={trouble.link.href} className={buttonStyle({ variant: 'outline', size: 'small' })}>
                {trouble.link.label}
              </Link>
            ) : null
          }
        >
          {trouble.text}
        </Notice>
      ) : null}
      {changed && answer && !writing ? (
        <Notice tone="info" className="mx-2 mt-2">
          Somebody changed this text meanwhile. Whatever you choose, what they wrote stays.
        </Notice>
      ) : null}
      {writing ? (
        <div className="flex h-12 items-center gap-2.5 px-3 text-[13px] text-muted-foreground">
          <span aria-hidden className="ai-dots flex gap-1">
            <span className="size-1.5 rounded-full bg-primary" />
            <span className="size-1.5 rounded-full bg-primary" />
            <span className="size-1.5 rounded-full bg-primary" />
          </span>
          <span className="flex-1">{answer ? 'Writing…' : 'Thinking…'}</span>
          <Button variant="outline" size="small" className="max-sm:h-9" autoFocus onClick={stop}>
            <Square className="size-3! fill-current" />
            Stop
            <span className="max-sm:hidden">
              <Kbd keys="Esc" />
            </span>
          </Button>
        </div>
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-1.5 px-2 pt-2">
            {answer
              ? ways.map((where) => (
                  <Button
                    key={where}
                    size="small"
                    variant={where === first ? 'primary' : 'outline'}
                    className="max-sm:h-10"
                    disabled={!editable}
                    title={where === first ? 'Ctrl or ⌘ with Enter' : undefined}
                    onClick={() => take(where)}
                  >
                    {where === 'below' ? <ArrowDownToLine /> : <Check />}
                    {where === 'below' ? 'Insert below' : selected ? 'Replace selection' : 'Insert'}
                  </Button>
                ))
              : null}
            {trouble && !trouble.again ? null : (
              <Button
                size="small"
                variant={answer ? 'ghost' : 'primary'}
                className="max-sm:h-10"
                autoFocus={!answer}
                onClick={again}
              >
                <RotateCcw />
                Try again
              </Button>
            )}
            {answer ? <CopyAnswer text={text} /> : null}
            <Button size="small" variant="ghost" className="max-sm:h-10" onClick={discard}>
              {answer ? <Trash2 /> : <X />}
              {answer ? 'Discard' : 'Close'}
            </Button>
          </div>
          {answer || asked?.prompt ? (
            <div className="mt-2 border-t">
              <PromptField
                ref={ref}
                value={typed}
                onChange={setEdited}
                onSubmit={() => {
                  if (typed.trim() === '') return
                  follow(typed.trim())
                  setEdited(null)
                }}
                label={answer ? 'Tell AI what to change' : 'Ask AI'}
                placeholder={answer ? 'Tell AI what to change…' : 'Say it in other words…'}
              />
            </div>
          ) : (
            <div className="h-2" />
          )}
        </>
      )}
    </div>
  )
}

/** Keeps the newest words in sight until one scrolls away from them. */
function Scrolled({ follow, children }: { follow: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const away = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each new piece of the text
  useEffect(() => {
    if (!away.current && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [follow])
  return (
    <div
      ref={box}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
      tabIndex={0}
      className="max-h-[min(26rem,48dvh)] overflow-y-auto rounded-t-xl border-b px-4 py-3.5 outline-offset-[-2px]"
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        away.current = scrollTop + clientHeight < scrollHeight - 24
      }}
    >
      {children}
    </div>
  )
}

function CopyAnswer({ text }: { text: string }) {
  const [copied, setCopied] = useState(false)
  return (
    <Button
      size="small"
      variant="ghost"
      className="max-sm:h-10"
      onClick={async () => setCopied(await copyText(text.trim()))}
    >
      {copied ? <Check /> : <Copy />}
      <span className="max-sm:sr-only">{copied ? 'Copied' : 'Copy'}</span>
    </Button>
  )
}
