import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { bindCanvas, type CanvasBinding } from './binding.ts'
import { canvasElements, readCanvas } from './reading.ts'
import { element, MemoryScene, put, randomOf } from './testing.ts'

interface Replica {
  doc: Y.Doc
  scene: MemoryScene
  binding: CanvasBinding
}

const open: Replica[] = []

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  for (const { binding } of open.splice(0)) binding.destroy()
  vi.useRealTimers()
})

function replica(from?: Replica, editable = true): Replica {
  const doc = new Y.Doc()
  if (from) Y.applyUpdate(doc, Y.encodeStateAsUpdate(from.doc))
  const scene = new MemoryScene()
  const binding = bindCanvas({ doc, scene, editable })
  scene.onChange = binding.changed
  const made = { doc, scene, binding }
  open.push(made)
  return made
}

function connect(...replicas: Replica[]): () => void {
  const stops = replicas.flatMap((one) =>
    replicas
      .filter((other) => other !== one)
      .map((other) => {
        Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(one.doc, Y.encodeStateVector(other.doc)), 'peer')
        const relay = (update: Uint8Array, origin: unknown) => {
          if (origin !== 'peer') Y.applyUpdate(other.doc, update, 'peer')
        }
        one.doc.on('update', relay)
        return () => one.doc.off('update', relay)
      }),
  )
  return () => {
    for (const stop of stops) stop()
  }
}

const pass = (ms = 1_000) => vi.advanceTimersByTime(ms)
const partOf = ({ doc }: Replica, id: string, part: string) =>
  doc.getMap<Y.Map<unknown>>(canvasElements).get(id)?.get(part)

/** What everybody must agree on. */
const sight = ({ scene }: Replica) =>
  scene.visible().map(({ version: _v, versionNonce: _n, updated: _u, index: _i, boundElements, ...rest }) => ({
    ...rest,
    bound: (boundElements ?? []).map(({ id }) => id).sort(),
  }))

test('a new element reaches the others after a moment, and its properties come in parts', () => {
  const ann = replica()
  const bob = replica()
  connect(ann, bob)
  ann.scene.add(element('rectangle', { id: 'r', index: 'a1' }))
  pass(39)
  expect(bob.doc.getMap(canvasElements).size).toBe(0)
  pass()
  expect(sight(bob)).toEqual(sight(ann))
  ann.scene.edit('r', { x: 77 })
  pass()
  expect(bob.scene.get('r').x).toBe(77)
  expect(Object.keys(ann.doc.getMap<Y.Map<unknown>>(canvasElements).get('r')?.toJSON() ?? {}).sort()).toEqual([
    'geometry',
    'index',
    'rest',
    'style',
  ])
})

test('edits to different parts of one element merge, whoever was away', () => {
  const ann = replica()
  const bob = replica()
  connect(ann, bob)()
  const disconnect = connect(ann, bob)
  ann.scene.add(element('text', { id: 't', index: 'a1' }))
  pass()
  disconnect()
  ann.scene.edit('t', { x: 300 })
  bob.scene.edit('t', { text: 'New', originalText: 'New', width: 33 })
  pass()
  ann.scene.edit('t', { strokeColor: '#ff0000' })
  bob.scene.edit('t', { groupIds: ['g'] })
  pass()
  connect(ann, bob)
  pass()
  for (const { scene } of [ann, bob]) {
    expect(scene.get('t')).toMatchObject({ x: 300, text: 'New', width: 33, strokeColor: '#ff0000', groupIds: ['g'] })
  }
})

test('local edits are written before others’ are shown', () => {
  const ann = replica()
  const bob = replica()
  connect(ann, bob)
  ann.scene.add(element('rectangle', { id: 'r', index: 'a1' }))
  pass()
  bob.scene.edit('r', { x: 500 })
  bob.binding.flush()
  // Not written yet when Bob's arrives.
  ann.scene.edit('r', { strokeColor: '#00ff00' })
  pass()
  for (const { scene } of [ann, bob]) expect(scene.get('r')).toMatchObject({ x: 500, strokeColor: '#00ff00' })
})

