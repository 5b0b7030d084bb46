import type { Deck, Slide, Theme } from '@realtime/resources'
import { plainText, STAGE, themeOf } from '@realtime/resources'
import { addElement } from './pptx-elements.ts'
import { finishPackage } from './pptx-package.ts'
import { inches, officeColor, sound } from './pptx-units.ts'

export interface PptxOptions {
  /** Of the deck. */
  title: string
  author: string
  /** A file as a data URL of PNG, JPEG or GIF; null when it cannot be had. */
  image(file: string): Promise<string | null>
  /** Told after each slide, with how many of all are done. */
  onProgress?(done: number, all: number): void
  signal?: AbortSignal
}

export interface Pptx {
  bytes: Uint8Array<ArrayBuffer>
  /** Files that could not be had; a grey box stands for each. */
  missing: number
}

/**
 * Makes a PowerPoint file of a deck: text stays text, forms stay forms, colours that play a part of the theme stay the
 * theme's. Hidden slides are left out. @throws the reason of `signal`
 */
export async function deckToPptx(deck: Deck, options: PptxOptions): Promise<Pptx> {
  // Large, and for those only who export.
  const { default: PptxGenJS } = await import('pptxgenjs')
  const theme = themeOf(deck.theme)
  const slides = deck.slides.filter((slide) => !slide.hidden)
  const pptx = new PptxGenJS()
  pptx.defineLayout({ name: 'STAGE', width: inches(STAGE.width), height: inches(STAGE.height) })
  pptx.layout = 'STAGE'
  pptx.title = escaped(options.title)
  pptx.author = escaped(options.author)
  pptx.company = ''
  pptx.theme = { headFontFace: theme.fonts.heading.office, bodyFontFace: theme.fonts.body.office }
  const images = imagesOf(options.image)
  let done = 0
  for (const slide of slides) {
    options.signal?.throwIfAborted()
    await addSlide(pptx.addSlide(), slide, theme, images.get)
    options.onProgress?.(++done, slides.length)
  }
  // A file without any slide is refused by office programs.
  if (slides.length === 0) pptx.addSlide().background = { color: officeColor('background') }
  const written = (await pptx.write({ outputType: 'uint8array', compression: false })) as Uint8Array
  options.signal?.throwIfAborted()
  return { bytes: await finishPackage(written, theme), missing: images.missing() }
}

type AddedSlide = ReturnType<InstanceType<typeof import('pptxgenjs')['default']>['addSlide']>

async function addSlide(
  to: AddedSlide,
  slide: Slide,
  theme: Theme,
  image: (file: string) => Promise<string | null>,
): Promise<void> {
  to.background = { color: officeColor(slide.background ?? 'background') }
  for (const element of slide.elements) await addElement(to, element, theme, image)
  const notes = sound(plainText(slide.notes)).trim()
  if (notes !== '') to.addNotes(notes)
}

/** Fetches each file once, and counts those that could not be had. */
function imagesOf(load: PptxOptions['image']) {
  const fetched = new Map<string, Promise<string | null>>()
  let missing = 0
  return {
    missing: () => missing,
    get(file: string): Promise<string | null> {
      const known = fetched.get(file)
      if (known) return known
      const fetching = load(file)
        .catch(() => null)
        .then((data) => {
          if (data === null) missing++
          return data
        })
      fetched.set(file, fetching)
      return fetching
    },
  }
}

/** The library writes properties of the file into XML as they are. */
function escaped(text: string): string {
  return sound(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
