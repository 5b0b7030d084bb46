import {
  addElements,
  addSlide,
  deleteElements,
  deleteSlides,
  readDeck,
  setGeometry,
  setStyle,
  slides,
} from '@realtime/resources'
import { ySyncPluginKey } from '@tiptap/y-tiptap'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { asStep, EDIT, followSteps, longStep, type Place, undoOf } from './undo.ts'

/** Two people in one deck: what one writes is with the other at once. */
function together(): [ann: Y.Doc, bob: Y.Doc] {
  const docs: [Y.Doc, Y.Doc] = [new Y.Doc(), new Y.Doc()]
  for (const doc of docs) Y.applyUpdate(doc, slides.create(), 'provider')
  // Histories begin when a deck is opened.
  for (const doc of docs) undoOf(doc)
  docs.forEach((doc, index) => {
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'provider') Y.applyUpdate(docs[1 - index] as Y.Doc, update, 'provider')
    })
  })
  return docs
}

const boxes = (doc: Y.Doc) => readDeck(doc).slides[0]?.elements ?? []
const shape = (doc: Y.Doc) => boxes(doc).find(({ type }) => type === 'shape')
const titles = (doc: Y.Doc) => {
  const title = boxes(doc)[0]
  return title?.type === 'text' ? String(((title.text.get(0) as Y.XmlElement).get(0) as Y.XmlText).toString()) : ''
}
function type(doc: Y.Doc, at: number, letters: string): void {
  const title = boxes(doc)[0]
  const text = title?.type === 'text' ? ((title.text.get(0) as Y.XmlElement).get(0) as Y.XmlText) : null
  doc.transact(() => text?.insert(at, letters), ySyncPluginKey)
}

describe('undo', () => {
  test('takes back own steps, and leaves what others did to the same shape', () => {
    const [ann, bob] = together()
    const [id = ''] = asStep(ann, () => addElements(ann, 'first', [{ type: 'shape', x: 10, y: 10 }]))
    asStep(ann, () => setGeometry(ann, 'first', [[id, { x: 300 }]]))
    asStep(bob, () => setStyle(bob, 'first', [id], { fill: 'accent-2' }))
    undoOf(ann).undo()
    expect(shape(bob)).toMatchObject({ x: 10, fill: 'accent-2' })
    undoOf(bob).undo()
    expect(shape(ann)).toMatchObject({ x: 10, fill: 'accent' })
    undoOf(ann).redo()
    expect(shape(bob)).toMatchObject({ x: 300, fill: 'accent' })
  })

  test('takes back own letters, and leaves those of others in the same text', () => {
    const [ann, bob] = together()
    type(ann, 0, 'Ann')
    type(bob, 3, ' and Bob')
    undoOf(ann).undo()
    expect(titles(ann)).toBe(' and Bob')
    undoOf(ann).redo()
    expect(titles(bob)).toBe('Ann and Bob')
  })

  test('brings back what was deleted, with what was written in it', () => {
    const [ann, bob] = together()
    type(bob, 0, 'Hello')
    asStep(ann, () =>
      deleteElements(
        ann,
        'first',
        boxes(ann).map(({ id }) => id),
      ),
    )
    expect(boxes(bob)).toHaveLength(0)
    undoOf(ann).undo()
    expect(titles(bob)).toBe('Hello')
    asStep(ann, () => deleteSlides(ann, ['first']))
    undoOf(ann).undo()
    expect(titles(bob)).toBe('Hello')
    type(bob, 5, ' again')
    expect(titles(ann)).toBe('Hello again')
  })

  test('a drag is one step, however long it takes, and the first letter after it another', () => {
    const [ann] = together()
    const [id = ''] = asStep(ann, () => addElements(ann, 'first', [{ type: 'shape', x: 10, y: 10 }]))
    const step = longStep(ann)
    for (const x of [50, 90, 140]) {
      step.during(() => setGeometry(ann, 'first', [[id, { x }]]))
      // As if it had been long ago.
      undoOf(ann).lastChange = 1
    }
    step.end()
    type(ann, 0, 'T')
    undoOf(ann).undo()
    expect([titles(ann), shape(ann)?.x]).toEqual(['', 140])
    undoOf(ann).undo()
    expect(shape(ann)?.x).toBe(10)
  })

  test('goes back to where the step was made', () => {
    const [ann] = together()
    let here: Place = { slide: 'first', elements: ['a'] }
    const went: Place[] = []
    const end = followSteps(
      ann,
      () => here,
      (place) => void went.push(place),
    )
    asStep(ann, () => setStyle(ann, 'first', [boxes(ann)[0]?.id ?? ''], { align: 'right' }))
    here = { slide: 'other', elements: [] }
    undoOf(ann).undo()
    expect(went).toEqual([{ slide: 'first', elements: ['a'] }])
    end()
  })

  test('others’ steps are none of mine', () => {
    const [ann, bob] = together()
    asStep(bob, () => addSlide(bob, { layout: 'blank', after: 'first' }))
    expect(undoOf(ann).undoStack).toHaveLength(0)
    ann.transact(() => addSlide(ann, { layout: 'blank', after: 'first' }), EDIT)
    undoOf(ann).undo()
    expect(readDeck(ann).slides).toHaveLength(2)
  })
})
