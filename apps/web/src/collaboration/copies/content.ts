import { fragmentsOf, type PrivateCopy } from '@realtime/client'
import { resourceKinds } from '@realtime/resources'
import * as Y from 'yjs'
import { readAbout } from './about.ts'

/** The replica in a copy; destroy it after use. */
export function replicaOf(copy: Pick<PrivateCopy, 'state'>): Y.Doc {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, copy.state)
  return doc
}

/** The plain text of a copy: of the document in it, or, where that does not show by itself, of the edits. */
export function textOf(copy: Pick<PrivateCopy, 'state' | 'whole' | 'about'>): string {
  const about = readAbout(copy.about)
  if (!about || !copy.whole) return fragmentsOf(copy.state).join('\n')
  const doc = replicaOf(copy)
  const text = resourceKinds[about.kind].text(doc)
  doc.destroy()
  return text
}
