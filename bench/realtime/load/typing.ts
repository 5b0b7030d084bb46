import { documentFragment } from '@realtime/resources'
import * as Y from 'yjs'
import { readTrace, type Txn } from './traces.ts'

/** Client ids as long on the wire as random ones, one after the other. */
const FIRST_CLIENT_ID = 0xc0000000
let nextClientId = FIRST_CLIENT_ID

/** A client id that nobody else in this process has. */
export function freshClientId(): number {
  return nextClientId++
}

/** A document with a paragraph for each of its writers, and what each will type into the own one. */
export interface Script {
  /** The state before anybody types. */
  base: Uint8Array
  baseClientId: number
  writers: { clientId: number; updates: Uint8Array[] }[]
}

/**
 * Writes a script: each writer types `count` transactions of a part of a real person's typing. Each has a paragraph
 * of one's own, so that the updates are valid in whichever order the writers' come; behind them are those of `others`.
 */
export function script(writers: number, count: number, others = 0): Script {
  const { txns } = readTrace('sveltecomponent')
  const baseClientId = freshClientId()
  const base = withParagraphs(baseClientId, writers + others)
  return {
    base,
    baseClientId,
    writers: Array.from({ length: writers }, (_, index) => {
      const clientId = freshClientId()
      const start = Math.floor((index * txns.length) / writers)
      return { clientId, updates: typed(base, clientId, index, endless(txns, start), count) }
    }),
  }
}

/** A text of paragraphs of somebody, beside the one that a new document has. */
function withParagraphs(clientId: number, count: number): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = clientId
  const paragraphs = Array.from({ length: count }, () => {
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText()])
    return paragraph
  })
  doc.getXmlFragment(documentFragment).insert(0, paragraphs)
  return Y.encodeStateAsUpdate(doc)
}

function* endless(txns: Txn[], start: number): Generator<Txn> {
  for (let index = start; ; index++) yield txns[index % txns.length] as Txn
}

/** The updates of somebody who types transactions into a paragraph, until there are `count` of them. */
function typed(
  base: Uint8Array,
  clientId: number,
  paragraph: number,
  txns: Iterable<Txn>,
  count: number,
): Uint8Array[] {
  const doc = new Y.Doc()
  doc.clientID = clientId
  Y.applyUpdate(doc, base)
  const block = doc.getXmlFragment(documentFragment).get(paragraph)
  const text = block instanceof Y.XmlElement ? block.get(0) : null
  if (!(text instanceof Y.XmlText)) throw new Error(`there is no paragraph ${paragraph}`)
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  let origin: number | null = null
  for (const { patches } of txns) {
    if (updates.length >= count) break
    doc.transact(() => {
      for (const [position, deleted, inserted] of patches) {
        // The part of the trace begins somewhere in its text: that is where this paragraph begins.
        origin ??= position
        const at = Math.min(text.length, Math.max(0, position - origin))
        const gone = Math.min(deleted, text.length - at)
        if (gone > 0) text.delete(at, gone)
        if (inserted !== '') text.insert(at, inserted)
      }
    })
  }
  return updates
}

/** The updates that lead through a whole trace in one text, and what must be there at its end. */
export function wholeTrace(
  name: 'seph-blog1',
  most = Number.POSITIVE_INFINITY,
): { clientId: number; updates: Uint8Array[]; text: string } {
  const { txns } = readTrace(name)
  const doc = new Y.Doc()
  doc.clientID = freshClientId()
  const paragraph = new Y.XmlElement('paragraph')
  const text = new Y.XmlText()
  paragraph.insert(0, [text])
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  doc.getXmlFragment(documentFragment).insert(0, [paragraph])
  for (const { patches } of txns.slice(0, most)) {
    doc.transact(() => {
      for (const [position, deleted, inserted] of patches) {
        if (deleted > 0) text.delete(position, deleted)
        if (inserted !== '') text.insert(position, inserted)
      }
    })
  }
  return { clientId: doc.clientID, updates, text: text.toString() }
}

/** Rich text of about so many bytes as one update: what a paste of many pages makes, behind a paragraph of `base`. */
export function paste(
  bytes: number,
  base?: { state: Uint8Array; paragraph: number },
): { clientId: number; update: Uint8Array } {
  const { endContent } = readTrace('sveltecomponent')
  const doc = new Y.Doc()
  if (base) Y.applyUpdate(doc, base.state)
  doc.clientID = freshClientId()
  const lines = endContent.split('\n').filter((line) => line.trim() !== '')
  const blocks: Y.XmlElement[] = []
  for (let size = 0, index = 0; size < bytes; index++) {
    const line = lines[index % lines.length] as string
    const element = new Y.XmlElement(index % 12 === 0 ? 'heading' : 'paragraph')
    const text = new Y.XmlText()
    const half = Math.floor(line.length / 2)
    text.applyDelta([{ insert: line.slice(0, half) }, { insert: line.slice(half), attributes: { bold: {} } }])
    element.insert(0, [text])
    blocks.push(element)
    // What the structs of a paragraph weigh beside its text.
    size += line.length + 87
  }
  const before = Y.encodeStateVector(doc)
  doc.getXmlFragment(documentFragment).insert(base ? base.paragraph + 1 : 0, blocks)
  return { clientId: doc.clientID, update: Y.encodeStateAsUpdate(doc, before) }
}

/** The state of a document of about so many bytes in which people have written and struck out. */
export function grown(bytes: number): { clientIds: number[]; state: Uint8Array } {
  const authors = 4
  const whole = new Y.Doc()
  const clientIds: number[] = []
  for (let author = 0; author < authors; author++) {
    const { clientId, update } = paste(bytes / authors)
    clientIds.push(clientId)
    Y.applyUpdate(whole, update)
  }
  whole.clientID = freshClientId()
  clientIds.push(whole.clientID)
  const blocks = whole.getXmlFragment(documentFragment).toArray()
  whole.transact(() => {
    blocks.forEach((block, index) => {
      const text = block instanceof Y.XmlElement ? block.get(0) : null
      if (text instanceof Y.XmlText && index % 5 === 0 && text.length > 4) text.delete(1, 2)
    })
  })
  return { clientIds, state: Y.encodeStateAsUpdate(whole) }
}
