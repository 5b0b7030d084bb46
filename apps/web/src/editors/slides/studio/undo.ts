import { deckRoots } from '@realtime/resources'
import { ySyncPluginKey } from '@tiptap/y-tiptap'
import { useCallback, useSyncExternalStore } from 'react'
import * as Y from 'yjs'

/** The origin of what somebody here does with slides and elements; text has that of its binding. */
export const EDIT = Symbol('edit of a deck')

/** Letters and steps that come within this many milliseconds are undone together. */
const CAPTURE_MS = 500

/** Where one was when a step was made, to come back to it. */
export interface Place {
  slide: string | null
  elements: string[]
}

// One for a deck, for as long as the deck is open: editors of single boxes come and go.
const managers = new WeakMap<Y.Doc, Y.UndoManager>()

/** The undo history of whoever works here: own steps only, of text, elements and slides, in one row. */
export function undoOf(doc: Y.Doc): Y.UndoManager {
  const known = managers.get(doc)
  if (known) return known
  const manager = new Y.UndoManager(
    Object.values(deckRoots).map((root) => doc.getMap(root)),
    { trackedOrigins: new Set([EDIT, ySyncPluginKey]), captureTimeout: CAPTURE_MS },
  )
  managers.set(doc, manager)
  return manager
}

/** Does something as one step of its own. */
export function asStep<T>(doc: Y.Doc, work: () => T): T {
  const undo = undoOf(doc)
  undo.stopCapturing()
  const result = doc.transact(work, EDIT)
  undo.stopCapturing()
  return result
}

/** Begins a step that lasts: all that `during` writes until `end` is undone together, however long it takes. */
export function longStep(doc: Y.Doc): { during(work: () => void): void; end(): void } {
  const undo = undoOf(doc)
  undo.stopCapturing()
  undo.captureTimeout = Number.POSITIVE_INFINITY
  return {
    during: (work) => doc.transact(work, EDIT),
    end() {
      undo.captureTimeout = CAPTURE_MS
      undo.stopCapturing()
    },
  }
}

/** Remembers with each step where it was made, and goes there when it is undone or done again. @returns its end */
export function followSteps(doc: Y.Doc, here: () => Place, go: (place: Place) => void): () => void {
  const undo = undoOf(doc)
  const added = ({ stackItem }: { stackItem: { meta: Map<unknown, unknown> } }) => {
    if (!stackItem.meta.has('place')) stackItem.meta.set('place', here())
  }
  const popped = ({ stackItem }: { stackItem: { meta: Map<unknown, unknown> } }) => {
    const place = stackItem.meta.get('place') as Place | undefined
    if (place) go(place)
  }
  undo.on('stack-item-added', added)
  undo.on('stack-item-popped', popped)
  return () => {
    undo.off('stack-item-added', added)
    undo.off('stack-item-popped', popped)
  }
}

/** Whether there is something to undo and to do again, as state: `undo`, `redo`, both or neither. */
export function useSteps(doc: Y.Doc): { undo: boolean; redo: boolean } {
  const subscribe = useCallback(
    (listener: () => void) => {
      const undo = undoOf(doc)
      const events = ['stack-item-added', 'stack-item-popped', 'stack-cleared'] as const
      for (const event of events) undo.on(event, listener)
      return () => {
        for (const event of events) undo.off(event, listener)
      }
    },
    [doc],
  )
  const read = () => Number(undoOf(doc).undoStack.length > 0) + 2 * Number(undoOf(doc).redoStack.length > 0)
  const steps = useSyncExternalStore(subscribe, read, read)
  return { undo: (steps & 1) > 0, redo: (steps & 2) > 0 }
}
