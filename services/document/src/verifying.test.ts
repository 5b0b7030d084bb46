import { brotliCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { type Claims, claim, decodeClaims, encodeClaims, noClaims } from './claims.ts'
import { digestOf } from './digest.ts'
import { packState } from './packing.ts'
import { wrongWith } from './verifying.ts'

// What may happen to a state between its rows and the table, each of which would lose or change somebody's words.

/** Two people's rows, and the document they lead to. */
function written(): { doc: Y.Doc; rows: Uint8Array[]; claims: Claims } {
  const rows: Uint8Array[] = []
  const doc = new Y.Doc()
  const people = [7, 8].map((client) => {
    const own = new Y.Doc()
    own.clientID = client
    own.on('update', (update: Uint8Array, origin) => origin !== 'told' && rows.push(update))
    return own
  })
  for (let step = 0; step < 40; step++) {
    for (const own of people) {
      for (const row of rows) Y.applyUpdate(own, row, 'told')
      const text = own.getText('text')
      own.transact(() => {
        text.insert(text.length >> 1, `word${step} `)
        if (step % 3 === 0) text.delete(0, 2)
        own.getMap('map').set(`key${step % 5}`, step)
      })
    }
  }
  const claims = noClaims()
  for (const row of rows) {
    Y.applyUpdate(doc, row)
    claim(claims, Y.decodeUpdate(row))
  }
  return { doc, rows, claims }
}

const { doc, rows, claims } = written()
const content = digestOf(doc)
const state = Y.encodeStateAsUpdate(doc)
const verdict = (bytes: Uint8Array) => wrongWith({ packed: packState(bytes), claims, content })
const folded = (updates: Uint8Array[]) => {
  const other = new Y.Doc()
  for (const update of updates) Y.applyUpdate(other, update)
  return other
}
const changed = (change: (other: Y.Doc) => void) => {
  const other = folded([state])
  other.clientID = 7
  change(other)
  return Y.encodeStateAsUpdate(other)
}

describe('a state that is to be stored', () => {
  it('is right when it is what was folded', () => {
    expect(verdict(state)).toBeNull()
    expect(wrongWith({ packed: packState(state), claims: decodeClaims(encodeClaims(claims)), content })).toBeNull()
  })

  it('is refused when any one row is not in it', () => {
    for (const index of rows.keys()) {
      const others = rows.filter((_, other) => other !== index)
      expect(verdict(Y.encodeStateAsUpdate(folded(others))), `without row ${index}`).not.toBeNull()
    }
  })

  it('is refused when it says more than was written', () => {
    expect(verdict(changed((other) => other.getText('text').insert(0, 'x')))).toMatch(/nobody wrote/)
  })

  it('is refused when it deletes more than was deleted', () => {
    expect(verdict(changed((other) => other.getText('text').delete(9, 1)))).toBe('its content is another')
  })

  it('is refused when it lacks a deletion', () => {
    const one = new Y.Doc()
    one.getText('text').insert(0, 'to stay, to go')
    const packed = packState(Y.encodeStateAsUpdate(one))
    const before = Y.encodeStateVector(one)
    one.getText('text').delete(7, 7)
    const said = noClaims()
    claim(said, Y.decodeUpdate(Y.encodeStateAsUpdate(one, before)))
    expect(wrongWith({ packed, claims: said, content: digestOf(one) })).toMatch(/does not delete all of 7 to 14/)
  })

  it('is refused when one letter of it is another', () => {
    const at = Buffer.from(state).indexOf('word')
    expect(at).toBeGreaterThan(0)
    const other = Uint8Array.from(state)
    other[at] = 'W'.charCodeAt(0)
    expect(verdict(other)).toBe('its content is another')
  })

  it('is refused when its words stand in another order', () => {
    const [first, second] = [new Y.Doc(), new Y.Doc()]
    const texts = [first, second].map((one) => {
      one.clientID = 7
      return one.getText('text')
    })
    texts[0]?.insert(0, 'b')
    texts[0]?.insert(0, 'a')
    texts[1]?.insert(0, 'b')
    texts[1]?.insert(1, 'a')
    const said = noClaims()
    claim(said, Y.decodeUpdate(Y.encodeStateAsUpdate(first)))
    const wrong = wrongWith({
      packed: packState(Y.encodeStateAsUpdate(second)),
      claims: said,
      content: digestOf(first),
    })
    expect(wrong).toBe('its content is another')
  })

  it('is refused when it lacks what comes before a part of it', () => {
    const late = new Y.Doc()
    late.clientID = 7
    late.getText('text').insert(0, 'first')
    const before = Y.encodeStateVector(late)
    late.getText('text').insert(5, 'second')
    expect(verdict(Y.encodeStateAsUpdate(late, before))).toBe('it lacks a part of itself')
  })

  it('is refused when it cannot be read', () => {
    const cut = packState(state).subarray(0, 200)
    const notYjs = new Uint8Array(brotliCompressSync('this is no state'))
    for (const packed of [cut, notYjs, new Uint8Array()]) {
      expect(wrongWith({ packed, claims, content })).toMatch(/cannot be read|lacks/)
    }
  })
})
