'use client'
import type { Anchor, Thread } from '@realtime/contracts'
import { createContext, use } from 'react'

/** A text that threads belong to, as its editor lets the page work with it. */
export interface CommentedText {
  /** What is selected; null for nothing. */
  selection(): Anchor | null
  /** Scrolls to the text of a thread. */
  reveal(thread: string): void
}

/** What editors know of the comments on their document. */
export interface CommentsOfText {
  threads: readonly Thread[]
  /** The thread that is looked at. */
  active: string | null
  /** The text about which somebody is writing the first comment. */
  draft: Anchor | null
  /** Begins a thread, about a text or about all of it. */
  begin(anchor: Anchor | null): void
  /** Shows a thread in the panel. */
  pick(thread: string): void
  /** Tells whose text there is, in the order of the text; null where that is not known. */
  setOrder(order: readonly string[] | null): void
  setText(text: CommentedText | null): void
}

/** Around the editor of a document; null for whoever may not comment. */
export const CommentsContext = createContext<CommentsOfText | null>(null)

/** The comments on the document around; null for whoever may not comment. */
export function useCommentsOfText(): CommentsOfText | null {
  return use(CommentsContext)
}