test('what is below somebody’s hands stays the same object until they let go', () => {
  const ann = replica()
  const bob = replica()
  connect(ann, bob)
  ann.scene.add(element('rectangle', { id: 'r', index: 'a1' }))
  pass()
  ann.scene.inHand.add('r')
  const held = ann.scene.get('r')
  bob.scene.edit('r', { strokeColor: '#0000ff' })
  bob.scene.add(element('ellipse', { id: 'e', index: 'a2' }))
  pass()
  expect(ann.scene.get('r')).toBe(held)
  expect(ann.scene.get('e').type).toBe('ellipse')
  ann.scene.inHand.clear()
  ann.binding.changed()
  pass()
  expect(ann.scene.get('r').strokeColor).toBe('#0000ff')
})

test('what somebody works on stays, though another deletes it meanwhile', () => {
  const ann = replica()
  const bob = replica()
  connect(ann, bob)
  ann.scene.add(element('text', { id: 't', index: 'a1' }))
  pass()
  ann.scene.inHand.add('t')
  bob.scene.edit('t', { isDeleted: true })
  pass()
  expect(readCanvas(bob.doc)).toEqual([])
  ann.scene.edit('t', { text: 'Still writing', originalText: 'Still writing' })
  pass()
  ann.scene.inHand.clear()
  ann.binding.changed()
  pass()
  for (const { scene } of [ann, bob]) expect(scene.get('t')).toMatchObject({ isDeleted: false, text: 'Still writing' })
})

test('absence from a scene deletes nothing: it is shown again', () => {
  const ann = replica()
  const bob = replica()
  connect(ann, bob)
  ann.scene.add(element('rectangle', { id: 'r', index: 'a1' }))
  pass()
  bob.scene.list = []
  bob.binding.changed()
  pass()
  expect(bob.scene.get('r').isDeleted).toBe(false)
  expect(ann.scene.get('r').isDeleted).toBe(false)
  ann.scene.list = []
  ann.binding.destroy()
  expect(readCanvas(bob.doc)).toHaveLength(1)
})

test('a gesture that ends with nothing takes away what it began', () => {
  const ann = replica()
  const bob = replica()
  connect(ann, bob)
  ann.scene.add(element('rectangle', { id: 'r', index: 'a1', width: 0, height: 0 }))
  ann.scene.drawn = 'r'
  pass()
  expect(bob.scene.list).toEqual([])
  ann.scene.edit('r', { width: 30, height: 30 })
  pass()
  expect(bob.scene.get('r').width).toBe(30)
  ann.scene.list = []
  ann.scene.drawn = null
  ann.binding.changed()
  pass()
  expect(bob.scene.visible()).toEqual([])
})

test('deleting keeps what others did meanwhile for whoever undoes it', () => {
  const ann = replica()
  const bob = replica()
  const disconnect = connect(ann, bob)
  ann.scene.add(element('rectangle', { id: 'r', index: 'a1' }))
  pass()
  disconnect()
  ann.scene.edit('r', { isDeleted: true })
  bob.scene.edit('r', { x: 900 })
  pass()
  connect(ann, bob)
  pass()
  expect([ann.scene.visible(), bob.scene.visible()]).toEqual([[], []])
  ann.scene.edit('r', { isDeleted: false })
  pass()
  for (const { scene } of [ann, bob]) expect(scene.get('r')).toMatchObject({ isDeleted: false, x: 900 })
})

test('what a revert removes, even from the map, disappears from scenes', () => {
  const ann = replica()
  ann.scene.add(element('rectangle', { id: 'r', index: 'a1' }))
  pass()
  ann.doc.getMap(canvasElements).delete('r')
  pass()
  expect(ann.scene.visible()).toEqual([])
})

test('lists of what is bound follow from arrows and texts: two who bind at once both do', () => {
  const ann = replica()
  const bob = replica()
  const disconnect = connect(ann, bob)
  ann.scene.add(element('rectangle', { id: 'r', index: 'a1' }))
  pass()
  disconnect()
  const bind = (who: Replica, id: string, index: string) => {
    who.scene.add(element('arrow', { id, index, endBinding: { elementId: 'r', focus: 0, gap: 4 } }))
  }
  bind(ann, 'of-ann', 'a2')
  bind(bob, 'of-bob', 'a2')
  pass()
  connect(ann, bob)
  pass()
  for (const { scene } of [ann, bob]) {
    expect(
      scene
        .get('r')
        .boundElements?.map(({ id }) => id)
        .sort(),
    ).toEqual(['of-ann', 'of-bob'])
  }
  bob.scene.edit('of-ann', { isDeleted: true })
  pass()
  expect(ann.scene.get('r').boundElements?.map(({ id }) => id)).toEqual(['of-bob'])
})

