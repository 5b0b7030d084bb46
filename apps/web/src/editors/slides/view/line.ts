import type { LineElement } from '@realtime/resources'

interface LineGeometry {
  /** Of the stroke, which ends where an arrow head begins. */
  from: [x: number, y: number]
  to: [x: number, y: number]
  /** SVG path data of the arrow heads; empty for none. */
  heads: string
}

/** How many widths of the stroke an arrow head is long and wide. */
const HEAD = 3.6

/** How a line is drawn in the pixels of its box. */
export function lineGeometry(
  line: Pick<LineElement, 'width' | 'height' | 'rising' | 'strokeWidth' | 'start' | 'end'>,
): LineGeometry {
  const { width, height, rising } = line
  let from: [number, number] = [0, rising ? height : 0]
  let to: [number, number] = [width, rising ? 0 : height]
  const length = Math.hypot(to[0] - from[0], to[1] - from[1])
  if (length === 0) return { from, to, heads: '' }
  const [dx, dy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length]
  const count = Number(line.start === 'arrow') + Number(line.end === 'arrow')
  // A short line is all head, and never longer than itself.
  const size = Math.min(Math.max(8, line.strokeWidth * HEAD), length / Math.max(1, count))
  let heads = ''
  if (line.start === 'arrow') {
    heads += head(from, -dx, -dy, size)
    from = [from[0] + dx * size * 0.9, from[1] + dy * size * 0.9]
  }
  if (line.end === 'arrow') {
    heads += head(to, dx, dy, size)
    to = [to[0] - dx * size * 0.9, to[1] - dy * size * 0.9]
  }
  return { from, to, heads }
}

function head([x, y]: [number, number], dx: number, dy: number, size: number): string {
  const [bx, by] = [x - dx * size, y - dy * size]
  const half = size / 2
  const points = [
    [x, y],
    [bx - dy * half, by + dx * half],
    [bx + dy * half, by - dx * half],
  ]
  return `M${points.map(([px = 0, py = 0]) => `${px.toFixed(2)} ${py.toFixed(2)}`).join('L')}Z`
}
