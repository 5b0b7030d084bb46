import type { Area, Deck, DeckElement, Slide, Theme } from '@realtime/resources'
import type { Editor } from '@tiptap/core'
import { createContext, type RefObject, use } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import type { Images } from '../view/file-links.ts'

/** How the writing of a text begins. */
export interface WritingStart {
  /** Where the caret goes, in pixels of the window; else to the end. */
  at?: { x: number; y: number }
  /** Everything is selected. */
  all?: boolean
  /** Done with the editor as soon as it is there. */
  first?: (editor: Editor) => void
}

/** What the parts of the deck's editor share: what is shown and selected, and how to change it. */
export interface Studio {
  doc: Y.Doc
  documentId: string
  awareness: Awareness
  editable: boolean
  deck: Deck
  theme: Theme
  images: Images
  /** The slide on the stage; null in an empty deck. */
  slide: Slide | null
  /** The slides selected in the list, the one on the stage among them. */
  slides: string[]
  /** The elements selected, from back to front. */
  selected: DeckElement[]
  /** The element whose text is being written, with how it began. */
  writing: { id: string; start: WritingStart } | null
  /** The stage, to give it the focus. */
  stage: RefObject<HTMLDivElement | null>
  /** The editor of the text being written. */
  editor: Editor | null
  setEditor(editor: Editor | null): void
  /** Puts a slide on the stage; `slides` are those selected with it. */
  show(slide: string, slides?: string[]): void
  select(elements: readonly string[]): void
  write(element: string, start?: WritingStart): void
  /** Ends the writing, and keeps the element selected. */
  leave(): void
  /** Does something as one step that can be undone; nothing while the deck cannot be edited. */
  change<T>(work: () => T): T | undefined
  undo(): void
  redo(): void
  /** Stores pictures and puts them on the slide, the first in the middle of `area`, in logical pixels, and no larger. */
  addImages(files: readonly File[], area?: Area): void
}

export const StudioContext = createContext<Studio | null>(null)

/** @throws Error outside of a deck's editor */
export function useStudio(): Studio {
  const studio = use(StudioContext)
  if (!studio) throw new Error('There is no deck here')
  return studio
}
