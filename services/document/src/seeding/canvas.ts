import { type Drawn, drawElements } from '@realtime/resources'
import type * as Y from 'yjs'

const BOX = { width: 200, height: 96, y: 120 }
const STEP = 300
const steps = [
  { id: 'idea', words: 'An idea', stroke: '#1971c2', fill: '#d0ebff' },
  { id: 'draft', words: 'A draft', stroke: '#e67700', fill: '#fff3bf' },
  { id: 'done', words: 'Done!', stroke: '#2f9e44', fill: '#d3f9d8' },
]

/** Draws three boxes on their way from an idea to what is done, and says what one can do with them. */
export function drawCanvas(doc: Y.Doc): void {
  drawElements(doc, [
    text({ id: 'heading', words: 'Think on a canvas', x: 0, y: 0, fontSize: 36 }),
    ...steps.flatMap(({ id, words, stroke, fill }, at) => box({ id, words, stroke, fill, x: at * STEP })),
    arrow('idea', 'draft', 0),
    arrow('draft', 'done', 1),
    text({
      id: 'hint',
      words: 'Drag a box: its arrows come along.\nDouble-click anywhere to write.',
      x: 0,
      y: 264,
      fontSize: 20,
      color: '#868e96',
    }),
  ])
}

interface Text {
  id: string
  words: string
  x: number
  y: number
  fontSize: number
  color?: string
}

function text({ id, words, x, y, fontSize, color = '#1e1e1e' }: Text, within: object = {}): Drawn {
  const lines = words.split('\n')
  return {
    id,
    type: 'text',
    x,
    y,
    width: Math.ceil(Math.max(...lines.map((line) => line.length)) * fontSize * 0.55),
    height: lines.length * fontSize * 1.25,
    text: words,
    originalText: words,
    fontSize,
    fontFamily: 5,
    lineHeight: 1.25,
    autoResize: true,
    textAlign: 'left',
    verticalAlign: 'top',
    strokeColor: color,
    containerId: null,
    ...within,
  }
}

/** A box with words in its middle. */
function box({
  id,
  words,
  stroke,
  fill,
  x,
}: {
  id: string
  words: string
  stroke: string
  fill: string
  x: number
}): Drawn[] {
  const label = text({ id: `${id}-text`, words, x: 0, y: 0, fontSize: 24, color: stroke })
  const middle = { x: x + (BOX.width - label.width) / 2, y: BOX.y + (BOX.height - label.height) / 2 }
  return [
    {
      id,
      type: 'rectangle',
      ...BOX,
      x,
      strokeColor: stroke,
      backgroundColor: fill,
      fillStyle: 'solid',
      roundness: { type: 3 },
    },
    { ...label, ...middle, containerId: id, textAlign: 'center', verticalAlign: 'middle' },
  ]
}

function arrow(from: string, to: string, at: number): Drawn {
  const gap = 8
  const width = STEP - BOX.width - 2 * gap
  const end = (elementId: string) => ({ elementId, focus: 0, gap })
  return {
    id: `${from}-${to}`,
    type: 'arrow',
    x: at * STEP + BOX.width + gap,
    y: BOX.y + BOX.height / 2,
    width,
    height: 0,
    points: [
      [0, 0],
      [width, 0],
    ],
    startBinding: end(from),
    endBinding: end(to),
    startArrowhead: null,
    endArrowhead: 'arrow',
    strokeColor: '#495057',
    roundness: { type: 2 },
  }
}