test('equal indices give the same order everywhere, and are written only with an order of somebody’s own', () => {
  const ann = replica()
  const bob = replica()
  const disconnect = connect(ann, bob)
  ann.scene.add(element('rectangle', { id: 'base', index: 'a1' }))
  pass()
  disconnect()
  ann.scene.add(element('rectangle', { id: 'x', index: 'a2' }))
  bob.scene.add(element('rectangle', { id: 'y', index: 'a2' }))
  pass()
  connect(ann, bob)
  pass()
  for (const { scene } of [ann, bob]) {
    expect(scene.visible().map(({ id }) => id)).toEqual(['base', 'x', 'y'])
    const indices = scene.list.map(({ index }) => index as string)
    expect([...indices].sort()).toEqual(indices)
    expect(new Set(indices).size).toBe(3)
  }
  expect(partOf(ann, 'y', 'index')).toBe('a2')
  const between = `${ann.scene.get('x').index}V`
  ann.scene.list = ann.scene.list.map((one) => (one.id === 'base' ? { ...one, index: between, version: 9 } : one))
  ann.scene.list.sort((a, b) => ((a.index ?? '') < (b.index ?? '') ? -1 : 1))
  ann.binding.changed()
  pass()
  for (const { scene } of [ann, bob]) expect(scene.visible().map(({ id }) => id)).toEqual(['x', 'base', 'y'])
})

test('a long stroke is sent now and then, thinned, and whole when the pointer is lifted', () => {
  const ann = replica()
  let writes = 0
  const points: number[][] = [[0, 0]]
  ann.scene.add(element('freedraw', { id: 's', index: 'a1', points: [...points, [1, 1]], pressures: [] }))
  ann.scene.drawn = 's'
  ann.doc.on('update', () => void writes++)
  for (let frame = 1; frame <= 2_000; frame++) {
    points.push([frame, frame % 7])
    ann.scene.edit('s', { points: [...points] })
    pass(1)
  }
  expect(writes).toBeGreaterThan(10)
  expect(writes).toBeLessThan(25)
  expect((partOf(ann, 's', 'geometry') as { points: unknown[] }).points.length).toBeLessThan(410)
  ann.scene.drawn = null
  ann.binding.changed()
  pass()
  expect((partOf(ann, 's', 'geometry') as { points: unknown[] }).points).toEqual(points)
})

test('what is not for others yet stays here: empty texts, and images whose bytes are not stored', () => {
  const ann = replica()
  const bob = replica()
  connect(ann, bob)
  ann.scene.add({ ...element('text', { id: 't', index: 'a1' }), text: '', originalText: '' })
  ann.scene.add({ ...element('image', { id: 'i', index: 'a2' }), fileId: 'a'.repeat(40) })
  ann.scene.add(element('rectangle', { id: 'r', index: 'a3' }))
  pass()
  expect(bob.scene.list.map(({ id }) => id)).toEqual(['r'])
  bob.scene.edit('r', { x: 1 })
  pass()
  expect(ann.scene.visible()).toHaveLength(3)
  ann.scene.edit('t', { text: 'Now' })
  ann.scene.edit('i', { fileId: 'B'.repeat(43) })
  pass()
  expect(sight(bob)).toEqual(sight(ann).map((one) => ({ ...one, status: bob.scene.get(one.id).status })))
})

test('whoever may not edit writes nothing, and sees everything', () => {
  const ann = replica()
  const bob = replica(undefined, false)
  connect(ann, bob)
  ann.scene.add(element('rectangle', { id: 'r', index: 'a1' }))
  pass()
  expect(bob.scene.visible()).toHaveLength(1)
  bob.scene.edit('r', { x: 999 })
  pass()
  expect(ann.scene.get('r').x).toBe(10)
  bob.binding.setEditable(true)
  pass()
  expect(ann.scene.get('r').x).toBe(999)
  bob.scene.edit('r', { x: 998 })
  bob.binding.setEditable(false)
  pass()
  expect(ann.scene.get('r').x).toBe(998)
})

test('leaving writes what was not yet', () => {
  const ann = replica()
  ann.scene.add(element('rectangle', { id: 'r', index: 'a1' }))
  const points = Array.from({ length: 900 }, (_, at) => [at, at])
  ann.scene.add(element('freedraw', { id: 's', index: 'a2', points }))
  ann.scene.drawn = 's'
  ann.binding.destroy()
  expect(readCanvas(ann.doc).map((one) => (one.points as unknown[] | undefined)?.length)).toEqual([undefined, 900])
})

