import type { Dice } from './dice.ts'

/**
 * One edit of a tab, as it is planned. Places and choices are fractions from 0 to 1 of whatever there is when the edit
 * is made, so that a plan holds for any state. `own` things are of the tab since it was opened last.
 */
export type Edit =
  /** A token of its own into the text. */
  | { kind: 'insert'; where: number }
  /** A token with `size` characters in it. */
  | { kind: 'paste'; where: number; size: number }
  /** An own token out of the text. */
  | { kind: 'delete'; which: number }
  /** Undoes the own last change of the text. */
  | { kind: 'undo' }
  /** Makes a token bold or plain again. */
  | { kind: 'format'; which: number; bold: boolean }
  /** Sets the own key of the map. */
  | { kind: 'set' }
  /** Sets a key that all set. */
  | { kind: 'contend'; key: number }
  /** Puts an element on the board; moves an own one; takes an own one away. */
  | { kind: 'create' }
  | { kind: 'move'; which: number }
  | { kind: 'remove'; which: number }
  /** A paragraph where versions are restored. */
  | { kind: 'scratch'; where: number }

const WEIGHTS: Record<Edit['kind'], number> = {
  insert: 46,
  paste: 0.3,
  delete: 8,
  undo: 7,
  format: 5,
  set: 8,
  contend: 4,
  create: 5,
  move: 10,
  remove: 1.5,
  scratch: 3,
}

/** How many keys all tabs set. */
export const CONTENDED = 4

/** Throws the next edit; a paste has up to `pasteSize` characters. */
export function throwEdit(dice: Dice, pasteSize: number): Edit {
  const kind = dice.weighted(WEIGHTS)
  switch (kind) {
    case 'insert':
    case 'scratch':
      return { kind, where: dice.next() }
    case 'paste':
      return { kind, where: dice.next(), size: dice.between(Math.ceil(pasteSize / 10), pasteSize) }
    case 'delete':
    case 'move':
    case 'remove':
      return { kind, which: dice.next() }
    case 'format':
      return { kind, which: dice.next(), bold: dice.chance(0.6) }
    case 'contend':
      return { kind, key: dice.below(CONTENDED) }
    default:
      return { kind }
  }
}
