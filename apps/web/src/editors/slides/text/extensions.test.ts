import { readDeck, readRichText, slides, textFromJson } from '@realtime/resources'
import { Editor } from '@tiptap/core'
import { afterEach, describe, expect, test } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { undoOf } from '../studio/undo.ts'
import { textExtensions } from './extensions.ts'

const open: Editor[] = []
afterEach(() => {
  for (const editor of open.splice(0)) editor.destroy()
})

function deck(): { doc: Y.Doc; text: Y.XmlFragment } {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, slides.create(), 'provider')
  undoOf(doc)
  const title = readDeck(doc).slides[0]?.elements[0]
  if (title?.type !== 'text') throw new Error('the first element is no text')
  return { doc, text: title.text }
}

function edit(doc: Y.Doc, fragment: Y.XmlFragment): Editor {
  const awareness = new Awareness(doc)
  const element = document.createElement('div')
  document.body.append(element)
  const extensions = textExtensions({ fragment, doc, undo: undoOf(doc), awareness, prompt: 'Write' })
  const editor = new Editor({ element, extensions })
  open.push(editor)
  return editor
}

describe('the text of a box', () => {
  test('is undone also after its editor is gone, and by another one of the same deck', () => {
    const { doc, text } = deck()
    const first = edit(doc, text)
    first.commands.insertContent('Hello')
    first.destroy()
    const again = edit(doc, text)
    undoOf(doc).undo()
    expect(again.getText()).toBe('')
    undoOf(doc).redo()
    expect(again.getText()).toBe('Hello')
    again.destroy()
    undoOf(doc).undo()
    expect(readRichText(text).flatMap(({ runs }) => runs)).toEqual([])
  })

  test('is read as it was written: marks, color, link, lists, breaks', () => {
    const { doc, text } = deck()
    const editor = edit(doc, text)
    editor.commands.setContent(
      '<p><b>bold</b> <span data-ink="accent">ink</span> <a href="https://example.org/">link</a><br>next</p><ol start="3"><li><p>three</p><ul><li><p>deep</p></li></ul></li></ol>',
    )
    const [first, ...items] = readRichText(text)
    expect(first?.runs.map((run) => [run.text, run.bold, run.color, run.link])).toEqual([
      ['bold', true, null, null],
      [' ', false, null, null],
      ['ink', false, 'accent', null],
      [' ', false, null, null],
      ['link', false, null, 'https://example.org/'],
      ['\n', false, null, null],
      ['next', false, null, null],
    ])
    expect(items.map(({ list, runs }) => [list?.ordered, list?.depth, list?.number, runs[0]?.text])).toEqual([
      [true, 0, 3, 'three'],
      [false, 1, 1, 'deep'],
    ])
  })

  test('takes no address that would run something, and no color that is none', () => {
    const { doc, text } = deck()
    const editor = edit(doc, text)
    editor.commands.setContent(
      '<p><a href="javascript:alert(1)">one</a><a href="data:text/html,x">two</a><span data-ink="url(x)" style="color: red">three</span></p>',
    )
    editor.commands.selectAll()
    expect(editor.commands.setLink({ href: 'javascript:alert(1)' })).toBe(false)
    const runs = readRichText(text).flatMap((block) => block.runs)
    expect(runs.map((run) => [run.link, run.color])).toEqual(runs.map(() => [null, null]))
    expect(editor.view.dom.querySelector('[href], [style*=url]')).toBeNull()
  })

  test('that others broke is shown as far as it goes', () => {
    const { doc, text } = deck()
    const link = { link: { href: 'javascript:alert(1)' }, textStyle: { color: 'expression(x)' } }
    doc.transact(() => {
      const line = new Y.XmlElement('paragraph')
      const words = new Y.XmlText()
      words.applyDelta([{ insert: 'words', attributes: link }])
      line.insert(0, [words])
      text.insert(0, [line])
    }, 'provider')
    const editor = edit(doc, text)
    expect(editor.getText()).toContain('words')
    expect(editor.view.dom.innerHTML).not.toMatch(/javascript|expression/)
  })

  test('that was copied is what it was', () => {
    const { doc } = deck()
    const fragment = textFromJson([
      {
        name: 'bulletList',
        content: [{ name: 'listItem', content: [{ name: 'paragraph', content: [{ delta: [{ insert: 'item' }] }] }] }],
      },
    ])
    doc.getMap('slides').set('copied', new Y.Map([['text', fragment]]))
    const editor = edit(doc, fragment)
    expect(editor.getJSON().content?.map(({ type }) => type)).toEqual(['bulletList'])
    expect(fragment.length).toBe(1)
  })
})
