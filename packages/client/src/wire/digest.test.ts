import { create, int31, oneOf, type PRNG, uint32 } from 'lib0/prng'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { sameDigest, stateDigest } from './digest.ts'

/** Some edit somewhere. */
function edit(doc: Y.Doc, random: PRNG): void {
  const text = doc.getText('t')
  const at = int31(random, 0, text.length)
  if (text.length > 3 && int31(random, 0, 2) === 0) text.delete(Math.min(at, text.length - 2), int31(random, 1, 2))
  else if (int31(random, 0, 4) === 0) doc.getMap('m').set(oneOf(random, ['a', 'b']), uint32(random, 0, 9))
  else text.insert(at, 'x'.repeat(int31(random, 1, 4)))
}

function exchange(from: Y.Doc, to: Y.Doc): void {
  Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)))
}

describe('the digest of a state', () => {
  test.each(Array.from({ length: 25 }, (_, seed) => [seed]))(
    'is equal in replicas that hold the same, and in no others: seed %i',
    (seed) => {
      const random = create(seed)
      const docs = [new Y.Doc(), new Y.Doc(), new Y.Doc()] as const
      for (let round = 0; round < 60; round++) {
        edit(oneOf(random, [...docs]), random)
        if (int31(random, 0, 2) === 0) exchange(oneOf(random, [...docs]), oneOf(random, [...docs]))
      }
      for (const from of docs) for (const to of docs) if (from !== to) exchange(from, to)
      for (const to of docs.slice(1)) exchange(docs[0], to)
      const [one, two, three] = docs
      expect(one.getText('t').toString()).toBe(two.getText('t').toString())
      expect(sameDigest(stateDigest(one), stateDigest(two))).toBe(true)
      expect(sameDigest(stateDigest(two), stateDigest(three))).toBe(true)
      // Read from its bytes it is the same again, however its structs were merged.
      const copy = new Y.Doc()
      Y.applyUpdate(copy, Y.encodeStateAsUpdate(three))
      expect(stateDigest(copy)).toEqual(stateDigest(one))
      edit(one, random)
      expect(sameDigest(stateDigest(one), stateDigest(two))).toBe(false)
      exchange(one, two)
      expect(sameDigest(stateDigest(one), stateDigest(two))).toBe(true)
    },
  )

  test('changes by a lone deletion, which no state vector tells', () => {
    const [one, two] = [new Y.Doc(), new Y.Doc()]
    one.getText('t').insert(0, 'hello')
    exchange(one, two)
    one.getText('t').delete(1, 1)
    expect(Y.encodeStateVector(one)).toEqual(Y.encodeStateVector(two))
    expect(sameDigest(stateDigest(one), stateDigest(two))).toBe(false)
    exchange(one, two)
    expect(sameDigest(stateDigest(one), stateDigest(two))).toBe(true)
  })

  test('is the same whether deleted content was collected or not', () => {
    const [kept, collected] = [new Y.Doc({ gc: false }), new Y.Doc()]
    kept.getText('t').insert(0, 'hello')
    exchange(kept, collected)
    for (const doc of [kept]) doc.getText('t').delete(0, 3)
    exchange(kept, collected)
    expect(stateDigest(collected)).toEqual(stateDigest(kept))
  })

  test('has sixteen bytes, and an empty one is of no state', () => {
    expect(stateDigest(new Y.Doc())).toHaveLength(16)
    expect(sameDigest(new Uint8Array(), new Uint8Array())).toBe(false)
    expect(sameDigest(stateDigest(new Y.Doc()), new Uint8Array())).toBe(false)
  })
})
