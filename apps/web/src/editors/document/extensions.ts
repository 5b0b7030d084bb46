import { documentFragment } from '@realtime/resources'
import { Extension, type Extensions } from '@tiptap/core'
import { Collaboration } from '@tiptap/extension-collaboration'
import { Link } from '@tiptap/extension-link'
import { TaskItem, TaskList } from '@tiptap/extension-list'
import { Placeholder, Selection } from '@tiptap/extensions'
import { StarterKit } from '@tiptap/starter-kit'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { AskAi } from './ai/ask-ai.ts'
import { Carets } from './carets.ts'
import { CommentHighlights } from './comments/highlights.ts'
import { MarkdownPaste } from './markdown-paste.ts'
import { SharedTexts } from './shared-texts.ts'
import { SlashMenu } from './slash-menu.tsx'

/** Tab stays in a list also where there is nothing to indent; asked after the lists themselves. */
const TabInLists = Extension.create({
  name: 'tabInLists',
  priority: 50,
  addKeyboardShortcuts() {
    return { Tab: () => this.editor.isActive('listItem') || this.editor.isActive('taskItem') }
  },
})

/** The schema and behaviour of a document's editor. */
export function extensionsOf(doc: Y.Doc, awareness: Awareness): Extensions {
  return [
    StarterKit.configure({
      // Collaboration brings its own, which leaves other people's edits alone.
      undoRedo: false,
      // It would write into documents that one only reads, and once for each person.
      trailingNode: false,
      heading: { levels: [1, 2, 3] },
      dropcursor: { width: 2, color: 'var(--ring)', class: 'rounded-full' },
      link: false,
      codeBlock: { HTMLAttributes: { spellcheck: 'false' }, enableTabIndentation: true, tabSize: 2 },
    }),
    // What is typed after a link is not part of it.
    Link.extend({ inclusive: false }).configure({
      openOnClick: 'whenNotEditable',
      defaultProtocol: 'https',
      HTMLAttributes: { rel: 'noopener noreferrer nofollow', target: '_blank' },
    }),
    TabInLists,
    MarkdownPaste,
    TaskList,
    TaskItem.configure({
      nested: true,
      a11y: { checkboxLabel: (node) => node.firstChild?.textContent || 'Task' },
    }),
    Placeholder.configure({
      showOnlyCurrent: true,
      placeholder: ({ node, editor }) => {
        if (node.type.name === 'heading') return `Heading ${String(node.attrs.level)}`
        if (node.type.name !== 'paragraph') return ''
        const ai = editor.storage.askAi.available
        if (editor.isEmpty) return `Start writing, ${ai ? '' : 'or '}press / for blocks${ai ? ', or Space for AI' : ''}`
        return ai ? 'Press / for blocks, Space for AI' : 'Press / for blocks'
      },
    }),
    Collaboration.configure({ document: doc, field: documentFragment }),
    SharedTexts.configure({ document: doc }),
    Carets.configure({ awareness }),
    CommentHighlights,
    // What is selected stays visible while a link for it is typed.
    Selection.configure({ className: 'selected-text' }),
    SlashMenu,
    AskAi,
  ]
}
