import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { document } from './document/document.ts'
import { revertMap } from './revert.ts'

type Next = () => number

/** Numbers from 0 to 1 that a seed decides. */
function random(seed: number): Next {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const upTo = (next: Next, count: number) => Math.floor(next() * count)
const one = <T>(next: Next, list: readonly T[]): T => list[upTo(next, list.length)] as T

const words = ['a', 'word', '😀', '👩‍👩‍👧', 'ß', '中文', ' ', 'e\u0301', '\n', 'longer text than that']
const marks = [{ bold: true }, { bold: null }, { link: { href: 'x', b: 1 } }, { link: null }, { code: {} }, {}]
const names = ['paragraph', 'heading', 'bulletList', 'listItem']

/** A replica that is ahead of another. */
function replica(of: Y.Doc, clientID: number): Y.Doc {
  const doc = new Y.Doc()
  doc.clientID = clientID
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(of))
  return doc
}

function sync(a: Y.Doc, b: Y.Doc): void {
  Y.applyUpdate(a, Y.encodeStateAsUpdate(b, Y.encodeStateVector(a)))
  Y.applyUpdate(b, Y.encodeStateAsUpdate(a, Y.encodeStateVector(b)))
}

const content = (doc: Y.Doc) => doc.getXmlFragment('content')

/** All nodes of a document, in their order. */
function nodesOf(parent: Y.XmlFragment): (Y.XmlFragment | Y.XmlText)[] {
  const inner = parent.toArray().flatMap((child) => {
    if (child instanceof Y.XmlElement) return nodesOf(child)
    return child instanceof Y.XmlText ? [child] : []
  })
  return [parent, ...inner]
}

function element(next: Next, depth = 0): Y.XmlElement {
  const made = new Y.XmlElement(one(next, names))
  if (next() < 0.3) made.setAttribute('level', upTo(next, 3) as unknown as string)
  const inner = Array.from({ length: upTo(next, 3) }, () =>
    depth < 3 && next() < 0.4 ? element(next, depth + 1) : text(next),
  )
  made.insert(0, inner)
  return made
}

function text(next: Next): Y.XmlText {
  const made = new Y.XmlText()
  for (let part = upTo(next, 3); part > 0; part--) made.insert(0, one(next, words), { ...one(next, marks) })
  return made
}

/** Where a character begins, as an editor would have it. */
function between(text: Y.XmlText, next: Next): number {
  const parts = text.toDelta() as { insert: string | object }[]
  const lengths = parts.flatMap(({ insert }) =>
    typeof insert === 'string' ? [...insert].map((char) => char.length) : [1],
  )
  return lengths.slice(0, upTo(next, lengths.length + 1)).reduce((sum, length) => sum + length, 0)
}

/** One edit of somebody. */
function edit(doc: Y.Doc, next: Next): void {
  const node = one(next, nodesOf(content(doc)))
  if (node instanceof Y.XmlText) {
    const [a, b] = [between(node, next), between(node, next)].sort((x, y) => x - y) as [number, number]
    const what = next()
    if (what < 0.4) node.insert(a, one(next, words), next() < 0.5 ? undefined : { ...one(next, marks) })
    else if (what < 0.6) node.delete(a, b - a)
    else if (what < 0.85) node.format(a, b - a, { ...one(next, marks) })
    else if (what < 0.95) node.insertEmbed(a, { image: upTo(next, 3) }, { ...one(next, marks) })
    else node.setAttribute('dir', upTo(next, 2))
    return
  }
  const at = upTo(next, node.length + 1)
  if (node instanceof Y.XmlElement && next() < 0.3) {
    if (next() < 0.5) node.setAttribute(one(next, ['level', 'align']), upTo(next, 4) as unknown as string)
    else node.removeAttribute('level')
  } else if (next() < 0.6 || node.length === 0) node.insert(at, [next() < 0.7 ? element(next) : text(next)])
  else node.delete(Math.min(at, node.length - 1), 1)
}

function edits(doc: Y.Doc, next: Next, count: number): void {
  for (let index = 0; index < count; index++) {
    if (next() < 0.3) doc.transact(() => [edit(doc, next), edit(doc, next)])
    else edit(doc, next)
  }
}

/** The content as plain values: neighbours of one format are one, however they came about. */
function plain(node: Y.XmlFragment | Y.XmlText | unknown): unknown {
  if (node instanceof Y.XmlText) {
    const parts: { insert: unknown; attributes: unknown }[] = []
    for (const { insert, attributes = {} } of node.toDelta() as { insert: unknown; attributes?: object }[]) {
      const last = parts.at(-1)
      const same = JSON.stringify(last?.attributes) === JSON.stringify(sorted(attributes))
      if (last && same && typeof insert === 'string' && typeof last.insert === 'string') last.insert += insert
      else parts.push({ insert, attributes: sorted(attributes) })
    }
    return [node.getAttributes(), parts]
  }
  if (node instanceof Y.XmlElement) return [node.nodeName, sorted(node.getAttributes()), node.toArray().map(plain)]
  return (node as Y.XmlFragment).toArray().map(plain)
}

const sorted = (value: object) => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
const revert = (doc: Y.Doc, past: Y.Doc) => doc.transact(() => document.revert(doc, past))

function first(): Y.Doc {
  const doc = new Y.Doc()
  doc.clientID = 7
  Y.applyUpdate(doc, document.create())
  return doc
}

