import { type Editor, Extension } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import { Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view'
import { ySyncPluginKey } from '@tiptap/y-tiptap'
import type { Range } from '../positions.ts'
import { type Marked, type Places, placesAfter, placesIn, placesMapped } from './places.ts'

/** How long others do not write before all threads are looked for, and how long these wait at most, in milliseconds. */
const REST_MS = 300
const LONGEST_MS = 3_000

interface Marks {
  marked: readonly Marked[]
  /** The one that is looked at. */
  active: string | null
}

interface Highlights extends Marks, Places {
  /** Whether the text is there: before, nothing has a place. */
  ready: boolean
  /** Another one after all that may have moved texts elsewhere; null once all of them were looked for since then. */
  moved: object | null
  decorations: DecorationSet
}

interface HighlightsStorage {
  /** Hears of the threads whose text there is, in the order of the text; null before the text is there. */
  ordered: ((ids: readonly string[] | null) => void) | null
  /** Hears on which thread's text somebody clicked. */
  picked: ((id: string) => void) | null
}

declare module '@tiptap/core' {
  interface Storage {
    commentHighlights: HighlightsStorage
  }
}

const key = new PluginKey<Highlights>('commentHighlights')
/** Says that nobody has moved anything for a moment. */
const RESTED = 'rested'
/** What brings a text to another place. */
const MOVING: unknown[] = ['paste', 'drop']

/** Tells the editor which threads there are. */
export function markThreads(editor: Editor, marks: Marks): void {
  editor.view.dispatch(editor.state.tr.setMeta(key, marks).setMeta('addToHistory', false))
}

/** Where the text of a thread is now; null when it is gone. */
export function placeOfThread(editor: Editor, id: string): Range | null {
  return key.getState(editor.state)?.places.get(id) ?? null
}

/** The threads whose text there is, in the order of the text; null before the text is there. */
export function orderOfThreads(editor: Editor): string[] | null {
  return orderIn(key.getState(editor.state))
}

/** Highlights what is commented on; it stays at its words whatever is written around them. */
export const CommentHighlights = Extension.create<object, HighlightsStorage>({
  name: 'commentHighlights',
  addStorage: () => ({ ordered: null, picked: null }),
  addProseMirrorPlugins() {
    const { storage } = this
    return [
      new Plugin<Highlights>({
        key,
        state: {
          init: () => ({
            marked: [],
            active: null,
            ready: false,
            moved: null,
            places: new Map(),
            unsure: new Set(),
            decorations: DecorationSet.empty,
          }),
          apply(transaction, before, old, { doc }) {
            const told = transaction.getMeta(key) as Marks | typeof RESTED | undefined
            const synced = transaction.getMeta(ySyncPluginKey)?.isChangeOrigin === true
            const ready = before.ready || synced || transaction.docChanged
            const { marked, active } = told === undefined || told === RESTED ? before : told
            if (told !== undefined && told !== RESTED && marked === before.marked && before.moved === null)
              return decorated(doc, { ...before, active })
            if (told !== undefined || (synced && !before.ready)) {
              const moved = synced ? {} : null
              return decorated(doc, { ...placesIn(old, doc, marked, before), marked, active, ready, moved })
            }
            if (synced) {
              const places = placesAfter(old, doc, marked, active, before)
              return decorated(doc, { ...places, marked, active, ready, moved: {} })
            }
            if (!transaction.docChanged) return before
            const after = placesMapped(before, transaction)
            const lost = after.places.size < before.places.size
            const moved = lost || MOVING.includes(transaction.getMeta('uiEvent')) ? {} : before.moved
            return { ...before, ...after, ready, moved, decorations: before.decorations.map(transaction.mapping, doc) }
          },
        },
        props: {
          decorations: (state) => key.getState(state)?.decorations,
          handleClick(view, position, event) {
            const on = event.target instanceof Element && event.target.closest('.comment-mark')
            const id = on ? smallestAt(key.getState(view.state), position) : null
            if (id) storage.picked?.(id)
            return false
          },
        },
        view(view) {
          const rest = resting(view)
          if (key.getState(view.state)?.moved) rest.wait(true)
          return {
            update(_, old) {
              const [now, before] = [key.getState(view.state), key.getState(old)]
              if (now?.moved !== before?.moved) rest.wait(now?.moved != null)
              const [order, orderBefore] = [orderIn(now), orderIn(before)]
              if (order?.join() !== orderBefore?.join()) storage.ordered?.(order)
            },
            destroy: rest.end,
          }
        },
      }),
    ]
  },
})

/** Has all threads looked for when others do not write for a moment, or did for long. */
function resting(view: EditorView): { wait(moved: boolean): void; end(): void } {
  let since: number | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const rested = () => view.dispatch(view.state.tr.setMeta(key, RESTED).setMeta('addToHistory', false))
  return {
    wait(moved) {
      clearTimeout(timer)
      since = moved ? (since ?? Date.now()) : null
      if (since !== null) timer = setTimeout(rested, Math.max(0, Math.min(REST_MS, since + LONGEST_MS - Date.now())))
    },
    end: () => clearTimeout(timer),
  }
}

function decorated(doc: Node, state: Omit<Highlights, 'decorations'>): Highlights {
  const decorations = state.marked.flatMap(({ id, shown }) => {
    const place = state.places.get(id)
    if (!place || state.unsure.has(id) || !(shown || id === state.active)) return []
    const attributes = { class: id === state.active ? 'comment-mark is-active' : 'comment-mark' }
    return [Decoration.inline(place.from, place.to, attributes)]
  })
  return { ...state, decorations: DecorationSet.create(doc, decorations) }
}

function orderIn(state: Highlights | undefined): string[] | null {
  if (!state?.ready) return null
  return [...state.places].sort(([, one], [, other]) => one.from - other.from || one.to - other.to).map(([id]) => id)
}

/** Of the threads whose text is at a position the one with the shortest: the others can be met beside it. */
function smallestAt(state: Highlights | undefined, position: number): string | null {
  const shown = new Set(state?.marked.filter((one) => one.shown || one.id === state.active).map(({ id }) => id))
  const [first] = [...(state?.places ?? [])]
    .filter(([id, { from, to }]) => shown.has(id) && !state?.unsure.has(id) && from <= position && position <= to)
    .sort(([, one], [, other]) => one.to - one.from - (other.to - other.from))
  return first?.[0] ?? null
}
