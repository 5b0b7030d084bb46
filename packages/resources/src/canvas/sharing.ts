import { fileId } from '@realtime/contracts'
import type { SceneElement } from './scene.ts'

/** A longer stroke is written with about this many of its points until the pointer is lifted. */
const STROKE_POINTS = 400

/**
 * Whether a new element is something for others: not what was deleted before anybody saw it, nor what is only begun,
 * nor an image whose bytes are not stored yet.
 */
export function isWorthSharing(element: SceneElement): boolean {
  if (element.isDeleted) return false
  if (element.type === 'text') return element.text !== ''
  if (element.type === 'image') return fileId.safeParse(element.fileId).success
  if (element.type === 'freedraw') return (element.points as unknown[]).length > 1
  if (element.type === 'line' || element.type === 'arrow') {
    return (element.points as unknown[]).length > 1 && (element.width > 0 || element.height > 0)
  }
  return element.width > 0 || element.height > 0
}

/** A long stroke with fewer points, the last one among them. */
export function thinned(element: SceneElement): SceneElement {
  const points = element.points as unknown[]
  if (points.length <= STROKE_POINTS) return element
  const step = Math.ceil(points.length / STROKE_POINTS)
  const keep = <T>(list: T[]) => list.filter((_, at) => at % step === 0 || at === points.length - 1)
  return { ...element, points: keep(points), pressures: keep(element.pressures as unknown[]) }
}
