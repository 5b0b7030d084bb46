/**
 * Elements of a canvas as Excalidraw draws them, without what only one replica knows (`version`, `versionNonce`,
 * `updated`, `status`, `lastCommittedPoint`) and without `boundElements`, which follow from arrows and texts.
 *
 * In Yjs an element is a map in the root map `elements`, by id. Its properties lie in parts, each a JSON value that is
 * written as a whole, so that edits to different parts merge:
 * - `geometry`: place, size, points, what an arrow is bound to, crop
 * - `style`: colours, strokes, arrowheads
 * - `text` (text elements only): the words, and their size, which follows from them
 * - `rest`: type, groups, frame, link, file, name
 * - `index`: the order, as a fractional index; ties by id
 * - `deleted`: true once deleted. The parts stay, so that whoever undoes it finds what others did meanwhile.
 */
export interface CanvasElement {
  id: string
  type: CanvasElementType
  index: string | null
  isDeleted: boolean
  x: number
  y: number
  width: number
  height: number
  angle: number
  /** What depends on the type; sound when it comes from `readElement`. */
  [property: string]: unknown
}

export const canvasElementTypes = [
  'rectangle',
  'diamond',
  'ellipse',
  'arrow',
  'line',
  'freedraw',
  'text',
  'image',
  'frame',
  'embeddable',
] as const
export type CanvasElementType = (typeof canvasElementTypes)[number]

/** The parts of an element that hold a record. */
export const recordParts = ['geometry', 'style', 'text', 'rest'] as const
export type RecordPart = (typeof recordParts)[number]
export const elementParts = [...recordParts, 'index', 'deleted'] as const
export type ElementPart = (typeof elementParts)[number]

/** The values of an element's parts; a part that the type lacks is undefined. */
export type ElementParts = Partial<Record<ElementPart, unknown>>

const bound = ['startBinding', 'endBinding']
const size = ['width', 'height']
const sized = ['x', 'y', ...size, 'angle']
const stroke = ['strokeColor', 'backgroundColor', 'fillStyle', 'strokeWidth', 'strokeStyle', 'roughness', 'opacity']
const shape = [...stroke, 'roundness']
const common = ['type', 'seed', 'groupIds', 'frameId', 'link', 'locked', 'customData']

type Properties = Partial<Record<RecordPart, readonly string[]>>
const generic: Properties = { geometry: sized, style: shape, rest: common }

/** Which properties of a type lie in which part, in the order in which they are written. */
export const propertiesOf: Record<CanvasElementType, Properties> = {
  rectangle: generic,
  diamond: generic,
  ellipse: generic,
  embeddable: generic,
  frame: { ...generic, rest: [...common, 'name'] },
  image: { ...generic, geometry: [...sized, 'scale', 'crop'], rest: [...common, 'fileId'] },
  line: {
    geometry: [...sized, 'points', ...bound],
    style: [...shape, 'startArrowhead', 'endArrowhead'],
    rest: common,
  },
  arrow: {
    geometry: [...sized, 'points', ...bound, 'elbowed', 'fixedSegments', 'startIsSpecial', 'endIsSpecial'],
    style: [...shape, 'startArrowhead', 'endArrowhead'],
    rest: common,
  },
  freedraw: { geometry: [...sized, 'points', 'pressures', 'simulatePressure'], style: shape, rest: common },
  // The size of a text follows from its words and their font: they must never come apart.
  text: {
    geometry: ['x', 'y', 'angle'],
    style: [...shape, 'textAlign', 'verticalAlign'],
    text: [...size, 'text', 'originalText', 'fontSize', 'fontFamily', 'lineHeight', 'autoResize'],
    rest: [...common, 'containerId'],
  },
}

/** Whether a word is a type of element that canvases know. */
export function isElementType(type: unknown): type is CanvasElementType {
  return typeof type === 'string' && Object.hasOwn(propertiesOf, type)
}

/** An element in parts. Properties that are undefined are left out. */
export function partsOf(element: CanvasElement): ElementParts {
  const parts: ElementParts = {}
  const properties = propertiesOf[element.type]
  for (const part of recordParts) {
    const names = properties[part]
    if (!names) continue
    const record: Record<string, unknown> = {}
    for (const name of names) if (element[name] !== undefined) record[name] = element[name]
    parts[part] = record
  }
  parts.index = element.index ?? undefined
  parts.deleted = element.isDeleted ? true : undefined
  return parts
}
