import { type Editor, Extension } from '@tiptap/core'
import { type EditorState, Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'
import type { Range } from '../positions.ts'
import type { Choice } from './choices.ts'

interface AskAiStorage {
  /** Whether AI is switched on, as far as is known. */
  available: boolean
  /** Opens the panel at the selection or the caret, with a choice already made or none; null where there is no panel. */
  open: ((choice: Choice | null) => void) | null
}

declare module '@tiptap/core' {
  interface Storage {
    askAi: AskAiStorage
  }
}

const target = new PluginKey<Range | null>('aiTarget')

/** Shows in the text what AI is asked about; null shows nothing. Nobody else sees it. */
export function showTarget(editor: Editor, range: Range | null): void {
  const shown = target.getState(editor.state)
  const same = shown ? range && shown.from === range.from && shown.to === range.to : range === null
  if (!same) editor.view.dispatch(editor.state.tr.setMeta(target, { range }).setMeta('addToHistory', false))
}

/** The ways to AI by keys: Space on an empty line, and Mod-J anywhere. */
export const AskAi = Extension.create<object, AskAiStorage>({
  name: 'askAi',
  addStorage: () => ({ available: false, open: null }),
  addKeyboardShortcuts() {
    const open = (): boolean => {
      if (!this.editor.isEditable || !this.storage.open) return false
      this.storage.open(null)
      return true
    }
    return {
      // Without AI a space is a space.
      Space: () => this.storage.available && isOnEmptyLine(this.editor.state) && open(),
      'Mod-j': open,
    }
  },
  addProseMirrorPlugins: () => [
    new Plugin<Range | null>({
      key: target,
      state: {
        init: () => null,
        apply(transaction, range) {
          const told = transaction.getMeta(target) as { range: Range | null } | undefined
          if (told) return told.range
          if (!range || !transaction.docChanged) return range
          return { from: transaction.mapping.map(range.from, 1), to: transaction.mapping.map(range.to, -1) }
        },
      },
      props: {
        decorations(state) {
          const range = target.getState(state)
          if (!range || range.from >= range.to || range.to > state.doc.content.size) return null
          return DecorationSet.create(state.doc, [Decoration.inline(range.from, range.to, { class: 'ai-target' })])
        },
      },
    }),
  ],
})

function isOnEmptyLine({ selection }: EditorState): boolean {
  const { $from, empty } = selection
  return empty && $from.depth === 1 && $from.parent.type.name === 'paragraph' && $from.parent.content.size === 0
}
