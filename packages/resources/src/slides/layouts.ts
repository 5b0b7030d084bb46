import type { DeckColor, TextElement, TextStyle } from './deck.ts'

/** A text box of a layout, and what it says while it is empty. */
export interface LayoutBox extends TextStyle {
  role: NonNullable<TextElement['role']>
  prompt: string
  x: number
  y: number
  width: number
  height: number
}

/** A part of the stage. */
export interface Area {
  x: number
  y: number
  width: number
  height: number
}

/** How a slide begins: its text boxes, and where its picture goes. */
export interface Layout {
  id: string
  name: string
  background: DeckColor
  boxes: readonly LayoutBox[]
  /** Where a picture belongs; the editor offers to add one there. */
  picture: Area | null
}

const heading = {
  role: 'title',
  prompt: 'Click to add title',
  font: 'heading',
  bold: true,
  color: 'text',
  align: 'left',
} as const
const body = {
  role: 'body',
  prompt: 'Click to add text',
  font: 'body',
  bold: false,
  color: 'text',
  align: 'left',
  valign: 'top',
  fontSize: 22,
} as const
const top = { ...heading, x: 64, y: 44, width: 832, height: 76, fontSize: 38, valign: 'bottom' } as const

/** The layouts of slides; the first is the one of a deck's first slide. */
export const layouts: readonly [Layout, ...Layout[]] = [
  {
    id: 'title',
    name: 'Title',
    background: null,
    boxes: [
      { ...heading, x: 80, y: 140, width: 800, height: 160, fontSize: 60, valign: 'bottom' },
      {
        ...body,
        role: 'subtitle',
        prompt: 'Click to add subtitle',
        x: 80,
        y: 312,
        width: 800,
        height: 84,
        fontSize: 25,
        color: 'muted',
      },
    ],
    picture: null,
  },
  {
    id: 'title-body',
    name: 'Title and text',
    background: null,
    boxes: [top, { ...body, x: 64, y: 140, width: 832, height: 344 }],
    picture: null,
  },
  {
    id: 'two-columns',
    name: 'Two columns',
    background: null,
    boxes: [
      top,
      { ...body, x: 64, y: 140, width: 400, height: 344, fontSize: 20 },
      { ...body, x: 496, y: 140, width: 400, height: 344, fontSize: 20 },
    ],
    picture: null,
  },
  {
    id: 'section',
    name: 'Section',
    background: 'accent',
    boxes: [
      { ...heading, x: 80, y: 160, width: 800, height: 140, fontSize: 54, valign: 'bottom', color: 'on-accent' },
      {
        ...body,
        role: 'subtitle',
        prompt: 'Click to add subtitle',
        x: 80,
        y: 310,
        width: 800,
        height: 76,
        fontSize: 24,
        color: 'on-accent',
      },
    ],
    picture: null,
  },
  {
    id: 'image-text',
    name: 'Image and text',
    background: null,
    boxes: [
      { ...heading, x: 64, y: 64, width: 376, height: 124, fontSize: 36, valign: 'bottom' },
      { ...body, x: 64, y: 204, width: 376, height: 280, fontSize: 20 },
    ],
    picture: { x: 480, y: 0, width: 480, height: 540 },
  },
  {
    id: 'quote',
    name: 'Quote',
    background: 'surface',
    boxes: [
      {
        ...body,
        prompt: 'Click to add a quote',
        font: 'heading',
        x: 112,
        y: 110,
        width: 736,
        height: 230,
        fontSize: 38,
        valign: 'middle',
        align: 'center',
      },
      {
        ...body,
        role: 'subtitle',
        prompt: 'Click to add who said it',
        x: 112,
        y: 360,
        width: 736,
        height: 52,
        fontSize: 20,
        color: 'muted',
        align: 'center',
      },
    ],
    picture: null,
  },
  { id: 'blank', name: 'Blank', background: null, boxes: [], picture: null },
]

/** The layout of an id; blank where there is no such layout. */
export function layoutOf(id: string): Layout {
  return layouts.find((layout) => layout.id === id) ?? (layouts[layouts.length - 1] as Layout)
}

/** What an empty text box of a slide says to whoever edits it. */
export function promptOf(layout: string, role: TextElement['role']): string {
  if (role === null) return 'Type something'
  const box = layoutOf(layout).boxes.find((one) => one.role === role)
  if (box) return box.prompt
  return role === 'body' ? 'Click to add text' : `Click to add ${role}`
}
