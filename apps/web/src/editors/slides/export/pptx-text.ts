import { readRichText, type ShapeElement, type TextBlock, type TextElement, type Theme } from '@realtime/resources'
import type PptxGenJS from 'pptxgenjs'
import { officeColor, points, sound, transparency } from './pptx-units.ts'

type Run = PptxGenJS.TextProps
type Options = NonNullable<Run['options']>

/** How far a list moves in a level, in parts of the size of its letters; as in slide-text.css. */
const INDENT = 1.4
/** Heights of lines, in parts of what a font asks for itself; those of slide-text.css are in parts of its size. */
const LINES = { heading: 1, body: 1.16, mono: 1.25 } as const

/** The text of a box as runs, and what holds for the whole box. */
export function textOf(element: TextElement | ShapeElement, theme: Theme): { runs: Run[]; options: Options } {
  const size = points(element.fontSize)
  const options: Options = {
    align: element.align,
    valign: element.valign,
    fontSize: size,
    fontFace: theme.fonts[element.font].office,
    color: officeColor(element.color ?? 'text'),
    lineSpacingMultiple: LINES[element.font],
    wrap: true,
  }
  const blocks = joined(readRichText(element.text))
  const starts = listStarts(blocks)
  const runs = blocks.flatMap((block, index) => {
    const made = runsOf(block, element, theme, starts[index] ?? 1)
    const first = made[0]
    if (index > 0 && first?.options)
      first.options.paraSpaceBefore = size * (block.list || blocks[index - 1]?.list ? 0.35 : 0.3)
    // The library begins a paragraph only where the one before says that it ends.
    const last = made.at(-1)
    if (index < blocks.length - 1 && last?.options) last.options.breakLine = true
    return made
  })
  return { runs, options }
}

/** Paragraphs that go on in the item of the one before become lines of it. */
function joined(blocks: TextBlock[]): TextBlock[] {
  const whole: TextBlock[] = []
  for (const block of blocks) {
    const before = whole.at(-1)
    if (block.list?.number === null && before?.list?.depth === block.list.depth) {
      const [head] = block.runs
      const line = head ? [{ ...head, text: '\n' }] : []
      whole[whole.length - 1] = { ...before, runs: [...before.runs, ...line, ...block.runs] }
    } else whole.push(block)
  }
  return whole
}

/** For each block the number its list begins with: programs count on from there by themselves. */
function listStarts(blocks: TextBlock[]): number[] {
  const open: { start: number; next: number }[] = []
  return blocks.map(({ list }) => {
    if (!list) {
      open.length = 0
      return 1
    }
    open.length = Math.min(open.length, list.depth + 1)
    const number = list.number ?? 1
    const known = open[list.depth]
    if (known && known.next === number) known.next++
    else open[list.depth] = { start: number, next: number + 1 }
    return open[list.depth]?.start ?? 1
  })
}

function runsOf(block: TextBlock, element: TextElement | ShapeElement, theme: Theme, start: number): Run[] {
  const size = points(element.fontSize)
  const text = block.runs.map((run) => run.text).join('')
  const paragraph: Options = { ...bulletOf(block, size, start), ...directionOf(text, element.align) }
  const spacing = element.font === 'heading' ? theme.headingSpacing * size : 0
  const runs: Run[] = []
  for (const run of block.runs) {
    // Breaks inside of a paragraph.
    sound(run.text)
      .split('\n')
      .forEach((piece, index) => {
        runs.push({
          text: piece,
          options: {
            ...paragraph,
            fontSize: size,
            fontFace: theme.fonts[element.font].office,
            bold: run.bold || element.bold,
            italic: run.italic,
            ...(run.underline ? { underline: { style: 'sng' } } : {}),
            ...(run.strike ? { strike: 'sngStrike' } : {}),
            color: officeColor(run.color ?? element.color ?? 'text'),
            ...(element.opacity < 1 ? { transparency: transparency(element.opacity) } : {}),
            ...(spacing !== 0 ? { charSpacing: spacing } : {}),
            ...(run.link ? { hyperlink: { url: run.link } } : {}),
            ...(index > 0 ? { softBreakBefore: true } : {}),
          },
        })
      })
  }
  return runs.length > 0 ? runs : [{ text: '', options: { ...paragraph, fontSize: size } }]
}

const CIRCLE = '25E6'

function bulletOf(block: TextBlock, size: number, start: number): Options {
  if (!block.list) return {}
  const { ordered, depth } = block.list
  const indent = size * INDENT
  const level = depth > 0 ? { indentLevel: Math.min(depth, 8) } : {}
  if (!ordered) return { ...level, bullet: depth > 0 ? { indent, characterCode: CIRCLE } : { indent } }
  const numberStartAt = Math.max(1, Math.min(32_767, start))
  return {
    ...level,
    bullet: { indent, type: 'number', style: depth > 0 ? 'alphaLcPeriod' : 'arabicPeriod', numberStartAt },
  }
}

const RIGHT_TO_LEFT = /^[^\p{L}]*[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/u

/** A paragraph reads from the side that its first letter says, as on the stage. */
function directionOf(text: string, align: TextElement['align']): Options {
  if (!RIGHT_TO_LEFT.test(text)) return { align }
  return { rtlMode: true, align: align === 'left' ? 'right' : align }
}
