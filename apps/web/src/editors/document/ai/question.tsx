'use client'
import { type KeyboardEvent, type Ref, useId, useState } from 'react'
import { ChoiceList } from './choice-list.tsx'
import type { Choice } from './choices.ts'
import { PromptField } from './prompt-field.tsx'
import { rowsOf } from './rows.ts'
import { panelStyle } from './style.ts'
import type { Asked } from './use-proposal.ts'

interface QuestionProps {
  selected: boolean
  written: boolean
  /** What was chosen before the panel opened. */
  choice: Choice | null
  ask(asked: Asked): void
  close(): void
  ref: Ref<HTMLTextAreaElement>
}

/** The panel before anything is asked: a field for free words, and what is asked for often. */
export function Question({ selected, written, choice, ask, close, ref }: QuestionProps) {
  const id = useId()
  const [typed, setTyped] = useState(choice?.prompt ?? '')
  const [translating, setTranslating] = useState(choice?.languages === true)
  const [chosen, setChosen] = useState(translating ? 0 : -1)
  const rows = rowsOf(
    { selected, written, translating, typed },
    {
      ask,
      begin: (prompt) => type(prompt),
      translate: (on) => {
        type('')
        setTranslating(on)
        setChosen(on ? 0 : -1)
      },
    },
  )

  function type(text: string): void {
    setTyped(text)
    setChosen(translating ? 0 : -1)
  }
  function submit(): void {
    const row = rows[chosen]
    if (row) row.run()
    else if (typed.trim() !== '') ask({ action: selected ? 'instruct' : 'write', prompt: typed.trim() })
  }
  function onKey(event: KeyboardEvent<HTMLTextAreaElement>): boolean {
    const { key } = event
    if (rows.length > 0 && (key === 'ArrowDown' || (key === 'ArrowUp' && chosen >= 0))) {
      event.preventDefault()
      // Above the first row is the field itself.
      const count = rows.length + 1
      setChosen(((chosen + 1 + (key === 'ArrowDown' ? 1 : count - 1)) % count) - 1)
      return true
    }
    if (key === 'Backspace' && typed === '') {
      event.preventDefault()
      if (translating) {
        setTranslating(false)
        setChosen(-1)
      } else close()
      return true
    }
    return false
  }

  const option = chosen >= 0 && chosen < rows.length ? `${id}-${chosen}` : undefined
  return (
    <>
      <div className={panelStyle}>
        <PromptField
          ref={ref}
          value={typed}
          onChange={type}
          onSubmit={submit}
          onKey={onKey}
          label={translating ? 'Language' : 'Ask AI'}
          placeholder={
            translating
              ? 'Translate into which language?'
              : selected
                ? 'Ask AI to change the selection…'
                : 'Ask AI to write anything…'
          }
          list={{ id, option }}
        />
      </div>
      {rows.length > 0 ? (
        <ChoiceList
          id={id}
          label={translating ? 'Languages' : 'What AI can do'}
          rows={rows}
          chosen={chosen}
          onChoose={setChosen}
        />
      ) : null}
    </>
  )
}
