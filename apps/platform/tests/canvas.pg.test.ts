import { createServer, type Server, type Socket, connect as tcp } from 'node:net'
import { createProvider, type Provider, saveState } from '@realtime/client'
import { call, documentApi, organizationApi, type Resource } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { bindCanvas, type CanvasBinding, readCanvas } from '@realtime/resources'
import { canvasElement, MemoryScene, randomOf } from '@realtime/resources/testing'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import * as Y from 'yjs'
import { join, type Person, setUp } from '../src/person.ts'
import { startPlatform, type TestPlatform } from '../src/testing.ts'

// The binding of canvases through the real server: people in scenes of their own, with the real provider between them.

let platform: TestPlatform
let people: Person[]
const open: Painter[] = []

beforeAll(async () => {
  platform = await startPlatform()
  const ann = await setUp(`${platform.publicUrl}/setup?token=${platform.env.SETUP_TOKEN}`, 'Ann')
  people = [ann]
  for (const name of ['Bob', 'Cleo']) {
    const params = { id: ann.organizationId }
    const { url } = await call(ann.caller, organizationApi.invite, { params, body: { role: 'member' } })
    people.push(await join(url, name))
  }
})
afterEach(() => {
  for (const painter of open.splice(0)) painter.close()
})
afterAll(() => platform.stop())

interface Painter {
  doc: Y.Doc
  scene: MemoryScene
  binding: CanvasBinding
  provider: Provider
  wire: Wire
  close(): void
}

/** The network of one person, which can be cut. */
interface Wire {
  url: string
  cut(): void
  mend(): void
  close(): void
}

async function wireTo(target: string): Promise<Wire> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let broken = false
  const server: Server = createServer((near) => {
    if (broken) return void near.destroy()
    const far = tcp(Number(port), hostname)
    near.pipe(far).pipe(near)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    cut() {
      broken = true
      drop()
    },
    mend() {
      broken = false
    },
    close() {
      drop()
      server.close()
    },
  }
}

const create = (): Promise<Resource> => {
  const [ann] = people as [Person]
  return call(ann.caller, documentApi.createDocument, {
    body: { projectId: ann.projectId, kind: 'canvas', title: 'C' },
  })
}

async function paint(person: Person, documentId: string): Promise<Painter> {
  const doc = new Y.Doc()
  const scene = new MemoryScene()
  const wire = await wireTo(platform.publicUrl)
  const provider = createProvider({ url: wire.url, documentId, epoch: null, doc, token: person.token })
  await eventually(() => provider.state.phase === 'online')
  const binding = bindCanvas({ doc, scene, editable: true })
  scene.onChange = binding.changed
  const close = () => {
    binding.destroy()
    provider.destroy()
    wire.close()
  }
  const painter = { doc, scene, binding, provider, wire, close }
  open.push(painter)
  return painter
}

/** What everybody must agree on: all but what only one scene knows. */
const sight = ({ scene }: Painter) =>
  scene.visible().map(({ version: _v, versionNonce: _n, updated: _u, index: _i, boundElements, ...rest }) => ({
    ...rest,
    bound: (boundElements ?? []).map(({ id }) => id).sort(),
  }))

async function reconnect(wire: Wire, provider: Provider): Promise<void> {
  wire.mend()
  await eventually(() => {
    if (provider.state.phase !== 'online') provider.retry()
    return provider.state.phase === 'online'
  }, 30_000)
}

async function agree(painters: Painter[], seed: number): Promise<void> {
  for (const { binding } of painters) binding.flush()
  await eventually(() => painters.every(({ provider }) => saveState(provider.state).kind === 'saved'), 30_000)
  try {
    await eventually(() => {
      const [first, ...others] = painters.map(({ doc }) => JSON.stringify(readCanvas(doc)))
      const scenes = painters.map((painter) => JSON.stringify(sight(painter)))
      return others.every((other) => other === first) && scenes.every((scene) => scene === scenes[0])
    }, 30_000)
  } catch {
    const [first, ...others] = painters.map(sight)
    for (const other of others) expect(other, `seed ${seed}`).toEqual(first)
    throw new Error(`seed ${seed}: the replicas differ`)
  }
}

