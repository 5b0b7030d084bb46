import type { Anchor } from '@realtime/contracts'
import { type Editor, Extension } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import { type EditorState, Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'
import { ySyncPluginKey } from '@tiptap/y-tiptap'
import { bindingOf, type Range } from '../positions.ts'
import { placeOfAnchor } from './anchors.ts'

/** A thread that belongs to a piece of the text. */
export interface Marked {
  id: string
  anchor: Anchor
  /** Whether its text is highlighted. */
  shown: boolean
}

interface Marks {
  marked: readonly Marked[]
  /** The one that is looked at. */
  active: string | null
}

interface Highlights extends Marks {
  /** Whether the text is there: before, nothing has a place. */
  ready: boolean
  places: ReadonlyMap<string, Range>
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
          init: () => ({ marked: [], active: null, ready: false, places: new Map(), decorations: DecorationSet.empty }),
          apply(transaction, before, old, { doc }) {
            const told = transaction.getMeta(key) as Marks | undefined
            const synced = transaction.getMeta(ySyncPluginKey)?.isChangeOrigin === true
            const ready = before.ready || synced || transaction.docChanged
            // What comes from outside replaces the whole text of the editor: only Yjs knows what is where.
            if (told || synced)
              return decorated(doc, { ...(told ?? before), ready, places: placesIn(old, doc, told ?? before) })
            if (!transaction.docChanged) return before
            const places = new Map<string, Range>()
            for (const [id, { from, to }] of before.places) {
              const place = { from: transaction.mapping.map(from, 1), to: transaction.mapping.map(to, -1) }
              if (place.from < place.to) places.set(id, place)
            }
            return { ...before, ready, places, decorations: before.decorations.map(transaction.mapping, doc) }
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
        view: () => ({
          update(view, old) {
            const [now, before] = [orderIn(key.getState(view.state)), orderIn(key.getState(old))]
            if (now?.join() !== before?.join()) storage.ordered?.(now)
          },
        }),
      }),
    ]
  },
})

function placesIn(state: EditorState, doc: Node, { marked }: Marks): Map<string, Range> {
  const binding = bindingOf(state)
  const places = new Map<string, Range>()
  for (const { id, anchor } of marked) {
    const place = binding && placeOfAnchor(binding, doc, anchor)
    if (place) places.set(id, place)
  }
  return places
}

function decorated(doc: Node, state: Omit<Highlights, 'decorations'>): Highlights {
  const decorations = state.marked.flatMap(({ id, shown }) => {
    const place = state.places.get(id)
    if (!place || !(shown || id === state.active)) return []
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
    .filter(([id, { from, to }]) => shown.has(id) && from <= position && position <= to)
    .sort(([, one], [, other]) => one.to - one.from - (other.to - other.from))
  return first?.[0] ?? null
}
