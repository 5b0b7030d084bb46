'use client'
import { COMMENT_LENGTH, Problem } from '@realtime/contracts'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { messageOf } from '../account/problems.ts'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/classes.ts'
import { useApple } from '../ui/kbd.tsx'
import { MentionList } from './mention-list.tsx'
import { edited, mentioning, nothingWritten, type Person, sentOf, type Written } from './mention-text.ts'
import { useMentions } from './use-mentions.ts'
import { useWithin } from './use-within.ts'

interface ComposerProps {
  documentId: string
  /** Its accessible name. */
  label: string
  placeholder: string
  /** The word on the button that sends. */
  action: string
  initial?: Written | undefined
  /** What stands above the field, within its frame. */
  above?: ReactNode
  /** Takes the focus when it comes up, and again whenever this changes; 0 does not. */
  focus?: number
  /** Hears of everything typed, so that it can be kept. */
  onChange?(written: Written): void
  /** Sends; what was written stays where it fails. */
  onSend(text: string): Promise<unknown>
  onCancel?(): void
}

/** A field for a comment, in which people are mentioned by `@`. */
export function Composer(props: ComposerProps) {
  const { documentId, label, placeholder, action, initial, above, focus = 0, onChange, onSend, onCancel } = props
  const [written, setWritten] = useState(initial ?? nothingWritten)
  const [caret, setCaret] = useState<number | null>(null)
  const [sending, setSending] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const [chosen, setChosen] = useState(0)
  const field = useRef<HTMLTextAreaElement>(null)
  const put = useRef<number | null>(null)
  const id = useId()
  const apple = useApple()
  const { within, ...focusing } = useWithin()
  const { people, typed, dismiss } = useMentions(documentId, written, caret)
  const which = Math.min(chosen, people.length - 1)
  const text = sentOf(written).trim()
  const over = text.length - COMMENT_LENGTH

  // biome-ignore lint/correctness/useExhaustiveDependencies: as high as what it holds
  useLayoutEffect(() => {
    const element = field.current
    if (!element) return
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight}px`
    if (put.current !== null) element.setSelectionRange(put.current, put.current)
    put.current = null
  }, [written.text])
  useEffect(() => {
    const element = field.current
    if (focus === 0 || !element) return
    const take = () => {
      if (document.activeElement === element) return
      element.focus()
      element.setSelectionRange(element.value.length, element.value.length)
    }
    // At once for what is typed at once; a menu or a bubble that closes gives its own focus back a moment later.
    take()
    const timer = setTimeout(take, 30)
    return () => clearTimeout(timer)
  }, [focus])

  function write(next: Written) {
    setWritten(next)
    setError(null)
    setChosen(0)
    onChange?.(next)
  }

  function choose(person: Person) {
    if (!typed) return
    const { written: next, caret: at } = mentioning(written, typed, person)
    put.current = at
    setCaret(at)
    write(next)
    field.current?.focus()
  }

  async function send() {
    if (sending || text === '' || over > 0) return
    setSending(true)
    setError(null)
    try {
      await onSend(text)
      write(nothingWritten)
    } catch (refused) {
      setError(wordsOf(refused))
    } finally {
      setSending(false)
    }
  }

  function press(event: KeyboardEvent<HTMLTextAreaElement>) {
    // What an input method still works on is its own; 229 is Safari's word for that.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
      event.preventDefault()
      void send()
    } else if (people.length > 0 && ['ArrowDown', 'ArrowUp', 'Enter', 'Tab', 'Escape'].includes(event.key)) {
      if (event.key === 'Tab' && event.shiftKey) return
      event.preventDefault()
      const person = people[which]
      if (event.key === 'Escape') dismiss()
      else if (event.key === 'ArrowDown') setChosen((which + 1) % people.length)
      else if (event.key === 'ArrowUp') setChosen((which + people.length - 1) % people.length)
      else if (person) choose(person)
    } else if (event.key === 'Escape' && onCancel) {
      event.preventDefault()
      onCancel()
    }
  }

  const problem = over > 0 ? `${over.toLocaleString('en')} characters too many` : error
  return (
    <form
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
      {...focusing}
      className="min-w-0"
    >
      <div className="overflow-hidden rounded-md border border-field bg-background shadow-soft focus-within:border-ring focus-within:outline-2 focus-within:outline-ring/30 has-aria-invalid:border-destructive">
        {above}
        <textarea
          ref={field}
          dir="auto"
          rows={1}
          value={written.text}
          readOnly={sending}
          placeholder={placeholder}
          aria-label={label}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? `${id}-problem` : `${id}-hint`}
          aria-autocomplete="list"
          aria-controls={people.length > 0 ? `${id}-people` : undefined}
          aria-activedescendant={people.length > 0 ? `${id}-people-${which}` : undefined}
          onChange={({ currentTarget }) => {
            write(edited(written, currentTarget.value, currentTarget.selectionEnd))
            setCaret(currentTarget.selectionEnd)
          }}
          onSelect={({ currentTarget: { selectionStart, selectionEnd } }) =>
            setCaret(selectionStart === selectionEnd ? selectionEnd : null)
          }
          onBlur={() => setCaret(null)}
          onKeyDown={press}
          className="block max-h-56 min-h-9 w-full resize-none bg-transparent px-2.5 py-2 text-[13px] leading-snug outline-none placeholder:text-placeholder pointer-coarse:min-h-11 pointer-coarse:text-base"
        />
        {people.length > 0 ? (
          <MentionList id={`${id}-people`} people={people} chosen={which} onPoint={setChosen} onChoose={choose} />
        ) : null}
        <span role="status" className="sr-only">
          {people.length > 0 ? `${people.length === 1 ? '1 person' : `${people.length} people`} to mention` : ''}
        </span>
      </div>
      {problem ? (
        <p id={`${id}-problem`} role="alert" className="mt-1 break-words text-destructive text-xs">
          {problem}
        </p>
      ) : null}
      <div
        className={cn(
          'mt-1.5 flex items-center justify-end gap-1.5',
          written.text === '' && !onCancel && !within && 'hidden',
        )}
      >
        <span id={`${id}-hint`} className="min-w-0 flex-1 text-muted-foreground text-xs pointer-coarse:hidden">
          {apple ? '⌘' : 'Ctrl+'}Enter sends, Enter is a new line
        </span>
        {onCancel ? (
          <Button variant="ghost" size="small" className="pointer-coarse:h-11" onClick={onCancel}>
            Cancel
          </Button>
        ) : null}
        <Button
          type="submit"
          size="small"
          className="pointer-coarse:h-11"
          // A button that loses its pointer to the field's blur would be gone under it.
          onPointerDown={(event) => event.preventDefault()}
          disabled={text === '' || over > 0}
          busy={sending}
        >
          {action}
        </Button>
      </div>
    </form>
  )
}

/** Why something was not sent: it is still there. */
function wordsOf(error: unknown): string {
  const issue = error instanceof Problem ? error.errors?.[0]?.message : undefined
  return `Not sent. ${issue ?? messageOf(error)}`
}
