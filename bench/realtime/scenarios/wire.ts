import { typeFor } from '../load/pace.ts'
import { Heard, Room } from '../load/room.ts'
import { script } from '../load/typing.ts'
import { LoadSocket } from '../load/websocket.ts'
import { atMost, type Bench, cells, complain, measured, of, type Scenario, type Use, withEach } from '../scenario.ts'
import { startProgram } from '../servers/peer.ts'
import type { Target } from '../servers/target.ts'

const CLIENTS = 200
const WRITERS = 40
const PER_SECOND = 10
const WARM_MS = 10_000

/** The first byte of what the relay hands on; the same in servers/relay.mjs. */
const BATCH = 0xff

/** What a delivery weighs, and what it costs beside a relay that does nothing but the same batches. */
export const wire: Scenario = {
  name: 'wire',
  async run(bench) {
    const found = await withEach(bench, (target) => weighed(bench, target))
    const own = of(found, 'ours')
    const relay = own ? await relayed(bench, own) : null
    type One = Awaited<ReturnType<typeof weighed>>
    const micros = (one: One) => (one.use.cpu / one.delivered) * 1e6
    const bare = own && relay ? (relay.cpu / own.delivered) * 1e6 : null
    return [
      atMost(
        'wire: bytes per delivery',
        cells(found, (one) => one.bytes),
        own && own.payload * 1.1 + 8,
        '≤ 1.1 × payload + 8',
      ),
      { name: '  payload, bytes', figures: cells(found, (one) => one.payload) },
      {
        name: '  messages a second to each client',
        figures: cells(found, (one) => one.frames.length / one.use.seconds),
      },
      atMost(
        '  CPU µs per delivery; relay: the same batches',
        { ...cells(found, micros), 'ws relay': bare },
        bare === null ? null : bare * 1.25,
        '≤ 1.25 × relay',
      ),
      { name: '  ratio to the relay', figures: cells(found, (one) => (bare === null ? null : micros(one) / bare)) },
    ]
  },
}

interface Frame {
  at: number
  length: number
}

async function weighed(bench: Bench, target: Target) {
  const ms = bench.quick ? 4_000 : 8_000
  const text = script(WRITERS, Math.ceil(((ms + WARM_MS) / 1000) * PER_SECOND) + 10)
  const document = await target.prepare({ clientIds: [text.baseClientId], state: text.base })
  const heard = new Heard()
  let frames: Frame[] = []
  const room = new Room(document.name, text, heard, {
    frame: (length) => void frames.push({ at: performance.now(), length }),
  })
  await room.enter(target.door, CLIENTS)
  document.release()
  await typeFor([room], heard, { perSecond: PER_SECOND, ms: WARM_MS })
  frames = []
  const read = () => room.watchers.reduce((sum, client) => sum + client.bytesRead(), 0)
  const before = read()
  const { result: typed, use } = await measured(bench, target, 'wire', () =>
    typeFor([room], heard, { perSecond: PER_SECOND, ms }),
  )
  complain(typed, [room])
  const bytes = (read() - before) / heard.watched
  room.close()
  return { use, bytes, payload: heard.watchedBytes / heard.watched, delivered: typed.delivered, frames, text, ms }
}

/** The same batches at the same moments to as many sockets, of which as many send the same updates. */
async function relayed(bench: Bench, own: Awaited<ReturnType<typeof weighed>>): Promise<Use> {
  const { server, port } = await startProgram('relay', bench.folder)
  bench.say('  ws relay')
  try {
    let heard = 0
    const open = (message: () => void): Promise<LoadSocket> =>
      new Promise((resolve) => {
        const socket: LoadSocket = new LoadSocket(
          { host: '127.0.0.1', port, path: '/' },
          { open: () => resolve(socket), message },
        )
      })
    const sockets = await Promise.all(Array.from({ length: CLIENTS }, () => open(() => void heard++)))
    const feeder = await open(() => undefined)
    const play = async (frames: Frame[]): Promise<void> => {
      const begins = frames[0]?.at ?? 0
      const began = performance.now()
      const period = 1000 / PER_SECOND / WRITERS
      let typed = 0
      for (let next = 0; next < frames.length; ) {
        const now = performance.now() - began
        for (; typed * period < now; typed++) {
          const writer = typed % WRITERS
          const { updates } = own.text.writers[writer] as (typeof own.text.writers)[number]
          sockets[writer]?.send(updates[Math.floor(typed / WRITERS) % updates.length] as Uint8Array)
        }
        for (; next < frames.length && (frames[next] as Frame).at - begins <= now; next++) {
          feeder.send(new Uint8Array((frames[next] as Frame).length).fill(BATCH))
        }
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
      const expected = frames.length * CLIENTS
      for (let waited = 0; heard < expected && waited < 5_000; waited += 5)
        await new Promise((resolve) => setTimeout(resolve, 5))
      if (heard !== expected) throw new Error(`the relay delivered ${heard} of ${expected} batches`)
      heard = 0
    }
    await play(own.frames.slice(0, Math.floor(own.frames.length / 4)))
    const { use } = await measured(bench, { name: 'relay', server, beside: () => ({}) }, 'wire', () => play(own.frames))
    for (const socket of [...sockets, feeder]) socket.close()
    return use
  } finally {
    await server.stop()
  }
}
