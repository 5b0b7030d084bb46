import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { canvasElementTypes, elementParts } from './element.ts'
import { canvasElements, readCanvas, readElement } from './reading.ts'
import { FARTHEST, MOST_POINTS } from './sound.ts'
import { element, put, randomOf } from './testing.ts'

const FILE = 'A'.repeat(43)

function read(parts: Record<string, unknown>) {
  const map = new Y.Doc().getMap<unknown>(canvasElements)
  put(map, 'one', parts)
  return readElement('one', map.get('one'))
}

const box = { x: 1, y: 2, width: 3, height: 4 }

test('every type is read with everything it needs', () => {
  for (const type of canvasElementTypes) expect(element(type)).toMatchObject({ type, x: 10, y: 20, isDeleted: false })
})

test('what is missing has its default; bounds are kept', () => {
  const made = read({ geometry: { ...box, x: 1e300, y: -1e300, angle: Number.NaN }, rest: { type: 'rectangle' } })
  expect(made).toMatchObject({ x: FARTHEST, y: -FARTHEST, angle: 0, strokeColor: '#1e1e1e', groupIds: [], index: null })
  const loud = read({
    geometry: box,
    style: { opacity: 4000, strokeWidth: -1, fillStyle: 'lava', roundness: 'all' },
    rest: { type: 'ellipse', locked: 'yes', groupIds: ['g', 4, null] },
  })
  expect(loud).toMatchObject({ opacity: 100, strokeWidth: 0, fillStyle: 'solid', roundness: null, groupIds: ['g'] })
})

test('what cannot be drawn is no element', () => {
  const bad: Record<string, unknown>[] = [
    {},
    { geometry: box },
    { geometry: box, rest: { type: 'iframe' } },
    { geometry: box, rest: { type: 'toString' } },
    { geometry: { ...box, x: Number.POSITIVE_INFINITY }, rest: { type: 'rectangle' } },
    { geometry: { ...box, x: '1' }, rest: { type: 'rectangle' } },
    { geometry: { ...box, points: 'many' }, rest: { type: 'line' } },
    { geometry: { ...box, points: [[0, 0]] }, rest: { type: 'arrow' } },
    { geometry: { ...box, points: [[0, Number.NaN], [1]] }, rest: { type: 'freedraw' } },
    { geometry: { ...box, points: Array(MOST_POINTS + 1).fill([0, 0]) }, rest: { type: 'freedraw' } },
    { geometry: box, text: { ...box, text: { toString: 'x' }, originalText: '' }, rest: { type: 'text' } },
  ]
  for (const parts of bad) expect(read(parts)).toBeNull()
  expect(readElement('one', 'a string')).toBeNull()
  expect(readElement('', new Y.Map())).toBeNull()
})

test('links and colours say nothing but what they are', () => {
  const linked = (link: unknown) => read({ geometry: box, rest: { type: 'rectangle', link } })?.link
  expect(linked('https://example.org/a')).toBe('https://example.org/a')
  expect(linked('/d/1')).toBe('/d/1')
  for (const link of [
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    '//x',
  ]) {
    expect(linked(link)).toBeNull()
  }
  const colored = (strokeColor: unknown) => read({ geometry: box, style: { strokeColor }, rest: { type: 'line' } })
  expect(colored('url(https://example.org/x)')).toBeNull()
  const painted = (strokeColor: unknown) =>
    read({ geometry: box, style: { strokeColor }, rest: { type: 'ellipse' } })?.strokeColor
  expect(painted('#e03131')).toBe('#e03131')
  expect(painted('rgba(1, 2, 3, 0.5)')).toBe('rgba(1, 2, 3, 0.5)')
  for (const color of ['url(https://example.org/x)', 'red;background:url(x)', 7, '#12345678901'])
    expect(painted(color)).toBe('#1e1e1e')
})

test('an image names a file of ours, or none', () => {
  const image = (file: unknown) => read({ geometry: box, rest: { type: 'image', fileId: file } })?.fileId
  expect(image(FILE)).toBe(FILE)
  expect(image('../../etc/passwd')).toBeNull()
  expect(image('https://example.org/x.png')).toBeNull()
})

