import * as Y from 'yjs'
import { type CanvasElement, isElementType, propertiesOf, recordParts } from './element.ts'
import * as sound from './sound.ts'

/** The root map of a canvas: element id → map of an element's parts. */
export const canvasElements = 'elements'

const arrowheads = [
  'arrow',
  'bar',
  'dot',
  'circle',
  'circle_outline',
  'triangle',
  'triangle_outline',
  'diamond',
  'diamond_outline',
  'crowfoot_one',
  'crowfoot_many',
  'crowfoot_one_or_many',
]
const arrowhead = sound.oneOf(arrowheads, null)
const length = sound.number(0, sound.FARTHEST)
const required: sound.Sound = (value) => {
  const id = sound.name(value)
  if (id === null) throw new sound.Unsound('no id')
  return id
}
const binding = sound.orNull(
  sound.record({
    elementId: required,
    focus: sound.number(-100, 100, 0),
    gap: sound.number(0, 10_000, 1),
    fixedPoint: sound.orNull(sound.pair(sound.number(-1_000, 1_000))),
  }),
)

/** How each property is made sound, whichever type has it. */
const properties: Record<string, sound.Sound> = {
  x: sound.coordinate,
  y: sound.coordinate,
  width: length,
  height: length,
  angle: sound.number(-1_000, 1_000, 0),
  points: sound.points(2),
  pressures: (value) => sound.orNull(sound.list(sound.number(0, 1, 0.5), sound.MOST_POINTS))(value) ?? [],
  simulatePressure: sound.flag(true),
  startBinding: binding,
  endBinding: binding,
  elbowed: sound.flag(false),
  fixedSegments: sound.orNull(
    sound.list(
      sound.record({ start: sound.point, end: sound.point, index: sound.number(0, sound.MOST_POINTS) }),
      1_000,
    ),
  ),
  startIsSpecial: sound.oneOf([true, false], null),
  endIsSpecial: sound.oneOf([true, false], null),
  scale: (value) => sound.orNull(sound.pair(sound.number(-1, 1, 1)))(value) ?? [1, 1],
  crop: sound.orNull(
    sound.record({
      x: sound.coordinate,
      y: sound.coordinate,
      width: length,
      height: length,
      naturalWidth: sound.number(1, sound.FARTHEST),
      naturalHeight: sound.number(1, sound.FARTHEST),
    }),
  ),
  strokeColor: sound.color('#1e1e1e'),
  backgroundColor: sound.color('transparent'),
  fillStyle: sound.oneOf(['solid', 'hachure', 'cross-hatch', 'zigzag'], 'solid'),
  strokeWidth: sound.number(0, 100, 2),
  strokeStyle: sound.oneOf(['solid', 'dashed', 'dotted'], 'solid'),
  roughness: sound.number(0, 10, 1),
  opacity: sound.number(0, 100, 100),
  roundness: sound.orNull((value) => {
    const { type, value: radius } = sound.record({ type: (one) => one, value: (one) => one })(value) as {
      type: unknown
      value: unknown
    }
    if (type !== 1 && type !== 2 && type !== 3) throw new sound.Unsound('no roundness')
    return typeof radius === 'number' && Number.isFinite(radius) ? { type, value: radius } : { type }
  }),
  startArrowhead: arrowhead,
  endArrowhead: arrowhead,
  textAlign: sound.oneOf(['left', 'center', 'right'], 'left'),
  verticalAlign: sound.oneOf(['top', 'middle', 'bottom'], 'top'),
  text: sound.text,
  originalText: sound.text,
  fontSize: sound.number(1, 5_000, 20),
  // 4 was never given to a font.
  fontFamily: sound.oneOf([1, 2, 3, 5, 6, 7, 8, 9], 5),
  lineHeight: sound.number(0.5, 5, 1.25),
  autoResize: sound.flag(true),
  containerId: sound.name,
  type: (value) => value,
  seed: sound.number(0, 2 ** 31, 1),
  groupIds: (value) => (Array.isArray(value) ? value.slice(0, 100).filter((id) => sound.name(id) !== null) : []),
  frameId: sound.name,
  link: sound.link,
  locked: sound.flag(false),
  customData: sound.custom,
  fileId: sound.file,
  name: (value) => (typeof value === 'string' ? value.slice(0, 500) : null),
}

/**
 * An element as it stands in the state, made sound: bounds are kept, what is missing has its default, unknown
 * properties are gone. Null when nothing can be drawn of it. Never throws.
 * @param id its key in the map of elements
 * @param value what stands there
 */
export function readElement(id: string, value: unknown): CanvasElement | null {
  if (!(value instanceof Y.Map) || sound.name(id) === null) return null
  const given: Record<string, unknown> = {}
  for (const part of recordParts) {
    const record = value.get(part)
    if (sound.isRecord(record)) Object.assign(given, record)
  }
  const { type } = given
  if (!isElementType(type)) return null
  const element: Record<string, unknown> = { id }
  try {
    for (const names of Object.values(propertiesOf[type])) {
      for (const name of names) {
        const made = properties[name]?.(given[name])
        if (made !== undefined) element[name] = made
      }
    }
  } catch (error) {
    if (error instanceof sound.Unsound) return null
    throw error
  }
  element.index = sound.index(value.get('index'))
  element.isDeleted = value.get('deleted') === true
  return element as unknown as CanvasElement
}

/** What can be drawn of a canvas, from back to front; deleted elements are left out. */
export function readCanvas(doc: Y.Doc): CanvasElement[] {
  const elements: CanvasElement[] = []
  for (const [id, value] of doc.getMap(canvasElements)) {
    const element = readElement(id, value)
    if (element && !element.isDeleted) elements.push(element)
  }
  return elements.sort(byIndex)
}

/** From back to front; those without an index last; ties by id. */
export function byIndex(a: { id: string; index: string | null }, b: { id: string; index: string | null }): number {
  if (a.index !== b.index) {
    if (a.index === null) return 1
    if (b.index === null) return -1
    return a.index < b.index ? -1 : 1
  }
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}
