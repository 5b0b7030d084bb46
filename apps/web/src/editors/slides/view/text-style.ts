import { colorVariable, type ShapeElement, type TextElement } from '@realtime/resources'
import type { CSSProperties } from 'react'

const VALIGN = { top: 'flex-start', middle: 'center', bottom: 'flex-end' } as const

/** The box that text stands in, for reading and for writing; what it holds has the class `slide-text` and `data-font`. */
export function textBoxStyle(element: TextElement | ShapeElement): CSSProperties {
  return {
    display: 'flex',
    flexDirection: 'column',
    // Text that is higher than its box goes over both edges when it stands in the middle.
    justifyContent: VALIGN[element.valign],
    width: '100%',
    height: '100%',
    fontFamily: `var(--deck-${element.font})`,
    fontSize: element.fontSize,
    fontWeight: element.bold ? (element.font === 'heading' ? 650 : 700) : 400,
    color: colorVariable(element.color),
    textAlign: element.align === 'left' ? 'start' : element.align,
  }
}

/** What a shape keeps free around its text, in pixels: less in a small one, and where its form leaves little anyway. */
export function textPadding({ form, width, height }: ShapeElement): { x: number; y: number } {
  const slanted = form === 'triangle' || form === 'diamond' || form === 'star' || form === 'ellipse'
  return slanted ? { x: 0, y: 0 } : { x: Math.min(12, width / 10), y: Math.min(8, height / 10) }
}
