import type * as Y from 'yjs'

/** Where the edits of tabs are, in a document. */
export interface Content {
  /** Tokens, each inserted as a whole. */
  text: Y.Text
  /** What each life of a tab set last, and what all set. */
  keys: Y.Map<string>
  /** Elements with a place, as on a canvas. */
  board: Y.Map<Y.Map<unknown>>
  /** What versions restore: paragraphs with a token. */
  scratch: Y.XmlFragment
}

/** The shared types of a document. */
export function contentOf(doc: Y.Doc): Content {
  return {
    text: doc.getText('notes'),
    keys: doc.getMap('keys'),
    board: doc.getMap('board'),
    scratch: doc.getXmlFragment('content'),
  }
}

/** A token as it stands in the text: its name, and with a size that many characters made of the name. */
export function tokenText(name: string, size: number): string {
  return size === 0 ? `⟦${name}⟧` : `⟦${name}:${filling(name, size)}⟧`
}

/** The characters of a large token. */
export function filling(name: string, size: number): string {
  return `${name} `.repeat(Math.ceil(size / (name.length + 1))).slice(0, size)
}

/** Names of subjects: what is looked for in a document after all. */
export const subjects = {
  token: (name: string) => `token ${name}`,
  key: (name: string) => `key ${name}`,
  contended: (key: number) => `contended ${key}`,
  element: (name: string) => `element ${name}`,
  scratch: (name: string) => `scratch ${name}`,
}
