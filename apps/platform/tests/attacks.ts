import { write } from '@realtime/client/wire'
import { eventually } from '@realtime/kit/testing'
import * as Y from 'yjs'
import type { RawSocket } from './socket.ts'

/** What an attacker has: a socket that has joined as somebody who may write, and what it knows of somebody else. */
export interface Scene {
  socket: RawSocket
  /** The replica of the attacker, under whose client id the socket has joined. */
  doc: Y.Doc
  /** A client id that another person has joined with and not written under yet. */
  foreignClientId: number
}

/** Something hostile, and the problem that the attacker is told; null when the connection simply ends. */
export interface Attack {
  name: string
  told: string | null
  /** Whether the connection is ended for it. */
  ends: boolean
  run(scene: Scene): void
}

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

/** The updates that edits of a text make, one each. */
export function updatesOf(doc: Y.Doc, works: ((text: Y.Text) => void)[]): Uint8Array[] {
  const updates: Uint8Array[] = []
  const collect = (update: Uint8Array): void => void updates.push(update)
  doc.on('update', collect)
  for (const work of works) work(doc.getText('t'))
  doc.off('update', collect)
  return updates
}

function sendAll({ socket }: Scene, updates: Uint8Array[]): void {
  updates.forEach((update, index) => {
    socket.send(write.sendUpdate(index + 1, update))
  })
}

const typed = (doc: Y.Doc, count: number): Uint8Array[] =>
  updatesOf(
    doc,
    many(count, () => (text) => text.insert(0, 'x')),
  )

/** Noise that is the same in every run. */
function noise(length: number): Uint8Array {
  let state = 7
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state >>> 16
  })
}

/** An update of one item whose value is an array in an array in an array… */
function nested(clientId: number, depth: number): Uint8Array {
  // One struct of client id, clock 0: content any (8), parent by name 't', one value.
  const head: number[] = [1, 1]
  for (let rest = clientId; ; rest = Math.floor(rest / 128)) {
    head.push(rest > 127 ? (rest % 128) | 128 : rest)
    if (rest <= 127) break
  }
  head.push(0, 8, 1, 1, 116, 1)
  const layers = new Uint8Array(2 * depth)
  for (let layer = 0; layer < depth; layer++) layers.set([117, 1], 2 * layer)
  return Uint8Array.from([...head, ...layers, 127, 0])
}

