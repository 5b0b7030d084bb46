import type { Note } from '../tab/notes.ts'

/** One change of a subject, as its tab noted it. */
export interface Change {
  /** Which tab and life made it, for reports. */
  by: string
  value: string | null
  /** It must be there: the store had it, or the provider called it persisted or saved. */
  sure: boolean
  /** The provider called it saved. */
  acknowledged: boolean
}

/** All that tabs wrote into a document: the changes of each subject, those of one tab in order. */
export type Ledger = Map<string, Change[]>

/** Adds the notes of one tab to a ledger. @returns how many edits it made, and how many of them were called saved */
export function enter(ledger: Ledger, tab: number, notes: Note[]): { made: number; acknowledged: number } {
  let life = 0
  let open = new Map<number, Change>()
  /** What earlier lives kept: whoever says later that all is saved speaks of that as well. */
  let carried: Change[] = []
  let made = 0
  let acknowledged = 0
  const settle = (change: Change, saved: boolean): void => {
    change.sure = true
    if (saved && !change.acknowledged) acknowledged++
    change.acknowledged ||= saved
  }
  const settleUpTo = (last: number, saved: boolean): void => {
    for (const [number, change] of open) if (number <= last) settle(change, saved)
  }
  for (const note of notes) {
    if ('life' in note) {
      life = note.life
      carried.push(...[...open.values()].filter((change) => change.sure))
      open = new Map()
    } else if ('made' in note) {
      made++
      const change = { by: `tab ${tab}, life ${life}`, value: note.value, sure: false, acknowledged: false }
      open.set(note.made, change)
      if (note.subject === null) continue
      const changes = ledger.get(note.subject)
      if (changes) changes.push(change)
      else ledger.set(note.subject, [change])
    } else if ('kept' in note) {
      const change = open.get(note.kept)
      if (change) settle(change, false)
    } else if ('persisted' in note) settleUpTo(note.persisted, false)
    else {
      settleUpTo(note.saved, true)
      for (const change of carried) settle(change, true)
      carried = []
      for (const number of [...open.keys()]) if (number <= note.saved) open.delete(number)
    }
  }
  return { made, acknowledged }
}
