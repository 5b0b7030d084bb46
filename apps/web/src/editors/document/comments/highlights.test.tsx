import type { Anchor } from '@realtime/contracts'
import { describe, expect, test, vi } from 'vitest'
import { twoWriters, type Writer } from '../ai/people.testing.ts'
import { anchorOfSelection } from './anchors.ts'
import { markThreads, orderOfThreads, placeOfThread } from './highlights.ts'

function anchorOver(writer: Writer, text: string): Anchor {
  const from = writer.find(text)
  writer.editor.commands.setTextSelection({ from, to: from + text.length })
  const anchor = anchorOfSelection(writer.editor.state)
  if (!anchor) throw new Error('Nothing is selected')
  return anchor
}

/** Marks texts for both, each as a thread of its own words. */
function mark(writers: Writer[], anchors: Record<string, Anchor>, active: string | null = null): void {
  const marked = Object.entries(anchors).map(([id, anchor]) => ({ id, anchor, shown: true }))
  for (const { editor } of writers) markThreads(editor, { marked, active })
}

function textAt({ editor }: Writer, id: string): string | null {
  const place = placeOfThread(editor, id)
  return place && editor.state.doc.textBetween(place.from, place.to, '|')
}

/** Waits until what is looked for while nobody writes was found. */
const soon = (check: () => void) => vi.waitFor(check, 5_000)

const highlighted = ({ editor }: Writer) =>
  [...editor.view.dom.querySelectorAll('.comment-mark')].map((one) => one.textContent)