/** The hostile cases of SPEC.md, chapter S, that a single joined socket can do. */
export const attacks: Attack[] = [
  {
    name: 'garbage bytes',
    told: 'invalid-input',
    ends: true,
    run: ({ socket }) => many(4_000, (index) => socket.send(Uint8Array.from([0x70, ...noise(index % 200)]))),
  },
  {
    name: 'garbage in updates',
    told: 'invalid-update',
    ends: true,
    run: (scene) =>
      sendAll(
        scene,
        many(4_000, (index) => noise(1 + (index % 300))),
      ),
  },
  {
    name: 'truncated updates',
    told: 'invalid-update',
    ends: true,
    run: (scene) => {
      const [update] = updatesOf(scene.doc, [(text) => text.insert(0, 'word '.repeat(1_000))])
      sendAll(
        scene,
        many(4_000, (index) => (update as Uint8Array).subarray(0, (update as Uint8Array).length - 1 - (index % 4_000))),
      )
    },
  },
  {
    name: 'V2 updates',
    told: 'invalid-update',
    ends: true,
    run: (scene) => {
      scene.doc.getText('t').insert(0, 'second version')
      const update = Y.encodeStateAsUpdateV2(scene.doc)
      sendAll(
        scene,
        many(4_000, () => update),
      )
    },
  },
  {
    name: 'a flood of 4,000 gap updates',
    told: 'invalid-update',
    ends: true,
    run: (scene) => sendAll(scene, typed(scene.doc, 4_001).slice(1)),
  },
  {
    name: 'origins that nobody knows',
    told: 'invalid-update',
    ends: true,
    run: (scene) => {
      const unknown = new Y.Doc()
      typed(unknown, 2_000)
      Y.applyUpdate(scene.doc, Y.encodeStateAsUpdate(unknown))
      sendAll(
        scene,
        updatesOf(
          scene.doc,
          many(2_000, (index) => (text) => text.insert(index + 1, 'y')),
        ),
      )
    },
  },
  {
    name: 'deletions of what nobody has',
    told: 'invalid-update',
    ends: true,
    run: (scene) =>
      sendAll(
        scene,
        many(4_000, (index) => Uint8Array.of(0, 1, 99, 1, index % 100, 5)),
      ),
  },
  {
    name: 'the same deletion over and over in one update',
    told: 'invalid-update',
    ends: false,
    run: (scene) => {
      const [first] = updatesOf(scene.doc, [(text) => text.insert(0, 'abcdefgh')])
      const ranges = 30_000
      const head = Uint8Array.from([
        0,
        1,
        ...clientIdBytes(scene.doc.clientID),
        0x80 | (ranges & 127),
        0x80 | ((ranges >> 7) & 127),
        ranges >> 14,
      ])
      const update = new Uint8Array(head.length + 2 * ranges)
      update.set(head)
      for (let index = 0; index < ranges; index++) update.set([0, 8], head.length + 2 * index)
      sendAll(scene, [first as Uint8Array, update])
    },
  },
  {
    name: 'a value nested a hundred thousand deep',
    told: 'invalid-update',
    ends: false,
    run: (scene) => sendAll(scene, [nested(scene.doc.clientID, 100_000)]),
  },
  {
    name: 'more structs in one update than a server should look at',
    told: 'payload-too-large',
    ends: false,
    run: (scene) => {
      // Garbage-collected structs of one character take two bytes each.
      const count = 400_000
      const head = Uint8Array.from([
        1,
        0x80 | (count & 127),
        0x80 | ((count >> 7) & 127),
        count >> 14,
        ...clientIdBytes(scene.doc.clientID),
        0,
      ])
      const update = new Uint8Array(head.length + 2 * count + 1)
      update.set(head)
      for (let index = 0; index < count; index++) update.set([0, 1], head.length + 2 * index)
      sendAll(scene, [update])
    },
  },
  {
    name: "writing under another's client id, before its owner has",
    told: 'foreign-client-id',
    ends: true,
    run: (scene) => {
      const forged = new Y.Doc()
      forged.clientID = scene.foreignClientId
      sendAll(scene, typed(forged, 4_000))
    },
  },
  {
    name: 'a presence of absurd size',
    told: 'payload-too-large',
    ends: false,
    run: ({ socket }) =>
      many(40, () => socket.send(write.sendPresence(JSON.stringify({ cursor: 'x'.repeat(900_000) })))),
  },
  {
    name: 'a hundred thousand presences a second',
    told: 'rate-limited',
    ends: true,
    run: ({ socket }) => many(100_000, (index) => socket.send(write.sendPresence(`{"at":${index}}`))),
  },
  {
    name: 'a hundred thousand questions whether it lives',
    told: 'rate-limited',
    ends: true,
    run: ({ socket }) => many(100_000, () => socket.socket.emit('alive')),
  },
  {
    name: 'ten thousand tokens to verify',
    told: 'rate-limited',
    ends: true,
    run: ({ socket }) => many(10_000, (index) => socket.socket.emit('token', `a.b.${index}`)),
  },
  {
    name: 'events that nobody knows, of 900 KB',
    told: null,
    ends: true,
    run: ({ socket }) => many(20, () => socket.socket.emit('whatever', 'x'.repeat(900_000))),
  },
  {
    name: 'a hundred thousand pings, whose answers are not read',
    told: null,
    ends: true,
    run: ({ socket }) => {
      socket.stopReading()
      many(100_000, () => socket.ping())
      socket.readAgain()
    },
  },
  {
    name: 'a message of 100 MB',
    told: null,
    ends: true,
    run: ({ socket }) => socket.send(new Uint8Array(100 * 1024 * 1024)),
  },
  {
    name: 'a thousand joins on one socket',
    told: 'conflict',
    ends: true,
    run: ({ socket, doc }) =>
      many(1_000, () => socket.send(write.join('x', '', doc.clientID, new Uint8Array(), new Uint8Array()))),
  },
  {
    name: 'chunks that never come to an end',
    told: 'payload-too-large',
    ends: false,
    run: ({ socket }) => many(70, (index) => socket.send(write.chunk(1, index, 80, new Uint8Array(256 * 1024)))),
  },
]

function clientIdBytes(clientId: number): number[] {
  const bytes: number[] = []
  for (let rest = clientId; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest > 127 ? (rest % 128) | 128 : rest)
    if (rest <= 127) return bytes
  }
}

/** Runs an attack to its end. @returns what the attacker was told */
export async function attackWith(attack: Attack, scene: Scene): Promise<string[]> {
  attack.run(scene)
  const { socket } = scene
  if (attack.ends) await eventually(() => !socket.socket.connected, 20_000)
  else await eventually(() => socket.refusals.includes(attack.told ?? ''), 20_000)
  return socket.refusals
}
