// @vitest-environment node
import { deckRoots, readDeck, type Theme, themes } from '@realtime/resources'
import JSZip from 'jszip'
import { beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { type OfficePage, openInOffice } from '../testing/office.ts'
import { sampleDeck } from '../testing/sample-deck.ts'
import { deckToPptx } from './pptx.ts'

const FILE = 'x'.repeat(43)
/** Two by two pixels: red, green; blue, yellow. */
const IMAGE =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFUlEQVR4nGP8z8Dwn4GBgYGBAUIBABcqAgG0K4VqAAAAAElFTkSuQmCC'
const options = { title: 'Plans & <more>', author: 'Ann "A" Example', image: async () => IMAGE }

/** Whether two colours are the same but for rounding on their way through programs. */
function near(one: string, other: string): boolean {
  const parts = (color: string) => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))
  const others = parts(other)
  return parts(one).every((part, index) => Math.abs(part - (others[index] ?? 0)) <= 6)
}

async function xmlOf(bytes: Uint8Array, name: string): Promise<string> {
  const file = (await JSZip.loadAsync(bytes)).file(name)
  if (!file) throw new Error(`no ${name}`)
  return file.async('string')
}

describe('LibreOffice opens the file of a deck of each theme', () => {
  let opened: Record<string, OfficePage[]>

  beforeAll(async () => {
    const files = await Promise.all(
      themes.map(async ({ id }) => [id, (await deckToPptx(readDeck(sampleDeck(id, FILE)), options)).bytes] as const),
    )
    opened = await openInOffice(Object.fromEntries(files))
  }, 180_000)

  const pageOf = (theme: Theme, number: number): OfficePage => {
    const page = opened[theme.id]?.[number - 1]
    if (!page) throw new Error(`no page ${number}`)
    return page
  }
  const expectColor = (page: OfficePage, x: number, y: number, color: string) => {
    const found = page.colorAt(x, y)
    expect(near(found, color), `${found} at ${x}, ${y} should be ${color}`).toBe(true)
  }

  test.each(themes)('$name: a page for each slide that is not hidden, of the size of the stage', (theme) => {
    expect(opened[theme.id]).toHaveLength(8)
    for (const page of opened[theme.id] ?? []) expect(page.size).toEqual([720, 405])
    expect((opened[theme.id] ?? []).map((page) => page.text).join()).not.toContain('Not for today')
  })

  test.each(themes)('$name: its colours are where they belong', (theme) => {
    const { palette } = theme
    expectColor(pageOf(theme, 1), 20, 20, palette.background)
    expectColor(pageOf(theme, 4), 20, 20, palette.accent)
    expectColor(pageOf(theme, 6), 20, 20, palette.surface)
    expectColor(pageOf(theme, 8), 20, 20, '#102a54')
    const shapes = pageOf(theme, 7)
    expectColor(shapes, 70, 60, palette.accent)
    expectColor(shapes, 300, 60, palette['accent-2'])
    expectColor(shapes, 585, 70, palette.surface)
    // The corner of an ellipse's box, and of a rounded one, is the slide.
    expectColor(shapes, 492, 52, palette.background)
    expectColor(shapes, 276, 51, palette.background)
    expectColor(shapes, 800, 165, '#d9482b')
    expectColor(shapes, 155, 245, palette.accent)
    // The tip of the speech bubble is below its box.
    expectColor(shapes, 761, 366, '#d9482b')
    // The middle of each line that is drawn through, and its ends.
    expectColor(shapes, 180, 460, palette.text)
    expectColor(shapes, 780, 460, palette['accent-2'])
    expectColor(shapes, 363, 460, palette.accent)
    expectColor(shapes, 597, 460, palette.accent)
  })

  test.each(themes)('$name: its text is text', (theme) => {
    expect(pageOf(theme, 1).text).toMatch(/Plans for the spring\s+What we build next, and why · Ann Example/)
    const list = pageOf(theme, 2).text
    for (const words of ['Ship the canvas and the deck', 'forty teams', 'Ten of them', 'None by phone', 'before June.'])
      expect(list).toContain(words)
    expect(pageOf(theme, 3).text).toMatch(/1\.\s+Write together[\s\S]*2\.\s+Draw together[\s\S]*3\.\s+Present together/)
    for (const form of ['rectangle', 'ellipse', 'diamond', 'star', 'speech'])
      expect(pageOf(theme, 7).text).toContain(form)
  })

  test('an image fills its box', () => {
    const [theme] = themes
    const page = pageOf(theme, 5)
    expect(page.colorAt(500, 20)).not.toBe(page.colorAt(20, 20))
    expect(page.colorAt(940, 520)).not.toBe(page.colorAt(20, 520))
  })
})

