import { eventually } from '@realtime/kit/testing'
import { type Client, connectClient, several, whileThere } from '../load/client.ts'
import { freshClientId, grown, type Script, script } from '../load/typing.ts'
import { atMost, type Bench, better, cells, type Found, of, type Scenario, withEach } from '../scenario.ts'
import type { Target } from '../servers/target.ts'

const IDLE = { few: 500, many: 3_000, rooms: 10 }
const OPEN_DOCUMENTS = 200
const DOCUMENT_BYTES = 50_000
/** Rounds of opening, editing and closing; twice as many documents as rounds open at a time. */
const ROUNDS = 1_000
const KB = 1_000

/** What connections and open documents hold, and whether what is closed is given back. */
export const memory: Scenario = {
  name: 'memory',
  async run(bench) {
    const idle = await withEach(bench, (target) => connections(bench, target))
    const open = await withEach(bench, (target) => documents(bench, target))
    const leak = await withEach(bench, (target) => rounds(bench, target))
    return [
      atMost(
        'memory of an idle connection, KB',
        cells(idle, (one) => one),
        25,
      ),
      atMost(
        '  of an open document of 50 KB, with one connection, KB',
        cells(open, (one) => one),
        better(open, (one) => one),
        "≤ the better peer's",
      ),
      {
        name: '  rise of the heap from 500 to 1,000 rounds of open, edit, close, KB a round',
        figures: cells(leak, (one) => one.heap),
        target: '≤ 0.5',
        met: metBy(leak),
      },
      { name: '  rise of resident memory, KB a round', figures: cells(leak, (one) => one.resident) },
    ]
  },
}

const metBy = (leak: Found<{ heap: number }>): boolean | null => {
  const own = of(leak, 'ours')
  return own && own.heap <= 0.5
}

/** Resident bytes after a full collection. */
async function residentOf(target: Target): Promise<number> {
  await target.server.memory()
  return target.server.resident().now
}

/** KB that each of many joined connections adds. */
async function connections(bench: Bench, target: Target): Promise<number> {
  const text = script(1, 1)
  const rooms = await Promise.all(
    Array.from({ length: IDLE.rooms }, () => target.prepare({ clientIds: [text.baseClientId], state: text.base })),
  )
  const clients: Client[] = []
  const join = async (count: number): Promise<void> => {
    const indexes = Array.from({ length: count }, (_, index) => index)
    await several(indexes, 50, async (index) => {
      const client = connectClient(target.door, {
        document: (rooms[index % rooms.length] as (typeof rooms)[number]).name,
        clientId: freshClientId(),
      })
      clients.push(client)
      await client.joined
    })
  }
  const many = bench.quick ? 1_500 : IDLE.many
  await join(IDLE.few)
  for (const room of rooms) room.release()
  const few = await residentOf(target)
  await join(many - IDLE.few)
  const all = await residentOf(target)
  const lost = clients.find((client) => client.lost)
  for (const client of clients) client.close()
  if (lost) throw new Error(`a client was let go: ${lost.lost}`)
  return (all - few) / (many - IDLE.few) / KB
}

/** KB that each open document adds, with the connection that opened it. */
async function documents(bench: Bench, target: Target): Promise<number> {
  const base = grown(DOCUMENT_BYTES)
  const open = async (count: number): Promise<Client[]> =>
    several(
      Array.from({ length: count }, (_, index) => index),
      10,
      async () => {
        const document = await target.prepare(base)
        const client = connectClient(target.door, { document: document.name, clientId: freshClientId() })
        await client.joined
        document.release()
        return client
      },
    )
  const clients = await open(20)
  const before = await residentOf(target)
  clients.push(...(await open(bench.quick ? 100 : OPEN_DOCUMENTS)))
  const after = await residentOf(target)
  for (const client of clients) client.close()
  return (after - before) / (clients.length - 20) / KB
}

/** KB that a round of opening, editing and closing leaves behind. */
async function rounds(bench: Bench, target: Target) {
  // The clients of ours are several people, each of whom may open only so many.
  const text = script(8, 2)
  const half = (bench.quick ? 200 : ROUNDS) / 2
  const names = await several(Array.from({ length: half }), 10, async () => {
    const document = await target.prepare({ clientIds: [text.baseClientId], state: text.base })
    return document
  })
  const pass = async (round: 0 | 1): Promise<void> => {
    await several(names, 10, async (document, index) => {
      const { clientId, updates } = text.writers[index % text.writers.length] as Script['writers'][number]
      let taken: () => void = () => undefined
      const confirmed = new Promise<void>((resolve) => {
        taken = resolve
      })
      // Two of the three confirm; the third echoes to whoever wrote, as one of the two does as well.
      const client = connectClient(
        target.door,
        { document: document.name, clientId },
        target.name === 'y-websocket' ? { update: taken } : { acknowledged: taken },
      )
      await client.joined
      document.release()
      client.send(updates[round] as Uint8Array)
      await whileThere(client, confirmed)
      client.close()
    })
    // Rooms of ours stay for a while, so that a reload finds them warm.
    if (target.name === 'ours') await eventually(async () => (await bench.platform.rooms()) === 0, 30_000)
  }
  await pass(0)
  const heapBefore = (await target.server.memory()).heapUsed
  const residentBefore = target.server.resident().now
  await pass(1)
  const heapAfter = (await target.server.memory()).heapUsed
  const residentAfter = target.server.resident().now
  return { heap: (heapAfter - heapBefore) / half / KB, resident: (residentAfter - residentBefore) / half / KB }
}
