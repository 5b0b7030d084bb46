import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { digestOf } from './digest.ts'

/** A generator of numbers below a bound, the same for the same seed. */
function dice(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const copyOf = (doc: Y.Doc): Y.Doc => {
  const copy = new Y.Doc()
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc))
  return copy
}

/** Some edit of some kind, anywhere. */
function edit(doc: Y.Doc, random: (below: number) => number): void {
  const text = doc.getText('text')
  const map = doc.getMap('map')
  const list = doc.getArray('list')
  const tree = doc.getXmlFragment('tree')
  const works = [
    () => text.insert(random(text.length + 1), 'abcdefgh'.slice(random(8))),
    () => text.length > 0 && text.delete(random(text.length), 1),
    () => text.length > 1 && text.format(random(text.length - 1), 1, { bold: random(2) === 1 || null }),
    () => map.set(`k${random(4)}`, random(2) ? random(100) : { deep: [random(9), undefined, new Uint8Array([1, 2])] }),
    () => map.delete(`k${random(4)}`),
    () => list.insert(random(list.length + 1), [random(9), 'x', null]),
    () => list.length > 0 && list.delete(random(list.length), 1),
    () => tree.insert(random(tree.length + 1), [new Y.XmlElement('p')]),
    () => tree.length > 0 && tree.delete(random(tree.length), 1),
    () => {
      const at = tree.length > 0 ? tree.get(random(tree.length)) : null
      if (at instanceof Y.XmlElement) at.insert(0, [new Y.XmlText(`t${random(99)}`)])
    },
    () => map.set('inner', new Y.Map([['a', random(5)]])),
  ]
  doc.transact(() => works[random(works.length)]?.())
}

describe('the digest of a document', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))('stays what it is when it is read back (seed %i)', (seed) => {
    const random = dice(seed * 7919 + 1)
    const replicas = [1, 2, 3].map((client) => {
      const doc = new Y.Doc()
      doc.clientID = client
      return doc
    })
    const log: Uint8Array[] = []
    for (const doc of replicas) doc.on('update', (update: Uint8Array, origin) => origin !== 'other' && log.push(update))
    const heard = [0, 0, 0]
    const hear = (index: number): void => {
      for (const update of log.slice(heard[index])) Y.applyUpdate(replicas[index] as Y.Doc, update, 'other')
      heard[index] = log.length
    }
    for (let step = 0; step < 150; step++) {
      const who = random(3)
      if (random(4) === 0) hear(who)
      edit(replicas[who] as Y.Doc, random)
    }
    for (const index of [0, 1, 2]) hear(index)
    const folded = new Y.Doc()
    for (const update of log) Y.applyUpdate(folded, update)
    for (const doc of [...replicas, folded]) {
      const digest = digestOf(doc)
      expect(digestOf(copyOf(doc))).toBe(digest)
      doc.getText('text').insert(0, '!')
      expect(digestOf(doc)).not.toBe(digest)
    }
  })
})
