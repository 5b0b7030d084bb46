import { documentFragment } from '@realtime/resources'
import { Editor } from '@tiptap/core'
import { yUndoPluginKey } from '@tiptap/y-tiptap'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { extensionsOf } from '../extensions.ts'

/** Somebody with an editor on a replica of their own. */
export interface Writer {
  doc: Y.Doc
  editor: Editor
  /** Top-level blocks as text. */
  blocks(): string[]
  /** The position of a text in the document. */
  find(text: string): number
  /** Writes at a position, as typing does. */
  type(at: number, text: string): void
  undo(): void
}

/** Two people in one document, whose edits reach each other at once until `apart`. */
export function twoWriters(html: string): { ann: Writer; bob: Writer; apart(): void; together(): void } {
  const [first, second] = [new Y.Doc(), new Y.Doc()]
  const relay = (to: Y.Doc) => (update: Uint8Array, origin: unknown) => {
    if (origin !== 'relay') Y.applyUpdate(to, update, 'relay')
  }
  const ways = [relay(second), relay(first)] as const
  const together = () => {
    Y.applyUpdate(second, Y.encodeStateAsUpdate(first), 'relay')
    Y.applyUpdate(first, Y.encodeStateAsUpdate(second), 'relay')
    first.on('update', ways[0])
    second.on('update', ways[1])
  }
  const apart = () => {
    first.off('update', ways[0])
    second.off('update', ways[1])
  }
  together()
  const ann = writer(first)
  const bob = writer(second)
  ann.editor.commands.setContent(html)
  undoManagerOf(ann.editor).clear()
  return { ann, bob, apart, together }
}

function undoManagerOf(editor: Editor): Y.UndoManager {
  return (yUndoPluginKey.getState(editor.state) as { undoManager: Y.UndoManager }).undoManager
}

function writer(doc: Y.Doc): Writer {
  doc.getXmlFragment(documentFragment)
  const element = document.createElement('div')
  document.body.append(element)
  const editor = new Editor({ element, extensions: extensionsOf(doc, new Awareness(doc)) })
  return {
    doc,
    editor,
    blocks: () => editor.state.doc.children.map((block) => block.textBetween(0, block.content.size, '|')),
    find(text) {
      let found = -1
      editor.state.doc.descendants((node, position) => {
        const index = node.isText ? (node.text ?? '').indexOf(text) : -1
        if (index >= 0 && found < 0) found = position + index
      })
      if (found < 0) throw new Error(`There is no “${text}”`)
      return found
    },
    type: (at, text) => void editor.view.dispatch(editor.state.tr.insertText(text, at)),
    undo: () => void editor.commands.undo(),
  }
}
