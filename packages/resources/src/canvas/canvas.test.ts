import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { canvas } from './canvas.ts'
import { type CanvasElement, partsOf } from './element.ts'
import { canvasElements, readCanvas } from './reading.ts'
import { element, put, randomOf } from './testing.ts'

function fresh(): Y.Doc {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, canvas.create())
  return doc
}

function write(doc: Y.Doc, one: CanvasElement): void {
  const parts = Object.entries(partsOf(one)).filter(([, value]) => value !== undefined)
  put(doc.getMap(canvasElements), one.id, Object.fromEntries(parts))
}

function copy(doc: Y.Doc): Y.Doc {
  const twin = new Y.Doc()
  Y.applyUpdate(twin, Y.encodeStateAsUpdate(doc))
  return twin
}

test('a new canvas is sound and says nothing', () => {
  const doc = fresh()
  expect(canvas.check(doc)).toBeNull()
  expect(canvas.text(doc)).toBe('')
  expect(readCanvas(doc)).toEqual([])
})

test('the texts are those of elements and frames, from back to front', () => {
  const doc = fresh()
  write(doc, element('text', { index: 'a2', text: 'wrapped\nwords', originalText: 'wrapped words' }))
  write(doc, element('frame', { index: 'a1', name: 'Frame of mind' }))
  write(doc, element('rectangle', { index: 'a3' }))
  write(doc, element('text', { index: 'a4', originalText: 'gone', isDeleted: true }))
  expect(canvas.text(doc)).toBe('Frame of mind\nwrapped words')
})

test('elements that are no map of maps are told', () => {
  const list = fresh()
  list.getArray(canvasElements).push(['x'])
  expect(canvas.check(copy(list))).toBe('the elements are not a map')
  const stray = fresh()
  stray.getMap(canvasElements).set('one', 'a string')
  expect(canvas.check(stray)).toBe('an element is not a map')
  expect(canvas.text(stray)).toBe('')
})

test('reverting marks what came later as deleted, brings back what was deleted, and merges with edits meanwhile', () => {
  const doc = fresh()
  write(doc, element('rectangle', { id: 'kept', index: 'a1' }))
  write(doc, element('ellipse', { id: 'gone', index: 'a2' }))
  const past = copy(doc)
  const map = doc.getMap<Y.Map<unknown>>(canvasElements)
  map.get('gone')?.set('deleted', true)
  map.get('kept')?.set('style', { ...(map.get('kept')?.get('style') as object), strokeColor: '#ff0000' })
  write(doc, element('diamond', { id: 'later', index: 'a3' }))
  const other = copy(doc)
  const theirs = other.getMap<Y.Map<unknown>>(canvasElements)
  theirs.get('kept')?.set('geometry', { ...(theirs.get('kept')?.get('geometry') as object), x: 500 })

  doc.transact(() => canvas.revert(doc, past))
  expect(readCanvas(doc)).toEqual(readCanvas(past))
  expect(map.has('later')).toBe(true)

  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
  expect(readCanvas(doc).find(({ id }) => id === 'kept')).toMatchObject({ x: 500, strokeColor: '#1e1e1e' })
})

test('reverting takes along what is no element, whatever it is', () => {
  const doc = fresh()
  const map = doc.getMap<unknown>(canvasElements)
  map.set('huge', 1n)
  map.set('inner', new Y.Doc({ guid: 'inner' }))
  map.set('bytes', new Uint8Array([1, 2]))
  const past = copy(doc)
  const before = Y.encodeStateVector(doc)
  doc.transact(() => canvas.revert(doc, past))
  expect(Y.encodeStateVector(doc)).toEqual(before)
  map.set('huge', 2n)
  map.set('inner', 'gone')
  map.delete('bytes')
  doc.transact(() => canvas.revert(doc, past))
  expect([map.get('huge'), map.get('bytes')]).toEqual([1n, new Uint8Array([1, 2])])
  expect(map.get('inner')).toMatchObject({ guid: 'inner' })
})

test('reverting to any past shows that past, and writes nothing when it is the present', () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  const random = randomOf(seed)
  const doc = fresh()
  const map = doc.getMap<Y.Map<unknown>>(canvasElements)
  const pasts: Y.Doc[] = []
  for (let round = 0; round < 200; round++) {
    const ids = [...map.keys()]
    const id = ids[Math.floor(random() * ids.length)] ?? ''
    const dice = random()
    if (dice < 0.4) write(doc, element('rectangle', { id: `e${round}`, index: `a${round % 10}`, x: random() * 100 }))
    else if (dice < 0.6) map.get(id)?.set('deleted', true)
    else if (dice < 0.7) map.get(id)?.delete('deleted')
    else if (dice < 0.8) map.get(id)?.set('index', `a${Math.floor(random() * 10)}`)
    else if (id) map.get(id)?.set('style', { strokeWidth: Math.floor(random() * 5) })
    if (random() < 0.1) pasts.push(copy(doc))
  }
  for (const past of pasts.sort(() => random() - 0.5)) {
    doc.transact(() => canvas.revert(doc, past))
    expect(readCanvas(doc), `seed ${seed}`).toEqual(readCanvas(past))
    const before = Y.encodeStateVector(doc)
    doc.transact(() => canvas.revert(doc, past))
    expect(Y.encodeStateVector(doc), `seed ${seed}`).toEqual(before)
  }
})
