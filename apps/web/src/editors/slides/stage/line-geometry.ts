import type { LineElement } from '@realtime/resources'
import type { Draft } from './gesture.ts'

export interface Point {
  x: number
  y: number
}

/** The ends of a line on the stage: where it starts, and where it ends. */
export function endsOf(line: LineElement): [start: Point, end: Point] {
  const { x, y, width, height, rising, rotation } = line
  const middle = { x: x + width / 2, y: y + height / 2 }
  const ends: [Point, Point] = [
    { x, y: rising ? y + height : y },
    { x: x + width, y: rising ? y : y + height },
  ]
  if (rotation === 0) return ends
  const [sin, cos] = [Math.sin((rotation * Math.PI) / 180), Math.cos((rotation * Math.PI) / 180)]
  const turned = ({ x: px, y: py }: Point): Point => ({
    x: middle.x + (px - middle.x) * cos - (py - middle.y) * sin,
    y: middle.y + (px - middle.x) * sin + (py - middle.y) * cos,
  })
  return [turned(ends[0]), turned(ends[1])]
}

/**
 * The box of a line between two points. A box knows no direction from right to left: there the ends change places,
 * which `swapped` tells.
 */
export function lineBetween(start: Point, end: Point): { draft: Draft; swapped: boolean } {
  const swapped = end.x < start.x
  const [left, right] = swapped ? [end, start] : [start, end]
  const draft = {
    x: left.x,
    y: Math.min(left.y, right.y),
    width: right.x - left.x,
    height: Math.abs(right.y - left.y),
    rotation: 0,
    rising: right.y < left.y,
  }
  return { draft, swapped }
}

/** The point that is next to `point` on one of the eight directions from `from`. */
export function straightened(from: Point, point: Point): Point {
  const [dx, dy] = [point.x - from.x, point.y - from.y]
  const step = Math.PI / 4
  const angle = Math.round(Math.atan2(dy, dx) / step) * step
  const length = dx * Math.cos(angle) + dy * Math.sin(angle)
  return { x: from.x + length * Math.cos(angle), y: from.y + length * Math.sin(angle) }
}
