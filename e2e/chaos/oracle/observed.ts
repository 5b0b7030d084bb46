import { createHash } from 'node:crypto'
import { stateDigest } from '@realtime/client/wire'
import * as Y from 'yjs'
import { CONTENDED } from '../plan/edits.ts'
import { contentOf, filling, subjects } from '../tab/content.ts'

/** What a document holds, in the words of the notes. */
export interface Observed {
  /** Every value that each subject has: one, unless something is doubled. */
  values: Map<string, string[]>
  /** What nobody can have written: text between tokens, tokens that are not what they were. */
  strays: string[]
  /** Whether something waits for what never came. */
  pending: boolean
}

const TOKEN = /⟦([^⟦⟧:]*)(?::([^⟦⟧]*))?⟧/g

/** Reads a document. */
export function observe(doc: Y.Doc): Observed {
  const { text, keys, board, scratch } = contentOf(doc)
  const values = new Map<string, string[]>()
  const strays: string[] = []
  const found = (subject: string, value: string): void => {
    const known = values.get(subject)
    if (known) known.push(value)
    else values.set(subject, [value])
  }
  const between = text.toString().replace(TOKEN, (_all, name: string, body = '') => {
    if (body === filling(name, body.length)) found(subjects.token(name), String(body.length))
    else strays.push(`the token ${name} is torn`)
    return ''
  })
  if (between !== '') strays.push(`text between tokens: ${between.slice(0, 200)}`)
  const contended = new Set(Array.from({ length: CONTENDED }, (_, key) => subjects.contended(key)))
  for (const [key, value] of keys) found(contended.has(key) ? key : subjects.key(key), value)
  for (const [name, element] of board) found(subjects.element(name), String(element.get('place')))
  for (const block of scratch.toArray()) {
    const name = block instanceof Y.XmlElement ? block.toArray().join('') : ''
    // The first content of a document is an empty paragraph.
    if (name !== '') found(subjects.scratch(name), '')
  }
  return { values, strays, pending: hasPending(doc) }
}

function hasPending(doc: Y.Doc): boolean {
  return doc.store.pendingStructs !== null || doc.store.pendingDs !== null
}

/** Equal for two replicas that hold the same, deletions included, and read the same. */
export function fingerprint(doc: Y.Doc): string {
  const { text, keys, board, scratch } = contentOf(doc)
  const read = JSON.stringify([text.toDelta(), sorted(keys.toJSON()), sorted(board.toJSON()), scratch.toString()])
  const content = createHash('sha256').update(read).digest('hex').slice(0, 16)
  return `${Buffer.from(stateDigest(doc)).toString('hex')}-${content}${hasPending(doc) ? '-pending' : ''}`
}

function sorted(record: Record<string, unknown>): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
}