test('a pair is of two: half of one would make the numbers after it none', () => {
  const image = (scale: unknown) => read({ geometry: { ...box, scale }, rest: { type: 'image' } })?.scale
  expect([image([-1, 1]), image([]), image([1]), image([1, 1, 1])]).toEqual([
    [-1, 1],
    [1, 1],
    [1, 1],
    [1, 1],
  ])
  const points = [
    [0, 0],
    [1, 1],
  ]
  const fixed = (fixedPoint: unknown) => {
    const startBinding = { elementId: 'other', focus: 0, gap: 1, fixedPoint }
    return read({ geometry: { ...box, points, startBinding }, rest: { type: 'arrow' } })?.startBinding
  }
  expect([fixed([0.5, 1]), fixed([0.5])]).toMatchObject([{ fixedPoint: [0.5, 1] }, { fixedPoint: null }])
})

test('numbers without end, which JSON has no word for, stop no reader', () => {
  const huge = read({ geometry: { ...box, angle: 1n }, rest: { type: 'rectangle', customData: { huge: 1n } } })
  expect(huge).toMatchObject({ type: 'rectangle', angle: 0 })
  expect(huge).not.toHaveProperty('customData')
  expect(read({ geometry: { ...box, x: 1n }, rest: { type: 'rectangle' } })).toBeNull()
})

test('an index is of the digits of fractional indexing alone: between others there is no place', () => {
  const indexed = (index: unknown) => read({ geometry: box, rest: { type: 'rectangle' }, index })?.index
  expect(indexed('a0V')).toBe('a0V')
  for (const index of ['a0~', 'a0\u00e9', 'Zz{', 'a0 1', 'a00', '', 7]) expect(indexed(index)).toBeNull()
})

test('whatever peers write, reading never throws and what it reads is sound', () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  const random = randomOf(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const garbage = (depth = 0): unknown =>
    pick<() => unknown>([
      () => null,
      () => undefined,
      () => random() * 1e9,
      () => Number.NaN,
      () => Number.NEGATIVE_INFINITY,
      () => 'x'.repeat(random() * 300),
      () => '__proto__',
      () => true,
      () => 2n ** 70n,
      () => (depth > 2 ? [] : Array.from({ length: random() * 5 }, () => garbage(depth + 1))),
      () =>
        depth > 2
          ? {}
          : Object.fromEntries(
              Array.from({ length: 4 }, () => [
                pick(['x', 'y', 'width', 'height', 'points', 'type', 'text', 'elementId', 'link', 'crop', 'scale']),
                garbage(depth + 1),
              ]),
            ),
    ])()
  const doc = new Y.Doc()
  const map = doc.getMap<unknown>(canvasElements)
  for (let round = 0; round < 600; round++) {
    const good = random() < 0.6 ? partsLike(pick(canvasElementTypes)) : {}
    const parts: Record<string, unknown> = { ...good }
    for (const part of elementParts) if (random() < 0.3) parts[part] = garbage()
    for (const [part, value] of Object.entries(parts)) {
      if (value && typeof value === 'object' && random() < 0.3)
        parts[part] = {
          ...value,
          [pick(['x', 'points', 'angle', 'text', 'groupIds', 'roundness', 'customData'])]: garbage(),
        }
    }
    put(map, `e${round}`, parts)
  }
  map.set('stray', 'text')
  const whole = Y.encodeStateAsUpdate(doc)
  try {
    const elements = readCanvas(doc)
    expect(elements.length).toBeGreaterThan(50)
    for (const one of elements) {
      for (const value of [one.x, one.y, one.width, one.height, one.angle]) {
        if (!Number.isFinite(value) || Math.abs(value) > FARTHEST) throw new Error(JSON.stringify(one))
      }
      // What others keep beside an element is theirs.
      expect(JSON.stringify({ ...one, customData: null })).not.toMatch(/null,null/)
    }
  } catch (error) {
    throw new Error(`seed ${seed}`, { cause: error })
  }
  // Reading changes nothing.
  expect(Y.encodeStateAsUpdate(doc)).toEqual(whole)

  function partsLike(type: (typeof canvasElementTypes)[number]): Record<string, unknown> {
    const { id: _id, index, isDeleted: _deleted, ...all } = element(type, { fileId: FILE })
    return { geometry: all, style: all, text: all, rest: all, index: index ?? 'a1' }
  }
})
