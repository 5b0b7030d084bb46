import type { Node } from '@tiptap/pm/model'
import { describe, expect, test } from 'vitest'
import { selected } from '../positions.ts'
import { accept } from './accept.ts'
import { type Anchor, anchorAt, isChanged, placeOf, standing } from './anchor.ts'
import { readAnswer } from './answer.ts'
import { twoWriters, type Writer } from './people.testing.ts'

function anchored(writer: Writer, from: number, to = from): Anchor {
  const anchor = anchorAt(writer.editor.state, { from, to })
  if (!anchor) throw new Error('There is no binding')
  return anchor
}

function over(writer: Writer, text: string): Anchor {
  const from = writer.find(text)
  return anchored(writer, from, from + text.length)
}

function answer(writer: Writer, text: string): Node {
  const read = readAnswer(writer.editor, text)
  if (!read) throw new Error('There is no text')
  return read
}

function textAt(writer: Writer, anchor: Anchor): string | null {
  const place = placeOf(writer.editor.state, anchor)
  return place && writer.editor.state.doc.textBetween(place.from, place.to, '|')
}

describe('an anchor', () => {
  test('holds its text while others write before, at both edges, and after', () => {
    const { ann, bob } = twoWriters('<p>One two three.</p><p>Four.</p>')
    const anchor = over(ann, 'two')
    bob.type(1, 'Zero. ')
    bob.type(bob.find('two'), '>')
    bob.type(bob.find('two') + 3, '<')
    bob.type(bob.find('Four'), 'And ')
    expect(ann.blocks()).toEqual(['Zero. One >two< three.', 'And Four.'])
    expect(textAt(ann, anchor)).toBe('two')
    expect(isChanged(ann.editor.state, anchor)).toBe(false)
  })

  test('says when its text is changed, and which of it stands', () => {
    const { ann, bob } = twoWriters('<p>One two three.</p>')
    const anchor = over(ann, 'One two three')
    bob.type(bob.find('two'), 'and ')
    bob.editor.commands.deleteRange({ from: bob.find('ee.'), to: bob.find('ee.') + 2 })
    expect(textAt(ann, anchor)).toBe('One and two thr')
    expect(isChanged(ann.editor.state, anchor)).toBe(true)
    const parts = standing(ann.editor.state, anchor)
    expect(parts.map(({ from, to }) => ann.editor.state.doc.textBetween(from, to))).toEqual(['One ', 'two thr'])
  })

  test('of a caret in an empty line stays in its line', () => {
    const { ann, bob } = twoWriters('<p>One.</p><p></p><p>Two.</p>')
    const anchor = anchored(ann, 7)
    bob.editor.commands.insertContentAt(0, '<p>Zero.</p>')
    const place = placeOf(ann.editor.state, anchor)
    expect(place && ann.editor.state.doc.resolve(place.from).index(0)).toBe(2)
  })

  test('does not fail when its block is gone', () => {
    const { ann, bob } = twoWriters('<p>One.</p><p>Two.</p><p>Three.</p>')
    const anchor = over(ann, 'Two.')
    bob.editor.commands.deleteRange({ from: 6, to: 12 })
    expect(ann.blocks()).toEqual(['One.', 'Three.'])
    expect(isChanged(ann.editor.state, anchor)).toBe(true)
    expect(standing(ann.editor.state, anchor)).toEqual([])
    accept(ann.editor, anchor, answer(ann, 'New.'), 'in-place')
    expect(ann.blocks().join(' ')).toContain('New.')
    expect(ann.blocks().join(' ')).toMatch(/One\..*Three\./)
    expect(bob.blocks()).toEqual(ann.blocks())
  })
})