test('garbage in the state is not shown, not deleted, and stops nobody', () => {
  const ann = replica()
  const map = ann.doc.getMap<unknown>(canvasElements)
  map.set('stray', 'x')
  put(map, 'bad', { geometry: { x: Number.NaN }, rest: { type: 'rectangle' }, index: 'ZZZZ' })
  pass()
  ann.scene.add(element('rectangle', { id: 'r', index: 'a1' }))
  ann.scene.add({ ...element('rectangle', { id: 'odd', index: 'a2' }), type: 'iframe' as 'rectangle' })
  pass()
  expect([...map.keys()].sort()).toEqual(['bad', 'r', 'stray'])
  expect(
    replica(ann)
      .scene.visible()
      .map(({ id }) => id),
  ).toEqual(['r'])
})

test('nothing is written when nothing changed, nor when a scene only repeats what was shown', () => {
  const ann = replica()
  const bob = replica()
  connect(ann, bob)
  for (let at = 1; at < 9; at++) ann.scene.add(element('arrow', { id: `a${at}`, index: `a${at}` }))
  pass()
  const before = Y.encodeStateVector(bob.doc)
  const { shows } = bob.scene
  bob.scene.list = bob.scene.list.map((one) => ({ ...one, version: one.version + 5 }))
  for (const { binding } of [ann, bob]) binding.changed()
  pass()
  expect(Y.encodeStateVector(bob.doc)).toEqual(before)
  expect(bob.scene.shows).toBe(shows)
})

test('whatever three people do, connected or not, they end with one scene', () => {
  for (let round = 0; round < 25; round++) {
    const seed = Math.floor(Math.random() * 2 ** 31)
    const random = randomOf(seed)
    const people = [replica(), replica(), replica()]
    let disconnect = connect(...people)
    for (let step = 0; step < 120; step++) {
      const who = people[Math.floor(random() * 3)] as Replica
      act(who, random, `${round}-${step}`)
      if (random() < 0.5) pass(Math.floor(random() * 60))
      if (random() < 0.08) {
        disconnect()
        if (random() < 0.6) disconnect = connect(...people)
        else disconnect = connect(...people.slice(0, 2))
      }
    }
    disconnect()
    for (const { scene, binding } of people) {
      scene.inHand.clear()
      scene.drawn = null
      binding.changed()
    }
    connect(...people)
    pass(3_000)
    const [first, ...others] = people.map(sight)
    for (const other of others) expect(other, `seed ${seed}`).toEqual(first)
    const fresh = replica(people[0])
    expect(sight(fresh), `seed ${seed}`).toEqual(first)
  }
})

function act({ scene }: Replica, random: () => number, name: string): void {
  const visible = scene.visible()
  const one = visible[Math.floor(random() * visible.length)]
  const dice = random()
  const top = scene.list.at(-1)?.index ?? null
  if (!one || dice < 0.2) scene.add(element('rectangle', { id: name, index: after(top) }))
  else if (dice < 0.45) scene.edit(one.id, { x: Math.floor(random() * 1_000), y: Math.floor(random() * 1_000) })
  else if (dice < 0.6) scene.edit(one.id, { strokeColor: random() < 0.5 ? '#111111' : '#222222' })
  else if (dice < 0.7) scene.edit(one.id, { isDeleted: true })
  else if (dice < 0.78) scene.add(element('arrow', { id: name, index: after(top), endBinding: { elementId: one.id } }))
  else if (dice < 0.86) {
    scene.list = [
      ...scene.list.filter(({ id }) => id !== one.id),
      { ...one, index: after(top), version: one.version + 1 },
    ]
    scene.onChange()
  } else if (dice < 0.93) scene.add(element('text', { id: name, index: after(top), text: name, originalText: name }))
  else if (scene.inHand.size > 0) {
    scene.inHand.clear()
    scene.onChange()
  } else scene.inHand.add(one.id)
}

function after(index: string | null): string {
  if (index === null) return 'a0'
  const last = index.codePointAt(1) ?? 0
  return index.length === 2 && last < 57 ? `a${String.fromCodePoint(last + 1)}` : `${index}V`
}
