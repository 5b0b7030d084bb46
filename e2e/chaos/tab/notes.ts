import { openSync, readFileSync, writeSync } from 'node:fs'

/**
 * What a tab writes down, in order. An edit is noted before it is made, and that it is kept, or saved, only after the
 * provider said so: whatever moment kills the tab, its notes never claim more than was true.
 */
export type Note =
  /** The tab was opened; counts from 1. */
  | { life: number }
  /** Edit `made` of this life is about to make `subject` read `value` (null: gone); no subject: it changes looks only. */
  | { made: number; subject: string | null; value: string | null }
  /** The store has this edit. */
  | { kept: number }
  /** The provider says that all up to this edit are in the store, or committed. */
  | { persisted: number }
  /** The provider says that all up to this edit are committed. */
  | { saved: number }

/** Opens a file of notes to add to; each is with the operating system when the call returns. */
export function openNotes(file: string): (note: Note) => void {
  const descriptor = openSync(file, 'a')
  // After a kill in the middle of a line the next must begin one.
  writeSync(descriptor, '\n')
  return (note) => void writeSync(descriptor, `${JSON.stringify(note)}\n`)
}

/** The notes of a file; a line that a kill cut off was never true. */
export function readNotes(file: string): Note[] {
  const notes: Note[] = []
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    try {
      if (line !== '') notes.push(JSON.parse(line) as Note)
    } catch {
      // Cut off.
    }
  }
  return notes
}
