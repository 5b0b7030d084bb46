import { Extension } from '@tiptap/core'
import type { Schema } from '@tiptap/pm/model'
import { Plugin, PluginKey } from '@tiptap/pm/state'
import { ySyncPluginKey } from '@tiptap/y-tiptap'
import * as Y from 'yjs'

interface SharedTextsOptions {
  document: Y.Doc | null
}

/**
 * Gives each block its text as soon as its author makes it, empty as it is. Otherwise the first letter makes the text,
 * and two people who begin in the same empty block would each make their own: a block of two texts, which the binding
 * takes for one and mends on both sides at once, with letters lost and doubled.
 */
export const SharedTexts = Extension.create<SharedTextsOptions>({
  name: 'sharedTexts',
  addOptions: () => ({ document: null }),
  addProseMirrorPlugins() {
    const { document } = this.options
    if (!document) return []
    const { schema } = this.editor
    const changed = (transaction: Y.Transaction) => addTexts(transaction, schema)
    return [
      new Plugin({
        key: new PluginKey('sharedTexts'),
        view() {
          document.on('afterTransaction', changed)
          return { destroy: () => document.off('afterTransaction', changed) }
        },
      }),
    ]
  },
})

/** Puts an empty text into each empty text block that this transaction of the editor made. */
export function addTexts(transaction: Y.Transaction, schema: Schema): void {
  if (transaction.origin !== ySyncPluginKey) return
  const from = transaction.beforeState.get(transaction.doc.clientID) ?? 0
  const blocks = [...transaction.changed].flatMap(([type, keys]) =>
    keys.has(null) && type instanceof Y.XmlFragment ? emptyBlocks(type, schema, transaction.doc.clientID, from) : [],
  )
  if (blocks.length === 0) return
  // The editor's own origin: undoing the block takes its text along.
  transaction.doc.transact(() => {
    for (const block of blocks) block.insert(0, [new Y.XmlText()])
  }, ySyncPluginKey)
}

/** The text blocks below a node without anything in them, of those that `clientId` made since `clock`. */
function emptyBlocks(parent: Y.XmlFragment, schema: Schema, clientId: number, clock: number): Y.XmlElement[] {
  return parent.toArray().flatMap((child) => {
    const id = child._item?.id
    if (!(child instanceof Y.XmlElement) || id?.client !== clientId || id.clock < clock) return []
    if (!schema.nodes[child.nodeName]?.isTextblock) return emptyBlocks(child, schema, clientId, clock)
    return child.length === 0 ? [child] : []
  })
}
