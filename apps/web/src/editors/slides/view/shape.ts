import type { ShapeForm } from '@realtime/resources'

/** How a form is drawn in a box, and where in it text stands. The numbers are those of the same forms in PowerPoint. */
export interface ShapeGeometry {
  /** SVG path data in the pixels of the box. */
  path: string
  /** Distances of the text from the box's edges, in pixels. */
  inset: { left: number; top: number; right: number; bottom: number }
}

/** Of the shorter side, a rounded corner. */
export const CORNER = 1 / 6
/** Where a speech bubble's tip is, from the middle, in parts of width and height. */
export const TIP = { x: -0.20833, y: 0.625 }
const cos = (degrees: number) => Math.cos((degrees * Math.PI) / 180)
const sin = (degrees: number) => Math.sin((degrees * Math.PI) / 180)

export function shapeGeometry(form: ShapeForm, width: number, height: number): ShapeGeometry {
  const w = Math.max(0, width)
  const h = Math.max(0, height)
  const none = { left: 0, top: 0, right: 0, bottom: 0 }
  const r = Math.min(w, h) * CORNER
  switch (form) {
    case 'rectangle':
      return { path: polygon([[0, 0], [w, 0], [w, h], [0, h]]), inset: none } // biome-ignore format: corners
    case 'rounded': {
      const path = `M${at(r, 0)}H${n(w - r)}A${at(r, r)} 0 0 1 ${at(w, r)}V${n(h - r)}A${at(r, r)} 0 0 1 ${at(w - r, h)}H${n(r)}A${at(r, r)} 0 0 1 ${at(0, h - r)}V${n(r)}A${at(r, r)} 0 0 1 ${at(r, 0)}Z`
      const edge = r * 0.29289
      return { path, inset: { left: edge, top: edge, right: edge, bottom: edge } }
    }
    case 'ellipse': {
      const path = `M${at(0, h / 2)}A${at(w / 2, h / 2)} 0 1 1 ${at(w, h / 2)}A${at(w / 2, h / 2)} 0 1 1 ${at(0, h / 2)}Z`
      const [x, y] = [w * 0.14645, h * 0.14645]
      return { path, inset: { left: x, top: y, right: x, bottom: y } }
    }
    case 'triangle':
      return {
        path: polygon([[w / 2, 0], [w, h], [0, h]]), // biome-ignore format: corners
        inset: { left: w / 4, top: h / 2, right: w / 4, bottom: 0 },
      }
    case 'diamond':
      return {
        path: polygon([[w / 2, 0], [w, h / 2], [w / 2, h], [0, h / 2]]), // biome-ignore format: corners
        inset: { left: w / 4, top: h / 4, right: w / 4, bottom: h / 4 },
      }
    case 'arrow': {
      const head = Math.min(w, Math.min(w, h) / 2)
      const neck = w - head
      return {
        path: polygon([[0, h / 4], [neck, h / 4], [neck, 0], [w, h / 2], [neck, h], [neck, h * 0.75], [0, h * 0.75]]), // biome-ignore format: corners
        inset: { left: 0, top: h / 4, right: head / 2, bottom: h / 4 },
      }
    }
    case 'star':
      return star(w, h)
    case 'speech': {
      const tip = at(w * (0.5 + TIP.x), h * (0.5 + TIP.y))
      const path = `M${at(r, 0)}H${n(w - r)}A${at(r, r)} 0 0 1 ${at(w, r)}V${n(h - r)}A${at(r, r)} 0 0 1 ${at(w - r, h)}H${n((w * 5) / 12)}L${tip}L${at(w / 6, h)}H${n(r)}A${at(r, r)} 0 0 1 ${at(0, h - r)}V${n(r)}A${at(r, r)} 0 0 1 ${at(r, 0)}Z`
      const edge = r * 0.29289
      return { path, inset: { left: edge, top: edge, right: edge, bottom: edge } }
    }
  }
}

function star(w: number, h: number): ShapeGeometry {
  // A regular star is narrower than high: these stretch it to its box.
  const [rx, ry, cy] = [(w / 2) * 1.05146, (h / 2) * 1.10557, (h / 2) * 1.10557]
  const [ix, iy] = [rx * 0.38196, ry * 0.38196]
  const points: [number, number][] = []
  for (let point = 0; point < 5; point++) {
    const outer = -90 + point * 72
    points.push([w / 2 + cos(outer) * rx, cy + sin(outer) * ry])
    points.push([w / 2 + cos(outer + 36) * ix, cy + sin(outer + 36) * iy])
  }
  const side = w / 2 - cos(18) * ix
  return {
    path: polygon(points),
    inset: { left: side, top: cy - sin(54) * iy, right: side, bottom: h - cy - iy },
  }
}

function polygon(points: [number, number][]): string {
  return `M${points.map(([x, y]) => at(x, y)).join('L')}Z`
}

function at(x: number, y: number): string {
  return `${n(x)} ${n(y)}`
}

function n(value: number): string {
  return String(Math.round(value * 100) / 100)
}
