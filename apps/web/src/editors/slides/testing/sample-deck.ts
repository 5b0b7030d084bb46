import {
  addElements,
  addSlide,
  deckRoots,
  deleteSlides,
  layouts,
  readDeck,
  readSlide,
  richText,
  setBackground,
  setHidden,
  setTheme,
  shapeForms,
  slideMap,
  type TextJson,
  textFromJson,
} from '@realtime/resources'
import * as Y from 'yjs'

/** A run of rich text for tests. */
export function run(insert: string, attributes: Record<string, unknown> = {}): { insert: string; attributes: object } {
  return { insert, attributes }
}

export function paragraph(...delta: unknown[]): TextJson {
  return { name: 'paragraph', attributes: {}, content: [{ delta }] }
}

export function list(name: 'bulletList' | 'orderedList', ...items: TextJson[][]): TextJson {
  return { name, attributes: {}, content: items.map((content) => ({ name: 'listItem', attributes: {}, content })) }
}

/** Writes into the text boxes of a slide, in their order. */
export function fill(doc: Y.Doc, slide: string, ...texts: (string | TextJson[])[]): void {
  doc.transact(() => {
    const map = slideMap(doc, slide)
    const boxes = (readSlide(slide, map)?.elements ?? []).filter((element) => element.type === 'text')
    const elements = map?.get('elements') as Y.Map<Y.Map<unknown>>
    boxes.forEach((box, index) => {
      const text = texts[index]
      if (text !== undefined)
        elements.get(box.id)?.set('text', typeof text === 'string' ? richText(text) : textFromJson(text))
    })
  })
}

const quarters: TextJson[] = [
  list(
    'bulletList',
    [paragraph(run('Ship the '), run('canvas', { bold: {} }), run(' and the '), run('deck', { italic: {} }))],
    [
      paragraph(run('Open the beta to '), run('forty teams', { underline: {} })),
      list(
        'bulletList',
        [paragraph(run('Ten of them on their own servers'))],
        [paragraph(run('None by phone', { strike: {} }))],
      ),
    ],
    [paragraph(run('Read '), run('the plan', { link: { href: 'https://example.org/plan' } }))],
  ),
  paragraph(run('All of it '), run('before June.', { textStyle: { color: 'accent' }, bold: {} })),
]

/**
 * A deck with everything there is: each layout, each form, lines, text of each format, notes, a hidden slide and, when
 * `file` is given, an image.
 */
export function sampleDeck(theme: string, file: string | null): Y.Doc {
  const doc = new Y.Doc()
  writeSampleDeck(doc, theme, file)
  return doc
}

/** Makes a deck the sample one. */
export function writeSampleDeck(doc: Y.Doc, theme: string, file: string | null): void {
  doc.getMap(deckRoots.deck)
  setTheme(doc, theme)
  const before = readDeck(doc).slides.map((slide) => slide.id)
  let after: string | null = null
  const add = (layout: string, ...texts: (string | TextJson[])[]): string => {
    after = addSlide(doc, { layout, after })
    fill(doc, after, ...texts)
    return after
  }
  const first = add('title', 'Plans for the spring', 'What we build next, and why · Ann Example')
  slideMap(doc, first)?.set(
    'notes',
    textFromJson([paragraph(run('Welcome '), run('everybody', { bold: {} })), paragraph(run('Two minutes at most.'))]),
  )
  add('title-body', 'Three things by the end of the quarter', quarters)
  add(
    'two-columns',
    'What changes for teams',
    [
      list(
        'orderedList',
        [paragraph(run('Write together'))],
        [paragraph(run('Draw together'))],
        [paragraph(run('Present together'))],
      ),
    ],
    'One place for everything a team makes, on a server of its own, without a single edit that gets lost.',
  )
  add('section', 'How we get there', 'Part two')
  const picture = add(
    'image-text',
    'A look at it',
    'Every kind of page is live, with the history of all that happened.',
  )
  const area = layouts.find((layout) => layout.id === 'image-text')?.picture
  if (file && area) addElements(doc, picture, [{ type: 'image', ...area, file, alt: 'A picture' }])
  add('quote', 'A plan is a guess with a date on it.', 'Somebody wise')
  shapes(doc, add('blank'))
  const hidden = add('title-body', 'Not for today', 'Left out')
  setHidden(doc, [hidden], true)
  setBackground(doc, [add('title-body', 'Thank you', 'ann.example@example.org')], '#102a54')
  deleteSlides(doc, before)
}

function shapes(doc: Y.Doc, slide: string): void {
  const fills = ['accent', 'accent-2', 'surface', '#d9482b']
  const forms = shapeForms.map((form, index) => ({
    type: 'shape' as const,
    form,
    x: 60 + (index % 4) * 215,
    y: 50 + Math.floor(index / 4) * 180,
    width: 190,
    height: 130,
    rotation: form === 'arrow' ? -8 : 0,
    opacity: 1,
    fill: fills[index % 4],
    stroke: index % 4 === 2 ? 'muted' : null,
    strokeWidth: 3,
    color: index % 4 === 2 ? 'text' : 'on-accent',
    fontSize: 18,
    align: 'center',
    valign: 'middle',
    font: 'body',
    bold: false,
    text: form,
  }))
  const line = { type: 'line' as const, rotation: 0, opacity: 1, stroke: 'text', strokeWidth: 4 }
  addElements(doc, slide, [
    ...forms,
    { ...line, x: 60, y: 430, width: 240, height: 60, rising: true, dashed: false, start: 'none', end: 'arrow' },
    {
      ...line,
      x: 360,
      y: 460,
      width: 240,
      height: 0,
      rising: false,
      dashed: true,
      start: 'arrow',
      end: 'arrow',
      stroke: 'accent',
    },
    {
      ...line,
      x: 660,
      y: 430,
      width: 240,
      height: 60,
      rising: false,
      dashed: false,
      start: 'none',
      end: 'none',
      strokeWidth: 8,
      stroke: 'accent-2',
    },
  ])
}
