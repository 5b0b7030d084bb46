import type { DeckElement, ImageElement, LineElement, ShapeElement, ShapeForm, Theme } from '@realtime/resources'
import { isBlank } from '@realtime/resources'
import type PptxGenJS from 'pptxgenjs'
import { textPadding } from '../view/text-style.ts'
import { textOf } from './pptx-text.ts'
import { inches, officeColor, points, sound, transparency, turn } from './pptx-units.ts'

type OfficeSlide = PptxGenJS.Slide

const forms: Record<ShapeForm, PptxGenJS.SHAPE_NAME> = {
  rectangle: 'rect',
  rounded: 'roundRect',
  ellipse: 'ellipse',
  triangle: 'triangle',
  diamond: 'diamond',
  arrow: 'rightArrow',
  star: 'star5',
  speech: 'wedgeRoundRectCallout',
}

/** Puts an element on a slide of a PowerPoint file. */
export async function addElement(
  slide: OfficeSlide,
  element: DeckElement,
  theme: Theme,
  image: (file: string) => Promise<string | null>,
): Promise<void> {
  switch (element.type) {
    case 'text': {
      // An empty box says something to whoever writes, nothing to who reads.
      if (isBlank(element.text)) return
      const { runs, options } = textOf(element, theme)
      slide.addText(runs, { ...boxOf(element), ...options, margin: 0, isTextBox: true })
      return
    }
    case 'shape':
      return addShape(slide, element, theme)
    case 'line':
      return addLine(slide, element)
    case 'image':
      return addImage(slide, element, await image(element.file))
  }
}

function boxOf(element: DeckElement) {
  return {
    x: inches(element.x),
    y: inches(element.y),
    w: inches(element.width),
    h: inches(element.height),
    ...(element.rotation ? { rotate: turn(element.rotation) } : {}),
  }
}

function addShape(slide: OfficeSlide, element: ShapeElement, theme: Theme): void {
  const clear = transparency(element.opacity)
  const look = {
    ...boxOf(element),
    ...(element.fill ? { fill: { color: officeColor(element.fill), transparency: clear } } : {}),
    ...(element.stroke && element.strokeWidth > 0
      ? { line: { color: officeColor(element.stroke), width: points(element.strokeWidth), transparency: clear } }
      : {}),
  }
  if (isBlank(element.text)) {
    slide.addShape(forms[element.form], look)
    return
  }
  const { runs, options } = textOf(element, theme)
  const pad = textPadding(element)
  // In the library's order: left, right, bottom, top.
  const margin = [points(pad.x), points(pad.x), points(pad.y), points(pad.y)] as [number, number, number, number]
  slide.addText(runs, { ...look, ...options, shape: forms[element.form], margin })
}

function addLine(slide: OfficeSlide, element: LineElement): void {
  if (!element.stroke) return
  slide.addShape('line', {
    ...boxOf(element),
    // From the top left to the bottom right, unless it is turned over.
    ...(element.rising ? { flipV: true } : {}),
    line: {
      color: officeColor(element.stroke),
      width: points(element.strokeWidth),
      transparency: transparency(element.opacity),
      dashType: element.dashed ? 'dash' : 'solid',
      beginArrowType: element.start === 'arrow' ? 'triangle' : 'none',
      endArrowType: element.end === 'arrow' ? 'triangle' : 'none',
    },
  })
}

function addImage(slide: OfficeSlide, element: ImageElement, data: string | null): void {
  const alt = sound(element.alt)
  if (data === null) {
    slide.addText(alt || 'Missing image', {
      ...boxOf(element),
      shape: 'rect',
      fill: { color: officeColor('surface') },
      color: officeColor('muted'),
      fontSize: 12,
      align: 'center',
      valign: 'middle',
    })
    return
  }
  slide.addImage({ ...boxOf(element), data, altText: alt || ' ', transparency: transparency(element.opacity) })
}
