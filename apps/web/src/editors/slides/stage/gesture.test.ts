import { addElements, readDeck, setField, slideElement, slides } from '@realtime/resources'
import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { EDIT, undoOf } from '../studio/undo.ts'
import { createGesture } from './gesture.ts'

function deckWithBox() {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, slides.create())
  const slide = readDeck(doc).slides[0]?.id as string
  const place = { x: 0, y: 0, width: 100, height: 100 }
  const [box] = addElements(doc, slide, [{ type: 'shape', form: 'rectangle', ...place }]) as [string]
  const undo = undoOf(doc)
  const boxNow = () => readDeck(doc).slides[0]?.elements.find(({ id }) => id === box)
  const set = (field: string, value: number) =>
    doc.transact(() => setField(slideElement(doc, slide, box), field, value), EDIT)
  return { gesture: createGesture(doc, () => slide, vi.fn()), box, boxNow, set, undo }
}

test('a press that moves nothing, and is never told of its end, joins no steps that come after it', () => {
  const { gesture, undo } = deckWithBox()
  const before = undo.captureTimeout
  gesture.begin()
  expect(gesture.active()).toBe(false)
  expect(undo.captureTimeout).toBe(before)
})

test('a drag is one step, however often it moves, and apart from what comes after it', () => {
  const { gesture, box, boxNow, set, undo } = deckWithBox()
  gesture.begin()
  for (const x of [10, 20, 30]) gesture.move(new Map([[box, { x }]]))
  expect(gesture.active()).toBe(true)
  gesture.end()
  set('x', 40)
  undo.undo()
  expect(boxNow()?.x).toBe(30)
  undo.undo()
  expect(boxNow()?.x).toBe(0)
})
