import { canvasElements } from '@realtime/resources'
import * as Y from 'yjs'

interface Box {
  id: string
  type: 'rectangle' | 'ellipse' | 'diamond'
  words: string
  x: number
  y: number
  fill: string
  width?: number
}

const boxes: Box[] = [
  { id: 'write', type: 'ellipse', words: 'Somebody types', x: 60, y: 120, fill: '#d0bfff' },
  { id: 'check', type: 'diamond', words: 'Sound?', x: 330, y: 100, fill: '#ffec99' },
  { id: 'commit', type: 'rectangle', words: 'Commit', x: 610, y: 120, fill: '#b2f2bb' },
  { id: 'tell', type: 'rectangle', words: 'Tell everybody', x: 610, y: 330, fill: '#a5d8ff' },
  { id: 'refuse', type: 'rectangle', words: 'Say why not', x: 340, y: 330, fill: '#ffc9c9' },
]
const HEIGHT = 90
const arrows: [from: string, to: string][] = [
  ['write', 'check'],
  ['check', 'commit'],
  ['commit', 'tell'],
  ['check', 'refuse'],
]

/** Draws how an edit travels, as a small diagram. */
export function drawDiagram(doc: Y.Doc): void {
  const elements = doc.getMap(canvasElements)
  let order = 0
  const put = (id: string, parts: Record<string, object>): void => {
    elements.set(id, new Y.Map<unknown>([...Object.entries(parts), ['index', `a${order++}`]]))
  }
  doc.transact(() => {
    put('heading', text('How an edit travels', 60, 20, 32))
    for (const { id, type, x, y, fill, width = 190 } of boxes) {
      const height = type === 'diamond' ? HEIGHT + 40 : HEIGHT
      put(id, {
        geometry: { x, y, width, height, angle: 0 },
        style: { backgroundColor: fill, fillStyle: 'solid', roundness: type === 'rectangle' ? { type: 3 } : null },
        rest: { type, seed: 7 * (order + 1) },
      })
    }
    for (const { id, type, words, x, y, width = 190 } of boxes) {
      const across = words.length * 9.6
      const height = type === 'diamond' ? HEIGHT + 40 : HEIGHT
      const place = text(words, x + (width - across) / 2, y + (height - 25) / 2, 20)
      put(`${id}-words`, { ...place, rest: { ...place.rest, containerId: id } })
    }
    for (const [from, to] of arrows) put(`${from}-${to}`, arrow(from, to))
  })
}

function text(
  words: string,
  x: number,
  y: number,
  fontSize: number,
): Record<'geometry' | 'style' | 'text' | 'rest', object> {
  return {
    geometry: { x, y, angle: 0 },
    style: { textAlign: 'center', verticalAlign: 'middle' },
    text: {
      width: words.length * fontSize * 0.48,
      height: fontSize * 1.25,
      text: words,
      originalText: words,
      fontSize,
    },
    rest: { type: 'text', seed: 1 },
  }
}

function arrow(from: string, to: string): Record<string, object> {
  const start = middleOf(from)
  const end = middleOf(to)
  const down = Math.abs(end.y - start.y) > Math.abs(end.x - start.x)
  const gap = 8
  const begin = down ? { x: start.x, y: start.y + start.down + gap } : { x: start.x + 95 + gap, y: start.y }
  const stop = down ? { x: begin.x, y: end.y - end.down - gap } : { x: end.x - 95 - gap, y: begin.y }
  const across = stop.x - begin.x
  const fall = stop.y - begin.y
  return {
    geometry: {
      ...begin,
      width: Math.abs(across),
      height: Math.abs(fall),
      angle: 0,
      points: [
        [0, 0],
        [across, fall],
      ],
      startBinding: { elementId: from, focus: 0, gap },
      endBinding: { elementId: to, focus: 0, gap },
    },
    style: { endArrowhead: 'arrow', strokeWidth: 2 },
    rest: { type: 'arrow', seed: 3 },
  }
}

function middleOf(id: string): { x: number; y: number; down: number } {
  const box = boxes.find((one) => one.id === id)
  if (!box) throw new Error(`there is no box ${id}`)
  const height = box.type === 'diamond' ? HEIGHT + 40 : HEIGHT
  return { x: box.x + 95, y: box.y + height / 2, down: height / 2 }
}
