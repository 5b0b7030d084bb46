import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { checkUpdate, type KnownState } from './updates.ts'

function known(doc: Y.Doc, inFlight: ReturnType<typeof checkUpdate>[] = []): KnownState {
  return {
    doc,
    clock: (clientId) =>
      Math.max(Y.getState(doc.store, clientId), ...inFlight.map((update) => update.to.get(clientId) ?? 0)),
    inFlight: (clientId) => inFlight.flatMap(({ structs }) => [structs.get(clientId) ?? []]),
  }
}

/** The updates that a series of edits makes, one each. */
function edits(doc: Y.Doc, ...works: (() => void)[]): Uint8Array[] {
  const updates: Uint8Array[] = []
  const collect = (update: Uint8Array): void => void updates.push(update)
  doc.on('update', collect)
  for (const work of works) work()
  doc.off('update', collect)
  return updates
}

function typed(): { author: Y.Doc; updates: Uint8Array[] } {
  const author = new Y.Doc()
  const text = author.getText('t')
  const updates = edits(
    author,
    () => text.insert(0, 'hello'),
    () => text.insert(5, ' world'),
    () => text.delete(0, 2),
  )
  return { author, updates }
}

/** A small generator of numbers from a seed (mulberry32), so that a failing run can be repeated. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
}

describe('checkUpdate', () => {
  test('U2: takes updates in order, also while the ones before are being committed', () => {
    const { author, updates } = typed()
    const doc = new Y.Doc()
    const flying: ReturnType<typeof checkUpdate>[] = []
    for (const update of updates) {
      const checked = checkUpdate(update, known(doc, flying))
      expect(checked.known).toBe(false)
      flying.push(checked)
    }
    expect([...(flying[1]?.to ?? [])]).toEqual([[author.clientID, 11]])
  })

  test('U2: refuses a clock gap, an unknown origin and the deletion of something unknown', () => {
    const { updates } = typed()
    for (const update of updates.slice(1)) {
      expect(() => checkUpdate(update, known(new Y.Doc()))).toThrow(/cannot be applied/)
    }
    const reader = new Y.Doc()
    Y.applyUpdate(reader, updates[0] as Uint8Array)
    const [reply] = edits(reader, () => reader.getText('t').insert(3, '!'))
    expect(() => checkUpdate(reply as Uint8Array, known(new Y.Doc()))).toThrow(/depends on something/)
  })

  test('U2: refuses merged updates with a hole in them', () => {
    const author = new Y.Doc()
    const text = author.getText('t')
    const [first, , third] = edits(
      author,
      () => text.insert(0, 'a'),
      () => text.insert(0, 'b'),
      () => text.insert(0, 'c'),
    )
    const holed = Y.mergeUpdates([first as Uint8Array, third as Uint8Array])
    expect(() => checkUpdate(holed, known(new Y.Doc()))).toThrow(/depends on something/)
  })

  test('U7: knows an update that adds nothing, by its structs and its deletions', () => {
    const { author, updates } = typed()
    const doc = new Y.Doc()
    for (const update of updates) Y.applyUpdate(doc, update)
    for (const update of updates) expect(checkUpdate(update, known(doc)).known).toBe(true)
    expect(checkUpdate(Y.encodeStateAsUpdate(author), known(doc)).known).toBe(true)
    const [deletion] = edits(author, () => author.getText('t').delete(0, 1))
    expect(checkUpdate(deletion as Uint8Array, known(doc)).known).toBe(false)
  })

  test('U7: of what is known in part, only what is new is left to be written', () => {
    const earlier = new Y.Doc()
    const doc = new Y.Doc()
    const [first] = edits(earlier, () => earlier.getText('t').insert(0, 'kept'))
    Y.applyUpdate(doc, first as Uint8Array)
    const [removal] = edits(earlier, () => earlier.getText('t').delete(0, 1))
    const later = new Y.Doc()
    Y.applyUpdate(later, first as Uint8Array)
    const [second] = edits(later, () => later.getText('t').insert(4, '!'))
    // As a client folds them that never heard of the commit of the first.
    for (const [added, text] of [
      [removal, 'ept'],
      [second, 'kept!'],
    ] as const) {
      const checked = checkUpdate(Y.mergeUpdates([first as Uint8Array, added as Uint8Array]), known(doc))
      expect(checked.known).toBe(false)
      const written = Y.decodeUpdate(checked.update).structs.map((struct) => struct.id.client)
      expect(written).toEqual([...checked.to.keys()])
      const copy = new Y.Doc()
      Y.applyUpdate(copy, first as Uint8Array)
      Y.applyUpdate(copy, checked.update)
      expect(copy.getText('t').toString()).toBe(text)
    }
  })

  test('U2: takes merged updates whose hole is known', () => {
    const author = new Y.Doc()
    const text = author.getText('t')
    const [first, second, third] = edits(
      author,
      () => text.insert(0, 'a'),
      () => text.insert(0, 'b'),
      () => text.insert(0, 'c'),
    )
    const doc = new Y.Doc()
    for (const update of [first, second]) Y.applyUpdate(doc, update as Uint8Array)
    const checked = checkUpdate(Y.mergeUpdates([first as Uint8Array, third as Uint8Array]), known(doc))
    Y.applyUpdate(doc, checked.update)
    expect(doc.getText('t').toString()).toBe('cba')
    expect(doc.store.pendingStructs).toBeNull()
  })

  test('U1: refuses garbage and V2 updates', () => {
    const { author } = typed()
    const v2 = Y.encodeStateAsUpdateV2(author)
    for (const bytes of [new Uint8Array(), Uint8Array.of(255, 255, 255, 255, 15, 1), Uint8Array.of(7, 1, 2, 3)]) {
      expect(() => checkUpdate(bytes, known(new Y.Doc()))).toThrow()
    }
    expect(() => checkUpdate(v2, known(new Y.Doc()))).toThrow()
  })

  test('U2: refuses content inside of something that holds none', () => {
    const author = new Y.Doc()
    author.clientID = 5
    author.getText('t').insert(0, 'ab')
    const doc = new Y.Doc()
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(author))
    const forged = new Y.Doc()
    forged.clientID = 6
    forged.getMap('m').set('k', new Y.Map())
    const base = Y.encodeStateAsUpdate(forged)
    const [inner] = edits(forged, () => (forged.getMap('m').get('k') as Y.Map<number>).set('x', 1))
    Y.applyUpdate(doc, base)
    expect(checkUpdate(inner as Uint8Array, known(doc)).known).toBe(false)
    // The parent id (6, 0) of the inner item now names a character of a text.
    const bytes = Uint8Array.from(inner as Uint8Array)
    const poisoned = replaceParent(bytes, [6, 0], [5, 0])
    expect(() => checkUpdate(poisoned, known(doc))).toThrow(/holds none/)
  })

  test('U2: refuses structs and deletions without a length, at which Yjs throws', () => {
    const author = new Y.Doc()
    author.clientID = 5
    author.getText('t').insert(0, 'ab')
    const doc = new Y.Doc()
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(author))
    const deletion = Uint8Array.of(0, 1, 5, 1, 2, 0)
    const struct = Uint8Array.of(1, 1, 9, 0, 0, 0, 0)
    for (const update of [deletion, struct]) expect(() => checkUpdate(update, known(doc))).toThrow(/cannot be applied/)
    expect(() => Y.applyUpdate(doc, deletion)).toThrow()
  })

  test('U2: what is half known and collected by now does not break applying the other half', () => {
    const author = new Y.Doc()
    author.clientID = 5
    author.getMap('m').set('k', new Y.Text('ab'))
    author.getMap('m').delete('k')
    const other = new Y.Doc()
    other.clientID = 6
    other.getText('t').insert(0, 'x')
    const make = (): Y.Doc => {
      const doc = new Y.Doc()
      for (const each of [author, other]) Y.applyUpdate(doc, Y.encodeStateAsUpdate(each))
      return doc
    }
    // (5, 1) "abc" after the x, of which "ab" is known and garbage.
    const forged = Uint8Array.of(1, 1, 5, 1, 0x84, 6, 0, 3, 97, 98, 99, 0)
    expect(() => Y.applyUpdate(make(), forged)).toThrow()
    const doc = make()
    Y.applyUpdate(doc, checkUpdate(forged, known(doc)).update)
    expect(Y.getState(doc.store, 5)).toBe(4)
  })

  test('a paste of thirty thousand paragraphs does not hold up everybody else', () => {
    const author = new Y.Doc()
    const paragraphs = Array.from({ length: 30_000 }, () => {
      const paragraph = new Y.XmlElement('paragraph')
      paragraph.insert(0, [new Y.XmlText('text')])
      return paragraph
    })
    const [paste] = edits(author, () => author.getXmlFragment('f').insert(0, paragraphs))
    const began = performance.now()
    checkUpdate(paste as Uint8Array, known(new Y.Doc()))
    // A tenth of it is usual; with a search through all structs for each parent it took ten seconds.
    expect(performance.now() - began).toBeLessThan(3_000)
  })

  test('U13: a deletion is named once, in whatever order', () => {
    const author = new Y.Doc()
    author.clientID = 5
    author.getText('t').insert(0, 'abcdef')
    const doc = new Y.Doc()
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(author))
    const deletions = (...ranges: number[]) => Uint8Array.of(0, 1, 5, ranges.length / 2, ...ranges)
    expect(checkUpdate(deletions(3, 2, 0, 2), known(doc)).known).toBe(false)
    for (const twice of [deletions(0, 2, 0, 2), deletions(0, 4, 1, 1), deletions(2, 2, 0, 3)]) {
      expect(() => checkUpdate(twice, known(doc))).toThrow(/same twice/)
    }
  })

  test('U13: an update has so many parts and writes under so many client ids', () => {
    const crowd = new Y.Doc()
    for (let clientId = 1; clientId <= 257; clientId++) {
      crowd.clientID = clientId
      crowd.getText('t').insert(0, 'x')
    }
    expect(() => checkUpdate(Y.encodeStateAsUpdate(crowd), known(new Y.Doc()))).toThrow(/256 client ids/)
    const count = 150_001
    const head = [1, 0x80 | (count & 127), 0x80 | ((count >> 7) & 127), count >> 14, 9, 0]
    const tiny = new Uint8Array(head.length + 2 * count + 1)
    tiny.set(head)
    for (let index = 0; index < count; index++) tiny.set([0, 1], head.length + 2 * index)
    expect(() => checkUpdate(tiny, known(new Y.Doc()))).toThrow(expect.objectContaining({ key: 'payload-too-large' }))
  })

  test('U13: parts that wait for each other in the worst order are looked at a few times each', () => {
    // Two authors who answer each other: each character stands behind the other's last, and the ids are in the way.
    const authors = [new Y.Doc(), new Y.Doc()]
    for (const [index, author] of authors.entries()) author.clientID = 7 - index
    for (let turn = 0; turn < 2_000; turn++) {
      const [author, other] = turn % 2 === 0 ? authors : [...authors].reverse()
      if (!author || !other) continue
      author.getText('t').insert(author.getText('t').length, 'x')
      Y.applyUpdate(other, Y.encodeStateAsUpdate(author, Y.encodeStateVector(other)))
    }
    let asked = 0
    const doc = new Y.Doc()
    const state: KnownState = {
      doc,
      clock: (clientId) => {
        asked++
        return Y.getState(doc.store, clientId)
      },
      inFlight: () => [],
    }
    expect(checkUpdate(Y.encodeStateAsUpdate(authors[0] as Y.Doc), state).known).toBe(false)
    expect(asked).toBeLessThan(20_000)
  })

  test('U2: refuses the structs of a client id in two places', () => {
    const halves = Uint8Array.of(2, 1, 9, 1, 4, 1, 1, 116, 1, 98, 1, 9, 0, 4, 1, 1, 116, 1, 97, 0)
    expect(() => checkUpdate(halves, known(new Y.Doc()))).toThrow(/out of order/)
  })

  test.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'U2: what passes never leaves anything pending, whatever the order (seed %i)',
    (seed) => {
      const next = random(seed)
      const authors = [new Y.Doc(), new Y.Doc(), new Y.Doc()]
      const all: Uint8Array[] = []
      for (let step = 0; step < 60; step++) {
        const author = authors[Math.floor(next() * authors.length)] as Y.Doc
        const text = author.getText('t')
        const work = (): void => {
          if (text.length > 3 && next() < 0.4) text.delete(Math.floor(next() * (text.length - 1)), 1)
          else text.insert(Math.floor(next() * (text.length + 1)), String(step))
        }
        all.push(...edits(author, work))
        if (next() < 0.3)
          for (const update of all) if (next() < 0.9) Y.applyUpdate(authors[Math.floor(next() * 3)] as Y.Doc, update)
      }
      const doc = new Y.Doc()
      const waiting = [...all].sort(() => next() - 0.5)
      for (let round = 0; round < all.length && waiting.length > 0; round++) {
        for (const update of waiting.splice(0)) {
          try {
            checkUpdate(update, known(doc))
            Y.applyUpdate(doc, update)
            expect(doc.store.pendingStructs).toBeNull()
            expect(doc.store.pendingDs).toBeNull()
          } catch (error) {
            expect(error).toHaveProperty('key', 'invalid-update')
            waiting.push(update)
          }
        }
      }
      expect(waiting).toEqual([])
      const whole = new Y.Doc()
      for (const update of all) Y.applyUpdate(whole, update)
      expect(doc.getText('t').toString()).toBe(whole.getText('t').toString())
    },
  )
})

function replaceParent(update: Uint8Array, from: [number, number], to: [number, number]): Uint8Array {
  for (let index = update.length - 1; index > 0; index--) {
    if (update[index - 1] === from[0] && update[index] === from[1] && update[index - 2] === 0) {
      const forged = Uint8Array.from(update)
      forged.set(to, index - 1)
      return forged
    }
  }
  throw new Error('the parent id is not where it was expected')
}