describe('reverting a document', () => {
  test('makes it what it was, whatever was edited; again changes nothing; the state before can be had back', () => {
    for (let seed = 1; seed <= 400; seed++) {
      const next = random(seed)
      const doc = first()
      edits(doc, next, 12)
      const past = replica(doc, 100)
      edits(doc, next, 12)
      const before = replica(doc, 101)
      revert(doc, past)
      expect(plain(content(doc)), `seed ${seed}`).toEqual(plain(content(past)))
      let changed = false
      doc.on('update', () => {
        changed = true
      })
      revert(doc, past)
      expect(changed, `seed ${seed}`).toBe(false)
      const elsewhere = replica(doc, 102)
      expect(plain(content(elsewhere)), `seed ${seed}`).toEqual(plain(content(past)))
      revert(doc, before)
      expect(plain(content(doc)), `seed ${seed}`).toEqual(plain(content(before)))
    }
  })

  test('converges with what others write at the same time, and leaves nothing waiting', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const next = random(10_000 + seed)
      const doc = first()
      edits(doc, next, 10)
      const past = replica(doc, 100)
      edits(doc, next, 8)
      const other = replica(doc, 8)
      revert(doc, past)
      edits(other, next, 6)
      sync(doc, other)
      expect(plain(content(doc)), `seed ${seed}`).toEqual(plain(content(other)))
      expect([doc.store.pendingStructs, other.store.pendingStructs]).toEqual([null, null])
      // What came meanwhile is there to be reverted too.
      revert(doc, past)
      expect(plain(content(doc)), `seed ${seed}`).toEqual(plain(content(past)))
    }
  })

  test('keeps what somebody types meanwhile in a block that stays', () => {
    const doc = first()
    const block = (at: number) => content(doc).get(at) as Y.XmlElement
    ;(block(0).get(0) as Y.XmlText).insert(0, 'It was a dark night.')
    const past = replica(doc, 100)
    content(doc).insert(0, [new Y.XmlElement('heading')])
    ;(block(1).get(0) as Y.XmlText).insert(7, 'very ')
    const other = replica(doc, 8)
    const typed = (content(other).get(1) as Y.XmlElement).get(0) as Y.XmlText
    typed.insert(typed.length, ' And cold.')
    revert(doc, past)
    sync(doc, other)
    expect(content(doc).toString()).toBe('<paragraph>It was a dark night. And cold.</paragraph>')
  })

  test('does not stumble over what no editor writes', () => {
    const doc = first()
    const strange = doc.getXmlFragment('content') as unknown as Y.Array<unknown>
    doc.transact(() => strange.insert(0, ['plain', 7, { a: 1 }, new Y.Map([['a', 1]]), new Y.Array()]))
    const past = replica(doc, 100)
    strange.delete(0, 3)
    revert(doc, past)
    expect((content(doc).toArray() as unknown[]).slice(0, 3)).toEqual(['plain', 7, { a: 1 }])
    revert(doc, first())
    expect(content(doc).toString()).toBe('<paragraph></paragraph>')
  })
})

test('a map is made what it was, with shared types of all sorts inside', () => {
  const doc = new Y.Doc()
  const map = doc.getMap('map')
  const list = new Y.Array<unknown>()
  doc.transact(() => {
    map.set('plain', { b: 1, a: [1, 2] })
    map.set('text', new Y.Text('one'))
    map.set('list', list)
    list.insert(0, ['a', new Y.Map([['x', 1]]), 'b'])
    map.set('none', null)
    map.set('bytes', new Uint8Array([1, 2]))
  })
  const past = replica(doc, 100)
  const was = past.getMap('map')
  expect(changes(doc, () => revertMap(map, was))).toBe(0)
  map.set('plain', { a: [1, 2], b: 1 })
  expect(changes(doc, () => revertMap(map, was))).toBe(0)
  doc.transact(() => {
    map.set('plain', 1)
    map.set('new', 1)
    ;(map.get('text') as Y.Text).insert(3, ' two')
    ;(list.get(1) as Y.Map<unknown>).set('x', 2)
    list.delete(0, 1)
    map.delete('none')
    map.set('bytes', new Uint8Array([1, 3]))
  })
  const text = map.get('text')
  expect(changes(doc, () => revertMap(map, was))).toBe(1)
  expect(map.toJSON()).toEqual(was.toJSON())
  // What is there still is the same one: edits to it merge.
  expect([map.get('text'), map.get('list')]).toEqual([text, list])
  expect(changes(doc, () => revertMap(map, was))).toBe(0)
})

test('a document inside of one is known by its name, and never followed', () => {
  const doc = new Y.Doc()
  const map = doc.getMap('map')
  const fragment = content(doc)
  map.set('inner', new Y.Doc({ guid: 'a' }))
  fragment.insert(0, [new Y.Doc({ guid: 'b' }) as unknown as Y.XmlElement])
  const past = replica(doc, 100)
  const revert = () => {
    revertMap(map, past.getMap('map'))
    document.revert(doc, past)
  }
  expect(changes(doc, revert)).toBe(0)
  map.delete('inner')
  fragment.delete(0, 1)
  expect(changes(doc, revert)).toBe(1)
  expect(map.get('inner')).toMatchObject({ guid: 'a' })
  expect(fragment.toArray()).toMatchObject([{ guid: 'b' }])
  // They are others than those in the past: each belongs to one document only.
  expect(map.get('inner')).not.toBe(past.getMap('map').get('inner'))
})

/** How many updates an edit makes. */
function changes(doc: Y.Doc, work: () => void): number {
  let count = 0
  const listen = () => {
    count++
  }
  doc.on('update', listen)
  doc.transact(work)
  doc.off('update', listen)
  return count
}
