import type { Anchor } from '@realtime/contracts'
import type { Written } from './mention-text.ts'

/** Under which what is begun about a text, or about all of a document, is kept. */
export const NEW = 'new'

/** What was begun to be written about a document. */
export interface Drafts {
  /** By where: `NEW`, the id of the thread that is answered, or of the comment that is edited. */
  written: Map<string, Written>
  /** The text that `NEW` is about; null for all of the document. */
  about: Anchor | null
}

const kept = new Map<string, Drafts>()

/** What was begun about a document in this tab, also before one left it for another page. */
export function draftsOf(documentId: string): Drafts {
  const before = kept.get(documentId)
  if (before) return before
  const drafts: Drafts = { written: new Map(), about: null }
  kept.set(documentId, drafts)
  return drafts
}

/** Keeps what is written somewhere, or nothing of it once that is empty. */
export function keep({ written }: Drafts, where: string, now: Written): void {
  if (now.text === '') written.delete(where)
  else written.set(where, now)
}

/** Forgets all of it: somebody else may come. */
export function forgetDrafts(): void {
  kept.clear()
}
