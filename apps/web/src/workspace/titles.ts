import type { Resource } from '@realtime/contracts'
import { editors } from '../editors/editors.ts'

/** What stands in the place of an empty title. */
export function untitledOf({ kind }: Pick<Resource, 'kind'>): string {
  return editors[kind].untitled
}

/** A document as it is called, also where it has no title. */
export function nameOf(document: Pick<Resource, 'kind' | 'title'>): string {
  return document.title || untitledOf(document)
}
