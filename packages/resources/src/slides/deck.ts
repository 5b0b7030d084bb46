import type * as Y from 'yjs'

/**
 * A deck as Yjs maps: `deck` {theme}, and `slides`: id → {order, layout, background, hidden, notes, elements: id → {…}}.
 * Orders are fractional index keys (ties by id), so a move is one write and never doubles anything. Lengths are in
 * logical pixels of a stage of 960 × 540; angles in degrees, clockwise.
 */
export const deckRoots = { deck: 'deck', slides: 'slides' } as const
export const STAGE = { width: 960, height: 540 } as const

export const elementTypes = ['text', 'shape', 'image', 'line'] as const
export type ElementType = (typeof elementTypes)[number]

export const shapeForms = ['rectangle', 'rounded', 'ellipse', 'triangle', 'diamond', 'arrow', 'star', 'speech'] as const
export type ShapeForm = (typeof shapeForms)[number]

/** A color: a role of the deck's theme (see `themes.ts`), or `#rrggbb`; null is none. */
export type DeckColor = string | null

/** What all elements have; readers clamp what is not sound and leave out what is not readable. */
interface ElementBase {
  id: string
  x: number
  y: number
  width: number
  height: number
  rotation: number
  order: string
  /** 0 to 1. */
  opacity: number
}

/** How text stands in its box. */
export interface TextStyle {
  fontSize: number
  color: DeckColor
  align: 'left' | 'center' | 'right'
  valign: 'top' | 'middle' | 'bottom'
  font: 'heading' | 'body' | 'mono'
  bold: boolean
}

export interface TextElement extends ElementBase, TextStyle {
  type: 'text'
  /** Which part of a layout it fills; decides its placeholder. */
  role: 'title' | 'subtitle' | 'body' | null
  text: Y.XmlFragment
}

export interface ShapeElement extends ElementBase, TextStyle {
  type: 'shape'
  form: ShapeForm
  fill: DeckColor
  stroke: DeckColor
  strokeWidth: number
  text: Y.XmlFragment
}

export interface ImageElement extends ElementBase {
  type: 'image'
  /** Id of a file of the resource; see contracts' `fileId`. */
  file: string
  alt: string
}

/** A line from one corner of its box to the opposite one; `rising` says which. */
export interface LineElement extends ElementBase {
  type: 'line'
  rising: boolean
  stroke: DeckColor
  strokeWidth: number
  dashed: boolean
  start: 'none' | 'arrow'
  end: 'none' | 'arrow'
}

export type DeckElement = TextElement | ShapeElement | ImageElement | LineElement

/** A slide as it is read from its map: elements from back to front. */
export interface Slide {
  id: string
  order: string
  layout: string
  /** Null: the theme's. */
  background: DeckColor
  /** Left out when presenting and exporting. */
  hidden: boolean
  /** Null where they are unreadable. */
  notes: Y.XmlFragment | null
  elements: DeckElement[]
}

/** A deck as it is read: slides in their order. */
export interface Deck {
  theme: string
  slides: Slide[]
}