describe('accepting', () => {
  test('replaces the selection in its paragraph, as one step to undo, and keeps what others wrote around it', () => {
    const { ann, bob } = twoWriters('<p>One two three.</p>')
    ann.type(ann.find('One'), 'Ann. ')
    const anchor = over(ann, 'two')
    bob.type(bob.find('three'), 'Bob ')
    expect(accept(ann.editor, anchor, answer(ann, 'a **pair** of'), 'in-place')).toBe('done')
    ann.type(1, 'Later. ')
    expect(bob.blocks()).toEqual(['Later. Ann. One a pair of Bob three.'])
    ann.undo()
    expect(bob.blocks()).toEqual(['Ann. One a pair of Bob three.'])
    ann.undo()
    expect(bob.blocks()).toEqual(['Ann. One two Bob three.'])
    ann.undo()
    expect(bob.blocks()).toEqual(['One two Bob three.'])
  })

  test('keeps what others wrote into the selection', () => {
    const { ann, bob } = twoWriters('<p>Before. One two three. After.</p>')
    const anchor = over(ann, 'One two three.')
    bob.type(bob.find('two'), 'BOB ')
    expect(accept(ann.editor, anchor, answer(ann, 'New.'), 'in-place')).toBe('kept')
    expect(ann.blocks()).toEqual(['Before. New. BOB  After.'])
    expect(bob.blocks()).toEqual(ann.blocks())
    ann.undo()
    expect(ann.blocks()).toEqual(['Before. One BOB two three. After.'])
    expect(bob.blocks()).toEqual(ann.blocks())
  })

  test('leaves the letters of whoever is still writing there with them', () => {
    const { ann, bob, apart, together } = twoWriters('<p>One two three.</p>')
    const anchor = over(ann, 'One two three.')
    bob.type(bob.find('two'), 'BO')
    apart()
    bob.type(bob.find('BO') + 2, 'B')
    accept(ann.editor, anchor, answer(ann, 'New.'), 'in-place')
    together()
    expect(ann.blocks()).toEqual(['New. BOB'])
    expect(bob.blocks()).toEqual(ann.blocks())
  })

  test('keeps what others wrote while apart, when it comes', () => {
    const { ann, bob, apart, together } = twoWriters('<p>One two three.</p>')
    const anchor = over(ann, 'One two three.')
    apart()
    bob.type(bob.find('two'), 'BOB ')
    accept(ann.editor, anchor, answer(ann, 'New.'), 'in-place')
    together()
    expect(ann.blocks()).toEqual(bob.blocks())
    expect(ann.blocks().join()).toContain('BOB')
    expect(ann.blocks().join()).toContain('New.')
    expect(ann.blocks().join()).not.toContain('three')
  })

  test('over several blocks, with others’ words in one of them', () => {
    const { ann, bob } = twoWriters('<p>One.</p><p>Two.</p><p>Three.</p><p>Four.</p>')
    const anchor = anchored(ann, ann.find('One'), ann.find('Three.') + 6)
    bob.type(bob.find('wo.'), 'BOB')
    expect(accept(ann.editor, anchor, answer(ann, '# Title\n\nText.'), 'in-place')).toBe('kept')
    expect(ann.blocks()).toEqual(['Title', 'Text.', 'BOB', 'Four.'])
    expect(bob.blocks()).toEqual(ann.blocks())
  })

  test('replaces whole blocks by blocks', () => {
    const { ann, bob } = twoWriters('<p>One.</p><p>Two.</p><p>Three.</p>')
    const anchor = anchored(ann, ann.find('Two'), ann.find('Two.') + 4)
    accept(ann.editor, anchor, answer(ann, '## Title\n\n- a\n- b\n\n1. c'), 'in-place')
    expect(ann.editor.state.doc.children.map((node) => node.type.name)).toEqual([
      'paragraph',
      'heading',
      'bulletList',
      'orderedList',
      'paragraph',
    ])
    expect(bob.blocks()).toEqual(ann.blocks())
    ann.undo()
    expect(bob.blocks()).toEqual(['One.', 'Two.', 'Three.'])
  })

  test('after a triple click, which reaches into the next block, leaves that', () => {
    const { ann } = twoWriters('<p>One.</p><p>Two.</p>')
    ann.editor.commands.setTextSelection({ from: 1, to: 7 })
    const range = selected(ann.editor.state)
    expect(range).toEqual({ from: 1, to: 5 })
    accept(ann.editor, anchored(ann, range.from, range.to), answer(ann, 'New.'), 'in-place')
    expect(ann.blocks()).toEqual(['New.', 'Two.'])
  })

  test('all of a document', () => {
    const { ann, bob } = twoWriters('<h1>One</h1><p>Two.</p>')
    ann.editor.commands.selectAll()
    const range = selected(ann.editor.state)
    const anchor = anchored(ann, range.from, range.to)
    expect(isChanged(ann.editor.state, anchor)).toBe(false)
    bob.editor.commands.insertContentAt(bob.editor.state.doc.content.size, '<p>BOB</p>')
    expect(isChanged(ann.editor.state, anchor)).toBe(false)
    accept(ann.editor, anchor, answer(ann, '## New\n\nText.'), 'in-place')
    expect(bob.blocks()).toEqual(['New', 'Text.', 'BOB'])
  })

  test('a heading stays one where its words are replaced', () => {
    const { ann } = twoWriters('<h1>One two</h1><p>Three.</p>')
    accept(ann.editor, over(ann, 'One two'), answer(ann, 'New words'), 'in-place')
    expect(ann.editor.getHTML()).toContain('<h1>New words</h1>')
    accept(ann.editor, over(ann, 'New words'), answer(ann, '# Other words'), 'in-place')
    expect(ann.editor.getHTML()).toBe('<h1>Other words</h1><p>Three.</p>')
  })

  test('items of a list by items', () => {
    const { ann } = twoWriters('<ul><li><p>One</p></li><li><p>Two</p></li><li><p>Three</p></li></ul>')
    const anchor = anchored(ann, ann.find('One'), ann.find('Two') + 3)
    accept(ann.editor, anchor, answer(ann, '- A\n- B\n- C'), 'in-place')
    expect(ann.editor.state.doc.childCount).toBe(1)
    expect(ann.blocks()).toEqual(['A|B|C|Three'])
  })

  test('inserts below and leaves the selection', () => {
    const { ann, bob } = twoWriters('<ul><li><p>One</p></li><li><p>Two</p></li></ul><p>Three.</p>')
    const anchor = over(ann, 'One')
    bob.type(bob.find('Two'), 'BOB ')
    expect(accept(ann.editor, anchor, answer(ann, 'New.'), 'below')).toBe('done')
    expect(ann.blocks()).toEqual(['One|BOB Two', 'New.', 'Three.'])
  })

  test('takes the place of an empty line, and of nothing when somebody wrote into it', () => {
    const { ann, bob } = twoWriters('<p>One.</p><p></p>')
    const anchor = anchored(ann, 7)
    accept(ann.editor, anchor, answer(ann, 'First.\n\nSecond.'), 'in-place')
    expect(ann.blocks()).toEqual(['One.', 'First.', 'Second.'])
    ann.undo()
    const next = anchored(ann, 7)
    bob.type(7, 'BOB')
    accept(ann.editor, next, answer(ann, 'First.'), 'in-place')
    expect(ann.blocks()).toEqual(['One.', 'BOB', 'First.'])
  })

  test('a list in an item of a list', () => {
    const { ann } = twoWriters('<ul><li><p>One</p></li><li><p></p></li></ul>')
    const anchor = anchored(ann, ann.editor.state.doc.content.size - 3)
    accept(ann.editor, anchor, answer(ann, '- Two\n- Three'), 'in-place')
    ann.editor.state.doc.check()
    expect(ann.editor.state.doc.textContent).toBe('OneTwoThree')
  })

  test('writes nothing before, and as one transaction', () => {
    const { ann, bob } = twoWriters('<p>One two three.</p>')
    let updates = 0
    ann.doc.on('update', () => updates++)
    const anchor = over(ann, 'two')
    readAnswer(ann.editor, '# New')
    expect(updates).toBe(0)
    accept(ann.editor, anchor, answer(ann, 'a\n\nb\n\nc'), 'in-place')
    // One for the blocks, one for the texts of empty ones at most.
    expect(updates).toBeLessThanOrEqual(2)
    expect(bob.blocks()).toEqual(ann.blocks())
  })
})