test('three people draw at random, now and then without a connection, and end with one canvas', async () => {
  const seed = Number(process.env.CANVAS_SEED ?? Math.floor(Math.random() * 2 ** 31))
  const random = randomOf(seed)
  const { id } = await create()
  const painters: Painter[] = []
  for (const person of people) painters.push(await paint(person, id))
  for (let step = 0; step < 240; step++) {
    const painter = painters[Math.floor(random() * painters.length)] as Painter
    draw(painter.scene, random, `${step}`)
    // What others did may arrive at any moment, between any two strokes.
    if (random() < 0.4) await new Promise((resolve) => setImmediate(resolve))
    if (random() < 0.06) painter.wire.cut()
    if (random() < 0.08) for (const { wire, provider } of painters) await reconnect(wire, provider)
  }
  for (const { scene, wire, provider, binding } of painters) {
    scene.inHand.clear()
    binding.changed()
    await reconnect(wire, provider)
  }
  await agree(painters, seed)

  // Whoever comes later, and whoever asks for the state alone, sees the same.
  const [first] = painters as [Painter]
  const late = await paint(people[1] as Person, id)
  await eventually(() => JSON.stringify(sight(late)) === JSON.stringify(sight(first)))
  const response = await call((people[0] as Person).caller, documentApi.state, { params: { id } })
  const saved = new Y.Doc()
  Y.applyUpdate(saved, new Uint8Array(await response.arrayBuffer()))
  expect(readCanvas(saved), `seed ${seed}`).toEqual(readCanvas(first.doc))
}, 120_000)

test('each moves what the other colours while one is away; both remain', async () => {
  const { id } = await create()
  const [ann, bob] = [await paint(people[0] as Person, id), await paint(people[1] as Person, id)]
  ann.scene.add(canvasElement('rectangle', { id: 'box', index: 'a1' }))
  await eventually(() => bob.scene.visible().length === 1)
  bob.wire.cut()
  await eventually(() => bob.provider.state.phase === 'offline')
  bob.scene.edit('box', { strokeColor: '#e03131' })
  ann.scene.edit('box', { x: 640, y: 480 })
  await agree([ann], 0)
  await reconnect(bob.wire, bob.provider)
  await agree([ann, bob], 0)
  expect(ann.scene.get('box')).toMatchObject({ x: 640, y: 480, strokeColor: '#e03131' })
})

/** One random edit, as a person makes it. */
function draw(scene: MemoryScene, random: () => number, name: string): void {
  const visible = scene.visible()
  const one = visible[Math.floor(random() * visible.length)]
  const other = visible[Math.floor(random() * visible.length)]
  const index = after(scene.list.at(-1)?.index ?? null)
  const dice = random()
  if (!one || !other || dice < 0.2) scene.add(canvasElement('rectangle', { id: `r${name}`, index }))
  else if (dice < 0.45) scene.edit(one.id, { x: Math.round(random() * 2_000), y: Math.round(random() * 2_000) })
  else if (dice < 0.6) scene.edit(one.id, { strokeColor: `#${Math.floor(random() * 9)}03131` })
  else if (dice < 0.68) scene.edit(one.id, { isDeleted: true })
  else if (dice < 0.74) scene.add(canvasElement('text', { id: `t${name}`, index, originalText: name, text: name }))
  else if (dice < 0.8) {
    const text = visible.find(({ type }) => type === 'text')
    if (text) scene.edit(text.id, { text: `edited ${name}`, originalText: `edited ${name}` })
  } else if (dice < 0.88) {
    const ends = { startBinding: { elementId: one.id }, endBinding: { elementId: other.id } }
    scene.add(canvasElement('arrow', { id: `a${name}`, index, ...ends }))
  } else if (dice < 0.95) {
    scene.list = [...scene.list.filter(({ id }) => id !== one.id), { ...one, index, version: one.version + 1 }]
    scene.onChange()
  } else if (scene.inHand.size > 0) {
    scene.inHand.clear()
    scene.onChange()
  } else scene.inHand.add(one.id)
}

/** An index above another. */
function after(index: string | null): string {
  if (index === null) return 'a0'
  const last = index.charCodeAt(1)
  return index.length === 2 && last < 57 ? `a${String.fromCharCode(last + 1)}` : `${index}V`
}