describe('the text of a thread', () => {
  test('is anchored by what the contract takes, with its words', () => {
    const { ann } = twoWriters('<p>One two three</p><p>Four</p>')
    const anchor = anchorOver(ann, 'two')
    expect(anchor).toEqual({
      from: expect.stringMatching(/^[A-Za-z0-9_-]{1,400}$/),
      to: expect.stringMatching(/^[A-Za-z0-9_-]{1,400}$/),
      quote: 'two',
    })
    ann.editor.commands.selectAll()
    expect(anchorOfSelection(ann.editor.state)?.quote).toBe('One two three\nFour')
    ann.editor.commands.setTextSelection(3)
    expect(anchorOfSelection(ann.editor.state)).toBeNull()
  })

  test('is quoted up to its limit, and never by half a character', () => {
    const { ann } = twoWriters(`<p>${'x'.repeat(499)}🚀 and more</p>`)
    ann.editor.commands.selectAll()
    expect(anchorOfSelection(ann.editor.state)?.quote).toBe('x'.repeat(499))
  })

  test('stays the same words while others and oneself write around it', () => {
    const { ann, bob } = twoWriters('<p>Start.</p><p>One two three</p>')
    mark([ann, bob], { t: anchorOver(ann, 'two') })
    bob.type(bob.find('Start'), 'Before. ')
    bob.type(bob.find('two'), 'edge ')
    ann.type(ann.find(' three'), ' edge')
    ann.type(ann.find('One'), 'My ')
    expect(ann.blocks()).toEqual(['Before. Start.', 'My One edge two edge three'])
    for (const writer of [ann, bob]) {
      expect(textAt(writer, 't')).toBe('two')
      expect(highlighted(writer)).toEqual(['two'])
    }
  })

  test('is at its words for whoever opens the document later', () => {
    const { ann, bob } = twoWriters('<p>One two three</p>')
    const anchor = anchorOver(ann, 'two')
    bob.type(bob.find('One'), 'Much text before it. ')
    ann.type(ann.find('two') + 1, 'w')
    mark([bob], { t: anchor })
    expect(textAt(bob, 't')).toBe('twwo')
  })

  test('is found again where its block was divided, or became another', async () => {
    const { ann, bob } = twoWriters('<p>One two three</p><p>And four</p>')
    mark([ann, bob], { t: anchorOver(ann, 'three'), u: anchorOver(ann, 'four') })
    bob.editor.chain().setTextSelection(bob.find('two')).splitBlock().run()
    bob.editor.chain().setTextSelection(bob.find('four')).toggleHeading({ level: 2 }).run()
    expect(ann.blocks()).toEqual(['One ', 'two three', 'And four'])
    await soon(() => {
      for (const writer of [ann, bob]) {
        expect([textAt(writer, 't'), textAt(writer, 'u')]).toEqual(['three', 'four'])
        expect(highlighted(writer)).toEqual(['three', 'four'])
      }
    })
  })

  test('is gone when it was deleted, and there again when that is undone', async () => {
    const { ann, bob } = twoWriters('<p>One two three</p>')
    mark([ann, bob], { t: anchorOver(ann, 'two') })
    const from = bob.find('two')
    bob.editor.commands.deleteRange({ from, to: from + 3 })
    for (const writer of [ann, bob]) expect(highlighted(writer)).toEqual([])
    await soon(() => {
      for (const writer of [ann, bob]) expect(orderOfThreads(writer.editor)).toEqual([])
    })
    bob.undo()
    await soon(() => {
      for (const writer of [ann, bob]) expect(textAt(writer, 't')).toBe('two')
    })
  })

  test('that is gone is not taken for the same words elsewhere', async () => {
    const { ann, bob } = twoWriters('<p>Berlin is</p><p>x</p><p>y</p><p>and Berlin was</p>')
    mark([ann, bob], { t: anchorOver(ann, 'Berlin') })
    const from = bob.find('Berlin')
    bob.editor.commands.deleteRange({ from, to: from + 6 })
    expect([...highlighted(ann), ...highlighted(bob)]).toEqual([])
    await soon(() => expect([textAt(ann, 't'), textAt(bob, 't')]).toEqual([null, null]))
  })

  test('is its own, not its twin’s, and goes with what is resolved too', async () => {
    const { ann, bob } = twoWriters('<p>Same words</p><p>x</p><p>y</p><p>Same words</p><p>Other words</p>')
    const [same, other] = [anchorOver(ann, 'Same words'), anchorOver(ann, 'Other')]
    const marked = [
      { id: 's', anchor: same, shown: true },
      { id: 'o', anchor: other, shown: false },
    ]
    markThreads(ann.editor, { marked, active: null })
    bob.type(bob.find('Same'), 'Before. ')
    bob.type(bob.find('Other'), 'The ')
    expect(highlighted(ann)).toEqual(['Same words'])
    await soon(() => expect([textAt(ann, 's'), textAt(ann, 'o')]).toEqual(['Same words', 'Other']))
    markThreads(ann.editor, { marked, active: 'o' })
    expect(highlighted(ann)).toEqual(['Same words', 'Other'])
    bob.editor.commands.deleteRange({ from: 1, to: bob.find('Same words') + 'Same words'.length })
    await soon(() => expect(orderOfThreads(ann.editor)).toEqual(['o']))
    expect(highlighted(ann)).toEqual(['Other'])
  })

  test('that oneself cuts out is found again where it is pasted', async () => {
    const { ann } = twoWriters('<p>One two three</p><p>Four fives and sixes</p>')
    mark([ann], { t: anchorOver(ann, 'Four fives and') })
    const from = ann.find('Four')
    ann.editor.commands.deleteRange({ from, to: from + 20 })
    await soon(() => expect(orderOfThreads(ann.editor)).toEqual([]))
    ann.editor.view.pasteText('Four fives and sixes ')
    await soon(() => expect(textAt(ann, 't')).toBe('Four fives and'))
  })

  test('is nowhere when its position makes no sense', () => {
    const { ann } = twoWriters('<p>One</p>')
    mark([ann], { a: { from: 'AAAA', to: '____', quote: 'nowhere' }, b: { from: 'A', to: 'zz', quote: 'One' } })
    expect(textAt(ann, 'a')).toBeNull()
    expect(orderOfThreads(ann.editor)).toEqual([])
  })
})

test('threads are in the order of their text, which changes with it', async () => {
  const { ann, bob } = twoWriters('<p>One</p><p>Two</p>')
  const orders: unknown[] = []
  ann.editor.storage.commentHighlights.ordered = (ids) => orders.push(ids)
  mark([ann, bob], { second: anchorOver(ann, 'Two'), first: anchorOver(ann, 'One') })
  expect(orders).toEqual([['first', 'second']])
  ann.type(ann.find('One'), 'x')
  expect(orders).toHaveLength(1)
  const from = bob.find('One')
  bob.editor.commands.deleteRange({ from, to: from + 3 })
  await soon(() => expect(orders.at(-1)).toEqual(['second']))
})
