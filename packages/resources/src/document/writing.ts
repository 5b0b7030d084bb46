import * as Y from 'yjs'
import { documentFragment } from './document.ts'

/** A piece of text: plain, or with marks. */
export type Words = string | { text: string; bold?: true; italic?: true; code?: true }

/** A block of a document as plain data, for content that programs write. */
export type Block =
  | { type: 'paragraph' | 'blockquote'; text: Words[] }
  | { type: 'heading'; level: 1 | 2 | 3; text: Words[] }
  | { type: 'bulletList' | 'orderedList'; items: Words[][] }
  | { type: 'taskList'; items: { done: boolean; text: Words[] }[] }
  | { type: 'codeBlock'; language: string; text: string }

/** Puts blocks in the place of all that a document holds. The caller opens the transaction. */
export function writeBlocks(doc: Y.Doc, blocks: readonly Block[]): void {
  const fragment = doc.getXmlFragment(documentFragment)
  fragment.delete(0, fragment.length)
  fragment.insert(0, blocks.map(elementOf))
}

function elementOf(block: Block): Y.XmlElement {
  switch (block.type) {
    case 'paragraph':
      return holding('paragraph', textOf(block.text))
    case 'blockquote':
      return holding('blockquote', holding('paragraph', textOf(block.text)))
    case 'heading':
      return withAttribute(holding('heading', textOf(block.text)), 'level', block.level)
    case 'codeBlock':
      return withAttribute(holding('codeBlock', new Y.XmlText(block.text)), 'language', block.language)
    case 'taskList':
      return holding(
        'taskList',
        ...block.items.map(({ done, text }) =>
          withAttribute(holding('taskItem', holding('paragraph', textOf(text))), 'checked', done),
        ),
      )
    default:
      return holding(block.type, ...block.items.map((text) => holding('listItem', holding('paragraph', textOf(text)))))
  }
}

function holding(name: string, ...children: (Y.XmlElement | Y.XmlText)[]): Y.XmlElement {
  const element = new Y.XmlElement(name)
  element.insert(0, children)
  return element
}

/** Attributes are of any JSON value; the types of Yjs know text alone. */
function withAttribute(element: Y.XmlElement, name: string, value: unknown): Y.XmlElement {
  element.setAttribute(name, value as string)
  return element
}

function textOf(words: Words[]): Y.XmlText {
  const text = new Y.XmlText()
  text.applyDelta(
    words.map((word) => {
      if (typeof word === 'string') return { insert: word, attributes: {} }
      const { text: insert, ...marks } = word
      return { insert, attributes: Object.fromEntries(Object.keys(marks).map((mark) => [mark, {}])) }
    }),
  )
  return text
}
