import { fileId } from '@realtime/contracts'
import * as Y from 'yjs'
import {
  type Deck,
  type DeckColor,
  type DeckElement,
  deckRoots,
  elementTypes,
  type LineElement,
  type Slide,
  shapeForms,
  type TextElement,
  type TextStyle,
} from './deck.ts'
import { layouts } from './layouts.ts'
import { byOrder, readOrder } from './order.ts'
import { readColor, themes } from './themes.ts'

// Whatever stands in the maps, what is read here is sound: values are clamped or take their default, and what has no
// meaning at all is left out. Nothing is written.

/** Farther than anybody places anything, in logical pixels. */
export const FARTHEST = 20_000
const SMALLEST = 4
const LONGEST_ID = 64
const LONGEST_ALT = 2_000
const themeIds = themes.map((theme) => theme.id)
const layoutIds = layouts.map((layout) => layout.id)

type Fields = Y.Map<unknown>

/** The deck that a document holds. Slides in `known` have not changed since they were read, and are not read again. */
export function readDeck(doc: Y.Doc, known: ReadonlyMap<string, Slide> = new Map()): Deck {
  const slides = [...slideMaps(doc)].flatMap(([id, map]) => known.get(id) ?? readSlide(id, map) ?? [])
  return { theme: readTheme(doc), slides: slides.sort(byOrder) }
}

/** The theme of a deck; the first one where there is none, or none that we know. */
export function readTheme(doc: Y.Doc): string {
  return oneOf(doc.getMap(deckRoots.deck).get('theme'), themeIds, themes[0].id)
}

/** The maps of a deck's slides by id, in no order. */
export function* slideMaps(doc: Y.Doc): Generator<[id: string, map: Fields]> {
  for (const [id, map] of doc.getMap(deckRoots.slides)) if (map instanceof Y.Map && isId(id)) yield [id, map]
}

/** The map of one slide, or null. */
export function slideMap(doc: Y.Doc, id: string): Fields | null {
  const map = doc.getMap(deckRoots.slides).get(id)
  return map instanceof Y.Map && isId(id) ? map : null
}

/** The map of a slide's elements, or null where it is unreadable. */
export function elementsMap(slide: Fields): Y.Map<unknown> | null {
  const elements = slide.get('elements')
  return elements instanceof Y.Map ? elements : null
}

/** The map of one element of a slide, or null. */
export function slideElement(doc: Y.Doc, slide: string, id: string): Fields | null {
  const map = slideMap(doc, slide)
  const element = map && elementsMap(map)?.get(id)
  return element instanceof Y.Map ? element : null
}

/** The slide that a map holds, or null when it is none. */
export function readSlide(id: string, map: unknown): Slide | null {
  if (!(map instanceof Y.Map) || !isId(id)) return null
  const elements = elementsMap(map)
  const read = elements ? [...elements].flatMap(([elementId, element]) => readElement(elementId, element) ?? []) : []
  return { ...readSlideFields(id, map), elements: read.sort(byOrder) }
}

/** A slide without its elements. */
export function readSlideFields(id: string, map: Fields): Omit<Slide, 'elements'> {
  const notes = map.get('notes')
  return {
    id,
    order: readOrder(map.get('order')),
    layout: oneOf(map.get('layout'), layoutIds, 'blank'),
    background: readColor(map.get('background')) ?? null,
    hidden: map.get('hidden') === true,
    notes: isFragment(notes) ? notes : null,
  }
}

/** The element that a map holds, or null when it is none. */
export function readElement(id: string, map: unknown): DeckElement | null {
  if (!(map instanceof Y.Map) || !isId(id)) return null
  const type = oneOf(map.get('type'), elementTypes, null)
  const text = map.get('text')
  if (type === 'text') {
    if (!isFragment(text)) return null
    const role: TextElement['role'] = oneOf(map.get('role'), ['title', 'subtitle', 'body'] as const, null)
    return { ...readBox(id, map, SMALLEST), type, role, ...readTextStyle(map, 'text', 'left', 'top'), text }
  }
  if (type === 'shape') {
    if (!isFragment(text)) return null
    return {
      ...readBox(id, map, SMALLEST),
      type,
      form: oneOf(map.get('form'), shapeForms, 'rectangle'),
      fill: color(map, 'fill', 'accent'),
      stroke: color(map, 'stroke', null),
      strokeWidth: number(map, 'strokeWidth', 2, 0, 100),
      ...readTextStyle(map, 'on-accent', 'center', 'middle'),
      text,
    }
  }
  if (type === 'image') {
    const file = fileId.safeParse(map.get('file'))
    if (!file.success) return null
    const alt = map.get('alt')
    return {
      ...readBox(id, map, SMALLEST),
      type,
      file: file.data,
      alt: typeof alt === 'string' ? alt.slice(0, LONGEST_ALT) : '',
    }
  }
  if (type === 'line') return { ...readBox(id, map, 0), type, ...readLineStyle(map) }
  return null
}

function readLineStyle(map: Fields): Omit<LineElement, keyof ReturnType<typeof readBox> | 'type'> {
  const ends = ['none', 'arrow'] as const
  return {
    rising: map.get('rising') === true,
    stroke: color(map, 'stroke', 'text'),
    strokeWidth: number(map, 'strokeWidth', 3, 0.5, 100),
    dashed: map.get('dashed') === true,
    start: oneOf(map.get('start'), ends, 'none'),
    end: oneOf(map.get('end'), ends, 'none'),
  }
}

function readBox(id: string, map: Fields, smallest: number) {
  return {
    id,
    x: number(map, 'x', 0, -FARTHEST, FARTHEST),
    y: number(map, 'y', 0, -FARTHEST, FARTHEST),
    width: number(map, 'width', 200, smallest, FARTHEST),
    height: number(map, 'height', 100, smallest, FARTHEST),
    rotation: number(map, 'rotation', 0, -1e6, 1e6) % 360,
    order: readOrder(map.get('order')),
    opacity: number(map, 'opacity', 1, 0, 1),
  }
}

function readTextStyle(map: Fields, ink: DeckColor, align: TextStyle['align'], valign: TextStyle['valign']): TextStyle {
  return {
    fontSize: number(map, 'fontSize', 22, 4, 400),
    color: color(map, 'color', ink),
    align: oneOf(map.get('align'), ['left', 'center', 'right'] as const, align),
    valign: oneOf(map.get('valign'), ['top', 'middle', 'bottom'] as const, valign),
    font: oneOf(map.get('font'), ['heading', 'body', 'mono'] as const, 'body'),
    bold: map.get('bold') === true,
  }
}

/** Whether a key can name a slide or an element. */
export function isId(id: string): boolean {
  return id.length > 0 && id.length <= LONGEST_ID
}

function isFragment(value: unknown): value is Y.XmlFragment {
  return value instanceof Y.XmlFragment && !(value instanceof Y.XmlElement)
}

function color(map: Fields, key: string, fallback: DeckColor): DeckColor {
  const read = readColor(map.get(key))
  return read === undefined ? fallback : read
}

function number(map: Fields, key: string, fallback: number, least: number, most: number): number {
  const value = map.get(key)
  if (typeof value !== 'number' || Number.isNaN(value)) return fallback
  return Math.min(most, Math.max(least, value))
}

function oneOf<T, F>(value: unknown, choices: readonly T[], fallback: F): T | F {
  return choices.includes(value as T) ? (value as T) : fallback
}
