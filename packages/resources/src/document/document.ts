import * as Y from 'yjs'
import { type ResourceKind, seed } from '../kind.ts'
import { revertXml } from '../revert.ts'

/** The root XML fragment of a document: ProseMirror's `block+`, as y-tiptap binds it. */
export const documentFragment = 'content'

/** A text document. The title is not in here: it is a column of the resource. */
export const document: ResourceKind = {
  // One empty paragraph with its empty text: were either missing, two first typists would each insert their own.
  create: () =>
    seed((doc) => {
      const paragraph = new Y.XmlElement('paragraph')
      paragraph.insert(0, [new Y.XmlText()])
      doc.getXmlFragment(documentFragment).insert(0, [paragraph])
    }),
  check(doc) {
    const shared = doc.share.get(documentFragment)
    if (shared === undefined) return 'the document has no content'
    const blocks = doc.getXmlFragment(documentFragment).toArray()
    const stray = blocks.find((block) => !(block instanceof Y.XmlElement))
    return stray === undefined ? null : 'text stands outside of any block'
  },
  text(doc) {
    const lines: string[] = []
    for (const block of doc.getXmlFragment(documentFragment).toArray()) collect(block, lines)
    return lines.join('\n')
  },
  revert: (doc, past) => revertXml(doc.getXmlFragment(documentFragment), past.getXmlFragment(documentFragment)),
}

/** Adds the text below a node: a line for each element that holds text itself. */
function collect(node: Y.XmlElement | Y.XmlText | Y.XmlHook, lines: string[]): void {
  if (node instanceof Y.XmlText) {
    lines.push(plain(node))
    return
  }
  if (!(node instanceof Y.XmlElement)) return
  const children = node.toArray()
  if (children.every((child) => child instanceof Y.XmlText)) {
    lines.push(children.map((child) => plain(child as Y.XmlText)).join(''))
  } else {
    for (const child of children) collect(child as Y.XmlElement | Y.XmlText, lines)
  }
}

function plain(text: Y.XmlText): string {
  const parts = text.toDelta() as { insert: unknown }[]
  return parts.map((part) => (typeof part.insert === 'string' ? part.insert : '')).join('')
}
