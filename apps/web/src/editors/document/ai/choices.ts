import type { AiAction } from '@realtime/contracts'
import {
  AlignLeft,
  Languages,
  Lightbulb,
  ListChecks,
  ListTree,
  type LucideIcon,
  PenLine,
  Shrink,
  Sparkles,
  Text,
  WandSparkles,
} from 'lucide-react'
import type { Where } from './accept.ts'

/** Something that AI is asked to do without many words. */
export interface Choice {
  title: string
  /** What else it is found by. */
  words: string
  icon: LucideIcon
  action: AiAction
  /** Begins a request that the person completes. */
  prompt?: string
  /** Asks for a language first. */
  languages?: boolean
}

export const onSelection: Choice[] = [
  { title: 'Improve writing', words: 'better fix grammar spelling rewrite', icon: WandSparkles, action: 'improve' },
  { title: 'Make shorter', words: 'shorten brief concise', icon: Shrink, action: 'shorten' },
  { title: 'Summarise', words: 'summary summarize sum up', icon: AlignLeft, action: 'summarise' },
  { title: 'Translate', words: 'language', icon: Languages, action: 'translate', languages: true },
]

export const onPlace: Choice[] = [
  { title: 'Continue writing', words: 'more go on next', icon: PenLine, action: 'continue' },
  { title: 'Summarise the document', words: 'summary summarize', icon: Text, action: 'summarise' },
  {
    title: 'Brainstorm ideas',
    words: 'think',
    icon: Lightbulb,
    action: 'write',
    prompt: 'Brainstorm ideas for ',
  },
  { title: 'Write an outline', words: 'structure', icon: ListTree, action: 'write', prompt: 'Write an outline of ' },
  { title: 'Make a to-do list', words: 'tasks', icon: ListChecks, action: 'write', prompt: 'Make a to-do list for ' },
]

/** What the slash menu offers of it. */
export const inSlashMenu: (Pick<Choice, 'title' | 'words' | 'icon'> & { choice: Choice | null })[] = [
  { title: 'Ask AI…', words: 'write generate assistant', icon: Sparkles, choice: null },
  ...onPlace.slice(0, 2).map((choice) => ({ ...choice, words: `${choice.words} ai`, choice })),
]

/** Languages that are offered; any other can be typed. The English name is what is asked for. */
export const languages: { name: string; own: string }[] = [
  { name: 'English', own: 'English' },
  { name: 'German', own: 'Deutsch' },
  { name: 'French', own: 'Français' },
  { name: 'Spanish', own: 'Español' },
  { name: 'Italian', own: 'Italiano' },
  { name: 'Portuguese', own: 'Português' },
  { name: 'Dutch', own: 'Nederlands' },
  { name: 'Polish', own: 'Polski' },
  { name: 'Ukrainian', own: 'Українська' },
  { name: 'Turkish', own: 'Türkçe' },
  { name: 'Arabic', own: 'العربية' },
  { name: 'Hindi', own: 'हिन्दी' },
  { name: 'Chinese', own: '中文' },
  { name: 'Japanese', own: '日本語' },
  { name: 'Korean', own: '한국어' },
]

/** Where an answer goes when it is accepted without a further word. */
export function whereOf(action: AiAction): Where {
  return action === 'summarise' ? 'below' : 'in-place'
}
