import { ArrowLeft, CornerDownLeft, Languages } from 'lucide-react'
import type { Row } from './choice-list.tsx'
import { type Choice, languages, onPlace, onSelection } from './choices.ts'
import type { Asked } from './use-proposal.ts'

interface Question {
  /** Whether there is a selection to work on. */
  selected: boolean
  /** Whether the document has any text, to continue or to sum up. */
  written: boolean
  /** Whether a language is being chosen. */
  translating: boolean
  typed: string
}

interface Answers {
  ask(asked: Asked): void
  /** Puts the beginning of a request into the field. */
  begin(prompt: string): void
  translate(on: boolean): void
}

/** The rows to choose from, those first that the typed text finds; a request in free words is no row. */
export function rowsOf(question: Question, answers: Answers): Row[] {
  return question.translating ? languageRows(question.typed, answers) : choiceRows(question, answers)
}

function choiceRows({ selected, written, typed }: Question, { ask, begin, translate }: Answers): Row[] {
  const text = typed.trim().toLowerCase()
  const offered = (selected ? onSelection : onPlace).filter((choice) => written || choice.prompt)
  return offered
    .filter((choice) => `${choice.title} ${choice.words}`.toLowerCase().includes(text))
    .map((choice) => ({
      key: choice.title,
      title: choice.prompt ? `${choice.title}…` : choice.title,
      icon: choice.icon,
      ...(choice.languages ? { more: true } : {}),
      run: () => {
        if (choice.languages) translate(true)
        else if (choice.prompt) begin(choice.prompt)
        else ask({ action: choice.action })
      },
    }))
}

function languageRows(typed: string, { ask, translate }: Answers): Row[] {
  const text = typed.trim()
  const found = languages.filter(({ name, own }) => `${name} ${own}`.toLowerCase().includes(text.toLowerCase()))
  const rows: Row[] = found.map(({ name, own }) => ({
    key: name,
    title: name,
    ...(own === name ? {} : { detail: own }),
    icon: Languages,
    run: () => ask({ action: 'translate', language: name }),
  }))
  const exact = found.some(({ name, own }) => [name, own].some((one) => one.toLowerCase() === text.toLowerCase()))
  if (text !== '' && !exact) {
    const language = text.slice(0, 60)
    rows.push({
      key: 'typed',
      title: `Translate into “${language}”`,
      icon: CornerDownLeft,
      run: () => ask({ action: 'translate', language }),
    })
  }
  return [...rows, { key: 'back', title: 'Back', icon: ArrowLeft, run: () => translate(false) }]
}

/** What to ask at once for a choice that was made before the panel opened; null when it needs a word first. */
export function askedOf(choice: Choice | null): Asked | null {
  return choice && !choice.languages && !choice.prompt ? { action: choice.action } : null
}
