import { readRichText, type TextJson, textFromJson } from '@realtime/resources'
import { cleanup, render } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { list, paragraph, run } from '../testing/sample-deck.ts'
import { StaticText } from './static-text.tsx'

afterEach(cleanup)

function shown(content: TextJson[], links = true): string {
  const doc = new Y.Doc()
  doc.getMap('text').set('box', textFromJson(content))
  const blocks = readRichText(doc.getMap('text').get('box') as Y.XmlFragment)
  return render(<StaticText blocks={blocks} links={links} />).container.innerHTML
}

test('lists are nested as an editor nests them', () => {
  const html = shown([
    list(
      'bulletList',
      [paragraph(run('one')), list('orderedList', [paragraph(run('a'))], [paragraph(run('b'))])],
      [paragraph(run('two')), paragraph(run('more of two'))],
    ),
    paragraph(run('after')),
  ])
  expect(html).toBe(
    '<ul><li><p>one</p><ol start="1"><li><p>a</p></li><li><p>b</p></li></ol></li>' +
      '<li><p>two</p><p>more of two</p></li></ul><p>after</p>',
  )
})

test('marks are shown, and empty lines are as high as others', () => {
  const html = shown([
    paragraph(run('plain '), run('both', { bold: {}, italic: {} }), run('line', { underline: {}, strike: {} })),
    paragraph(),
  ])
  expect(html).toContain('<strong><em>both</em></strong>')
  expect(html).toContain('text-decoration-line: underline line-through')
  expect(html).toContain('<p><br></p>')
})

test('colours are the theme’s or plain ones, and nothing else', () => {
  expect(shown([paragraph(run('x', { textStyle: { color: 'accent' } }))])).toContain('var(--deck-accent)')
  expect(shown([paragraph(run('x', { textStyle: { color: '#ff0000' } }))])).toContain('color')
  expect(shown([paragraph(run('x', { textStyle: { color: 'red;background:url(//x)' } }))])).toBe('<p>x</p>')
})

test('links go nowhere but where they may, and nowhere at all in a thumbnail', () => {
  const link = (href: string) => [paragraph(run('here', { link: { href } }))]
  expect(shown(link('https://example.org/a'))).toContain('href="https://example.org/a" target="_blank" rel="noopener')
  expect(shown(link('https://example.org/a'), false)).toBe('<p><span class="slide-link">here</span></p>')
  for (const href of ['javascript:alert(1)', 'data:text/html,x', ' javascript:alert(1)', 'vbscript:x'])
    expect(shown(link(href))).toBe('<p>here</p>')
})
