import { colorVariable, readColor, readLink } from '@realtime/resources'
import { type Editor, Extension, type Extensions, Mark, mergeAttributes } from '@tiptap/core'
import { Link } from '@tiptap/extension-link'
import { Placeholder, Selection } from '@tiptap/extensions'
import { StarterKit } from '@tiptap/starter-kit'
import { ySyncPlugin } from '@tiptap/y-tiptap'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { Carets } from '../../document/carets.ts'
import { SharedTexts } from '../../document/shared-texts.ts'

interface SharedFragmentOptions {
  fragment: Y.XmlFragment | null
  undo: Y.UndoManager | null
}

/**
 * Binds an editor to a fragment, with the undo history of the deck. Tiptap's own Collaboration would end that history
 * when the box is left.
 */
const SharedFragment = Extension.create<SharedFragmentOptions>({
  name: 'sharedFragment',
  priority: 1000,
  addOptions: () => ({ fragment: null, undo: null }),
  addKeyboardShortcuts() {
    const undo = () => {
      this.options.undo?.undo()
      return true
    }
    const redo = () => {
      this.options.undo?.redo()
      return true
    }
    return { 'Mod-z': undo, 'Mod-y': redo, 'Shift-Mod-z': redo }
  },
  addProseMirrorPlugins() {
    return this.options.fragment ? [ySyncPlugin(this.options.fragment)] : []
  },
})

/** The color of letters: a role of the theme, or `#rrggbb`. */
const Ink = Mark.create({
  name: 'textStyle',
  priority: 101,
  addAttributes() {
    return {
      color: {
        default: null,
        parseHTML: (element) => readColor(element.dataset.ink ?? null) ?? null,
        renderHTML: ({ color }) => {
          const sound = readColor(color) ?? null
          return sound === null ? {} : { 'data-ink': sound, style: `color: ${colorVariable(sound)}` }
        },
      },
    }
  },
  parseHTML: () => [{ tag: 'span[data-ink]' }],
  renderHTML: ({ HTMLAttributes }) => ['span', mergeAttributes(HTMLAttributes), 0],
})

/** Tab moves list items, and writes nothing elsewhere; Escape is for who shows the editor. */
const TabInBox = Extension.create({
  name: 'tabInBox',
  priority: 50,
  addKeyboardShortcuts() {
    return Object.fromEntries(['Tab', 'Shift-Tab'].map((keys) => [keys, () => true]))
  },
})

export interface TextPlace {
  fragment: Y.XmlFragment
  doc: Y.Doc
  undo: Y.UndoManager
  awareness: Awareness
  /** What it says while it is empty. */
  prompt: string | ((place: { editor: Editor }) => string)
}

/** The schema and behaviour of text in boxes and notes; `rich-text.ts` of the resources reads what it writes. */
export function textExtensions({ fragment, doc, undo, awareness, prompt }: TextPlace): Extensions {
  return [
    StarterKit.configure({
      // The deck has its own, for everything in it.
      undoRedo: false,
      trailingNode: false,
      heading: false,
      blockquote: false,
      code: false,
      codeBlock: false,
      horizontalRule: false,
      dropcursor: false,
      gapcursor: false,
      link: false,
    }),
    Link.extend({ inclusive: false }).configure({
      openOnClick: false,
      defaultProtocol: 'https',
      isAllowedUri: (address) => readLink(address) !== null,
      HTMLAttributes: { rel: 'noopener noreferrer nofollow', target: '_blank' },
    }),
    Ink,
    TabInBox,
    Placeholder.configure({ showOnlyCurrent: false, showOnlyWhenEditable: false, placeholder: prompt }),
    SharedFragment.configure({ fragment, undo }),
    SharedTexts.configure({ document: doc }),
    Carets.configure({ awareness }),
    Selection.configure({ className: 'selected-text' }),
  ]
}
