import * as Y from 'yjs'
import type { Edit } from '../plan/edits.ts'
import { contentOf, subjects, tokenText } from './content.ts'
import type { Note } from './notes.ts'

/** Makes edits in a document, under names that nobody else uses, and notes each before it is made. */
export interface Hand {
  /** Does nothing where there is nothing to do it to. @throws Error when undoing does not undo */
  make(edit: Edit): void
  /** The edit that is being made, or was made last; from 1. */
  readonly last: number
  /** Whether a transaction of this origin is the hand's. */
  owns(origin: unknown): boolean
}

/** What can be undone, and what cannot. */
const origin = Symbol('edit')
const looks = Symbol('looks')

/** A hand that calls its things by `name` and a number. */
export function createHand(doc: Y.Doc, name: string, note: (note: Note) => void): Hand {
  const { text, keys, board, scratch } = contentOf(doc)
  const undo = new Y.UndoManager(text, { trackedOrigins: new Set([origin]), captureTimeout: 0 })
  /** What can be undone, in step with the undo manager: whether a token was put there or taken away. */
  const done: { token: string; size: number; there: boolean }[] = []
  const tokens = new Map<string, number>()
  const elements: string[] = []
  let last = 0

  /** Notes an edit, then makes it in one transaction. */
  const write = (subject: string | null, value: string | null, work: () => void): void => {
    note({ made: last, subject, value })
    doc.transact(work, subject === null ? looks : origin)
  }
  const insert = (where: number, size: number): void => {
    const token = `${name}.${last}`
    write(subjects.token(token), String(size), () => text.insert(placeIn(text, where), tokenText(token, size)))
    tokens.set(token, size)
    done.push({ token, size, there: true })
  }
  const make: { [K in Edit['kind']]: (edit: Extract<Edit, { kind: K }>) => void } = {
    insert: ({ where }) => insert(where, 0),
    paste: ({ where, size }) => insert(where, size),
    delete({ which }) {
      const [token, size] = choose([...tokens], which) ?? []
      if (token === undefined || size === undefined) return
      const whole = tokenText(token, size)
      write(subjects.token(token), null, () => text.delete(text.toString().indexOf(whole), whole.length))
      tokens.delete(token)
      done.push({ token, size, there: false })
    },
    undo() {
      const before = done.pop()
      if (!before) return
      const { token, size, there } = before
      note({ made: last, subject: subjects.token(token), value: there ? null : String(size) })
      undo.undo()
      if (text.toString().includes(tokenText(token, size)) === there) throw new Error(`${token} is not undone`)
      if (there) tokens.delete(token)
      else tokens.set(token, size)
    },
    format({ which, bold }) {
      const [token, size] = choose([...tokens], which) ?? []
      if (token === undefined || size === undefined) return
      const whole = tokenText(token, size)
      const at = text.toString().indexOf(whole)
      write(null, null, () => text.format(at, whole.length, { bold: bold || null }))
    },
    set() {
      write(subjects.key(name), String(last), () => void keys.set(name, String(last)))
    },
    contend({ key }) {
      const value = `${name}.${last}`
      write(subjects.contended(key), value, () => void keys.set(subjects.contended(key), value))
    },
    create() {
      const element = `${name}.${last}`
      elements.push(element)
      const place = String(last)
      write(subjects.element(element), place, () => void board.set(element, new Y.Map([['place', place]])))
    },
    move({ which }) {
      const element = choose(elements, which)
      if (element === undefined) return
      write(subjects.element(element), String(last), () => board.get(element)?.set('place', String(last)))
    },
    remove({ which }) {
      const element = choose(elements, which)
      if (element === undefined) return
      elements.splice(elements.indexOf(element), 1)
      write(subjects.element(element), null, () => board.delete(element))
    },
    scratch({ where }) {
      const token = `${name}.${last}`
      const paragraph = new Y.XmlElement('paragraph')
      paragraph.insert(0, [new Y.XmlText(token)])
      write(subjects.scratch(token), '', () => scratch.insert(Math.floor(where * scratch.length), [paragraph]))
    },
  }
  return {
    make(edit) {
      last++
      ;(make[edit.kind] as (edit: Edit) => void)(edit)
    },
    get last() {
      return last
    },
    owns: (by) => by === origin || by === looks || by === undo,
  }
}

function choose<T>(list: readonly T[], which: number): T | undefined {
  return list[Math.floor(which * list.length)]
}

/** A place between two tokens, about `where` of the way through the text. */
function placeIn(text: Y.Text, where: number): number {
  const all = text.toString()
  const at = all.indexOf('⟧', Math.floor(where * all.length))
  return where < 0.05 ? 0 : at < 0 ? all.length : at + 1
}