describe('the file itself', () => {
  test('a paragraph says its properties once; colours of the theme are the theme’s', async () => {
    const { bytes } = await deckToPptx(readDeck(sampleDeck('forest', null)), options)
    const xml = await xmlOf(bytes, 'ppt/slides/slide2.xml')
    for (const [paragraph] of xml.matchAll(/<a:p>.*?<\/a:p>/gs))
      expect(paragraph.match(/<a:pPr[ >]/g) ?? []).toHaveLength(1)
    expect(xml).toContain('<a:schemeClr val="accent1"/>')
    expect(xml).toContain('b="1"')
    expect(xml).toContain('i="1"')
    expect(xml).toContain('u="sng"')
    expect(xml).toContain('strike="sngStrike"')
    expect(await xmlOf(bytes, 'ppt/slides/_rels/slide2.xml.rels')).toContain('https://example.org/plan')
    const theme = await xmlOf(bytes, 'ppt/theme/theme1.xml')
    expect(theme).toContain('<a:clrScheme name="Forest">')
    expect(theme).toContain('<a:accent1><a:srgbClr val="E8B84A"/></a:accent1>')
  })

  test('notes are the notes of their slide, line by line', async () => {
    const { bytes } = await deckToPptx(readDeck(sampleDeck('paper', null)), options)
    const notes = await xmlOf(bytes, 'ppt/notesSlides/notesSlide1.xml')
    expect(notes).toMatch(/<a:t>Welcome everybody<\/a:t>.*<\/a:p><a:p>.*<a:t>Two minutes at most\.<\/a:t>/s)
  })

  test('an image that cannot be had is counted once, and leaves its place', async () => {
    const image = async () => Promise.reject(new Error('away'))
    const { missing, bytes } = await deckToPptx(readDeck(sampleDeck('paper', FILE)), { ...options, image })
    expect(missing).toBe(1)
    expect(await xmlOf(bytes, 'ppt/slides/slide5.xml')).toContain('A picture')
  })

  test('what is being exported can be called off', async () => {
    const stop = new AbortController()
    const onProgress = () => stop.abort(new Error('called off'))
    const exporting = deckToPptx(readDeck(sampleDeck('paper', null)), { ...options, signal: stop.signal, onProgress })
    await expect(exporting).rejects.toThrow('called off')
  })
})

describe('strange decks', () => {
  test('an empty deck is a file with an empty page', async () => {
    const doc = new Y.Doc()
    doc.getMap(deckRoots.deck)
    const { bytes } = await deckToPptx(readDeck(doc), options)
    const { empty } = await openInOffice({ empty: bytes })
    expect(empty).toHaveLength(1)
  }, 120_000)

  test('garbage in values, text and lists makes a file that opens', async () => {
    const doc = new Y.Doc()
    doc.getMap(deckRoots.deck).set('theme', 42)
    const elements = new Y.Map<unknown>()
    const text = () => {
      const fragment = new Y.XmlFragment()
      const wrong = new Y.XmlElement('orderedList')
      wrong.setAttribute('start', -7 as unknown as string)
      const item = new Y.XmlElement('listItem')
      const paragraph = new Y.XmlElement('paragraph')
      const words = new Y.XmlText()
      words.insert(0, 'a\u0000b<&>"\u000B\nc', {
        bold: {},
        link: { href: 'javascript:alert(1)' },
        textStyle: { color: 'url(x)' },
      })
      paragraph.insert(0, [words])
      item.insert(0, [paragraph])
      wrong.insert(0, [item])
      fragment.insert(0, [wrong, new Y.XmlElement('unknown')])
      return fragment
    }
    const garbage = {
      x: Number.NaN,
      y: Number.POSITIVE_INFINITY,
      width: -5,
      height: 1e300,
      rotation: -1e9,
      opacity: 'x',
      fill: '<script>',
      stroke: {},
      strokeWidth: -1,
      color: 7,
      fontSize: 1e9,
      align: 'up',
      font: null,
      form: 'blob',
      order: [],
    }
    for (const type of ['text', 'shape', 'line', 'image', 'nothing'])
      elements.set(
        type,
        new Y.Map<unknown>([...Object.entries({ ...garbage, type, file: '../../etc', alt: 5 }), ['text', text()]]),
      )
    doc.getMap(deckRoots.slides).set('one', new Y.Map<unknown>([['elements', elements]]))
    doc.getMap(deckRoots.slides).set('two', 'no slide')
    const { bytes } = await deckToPptx(readDeck(doc), { ...options, title: '\u0000\uD800' })
    const xml = await xmlOf(bytes, 'ppt/slides/slide1.xml')
    expect(xml).not.toContain('NaN')
    expect(xml).not.toContain('javascript')
    const { garbage: pages } = await openInOffice({ garbage: bytes })
    expect(pages).toHaveLength(1)
  }, 120_000)
})
