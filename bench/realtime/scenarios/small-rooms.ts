import { several } from '../load/client.ts'
import { typeFor } from '../load/pace.ts'
import { Heard, Room } from '../load/room.ts'
import { type Script, script } from '../load/typing.ts'
import { atMost, type Bench, better, cells, complain, measured, type Scenario, withEach } from '../scenario.ts'
import type { Target } from '../servers/target.ts'

const CLIENTS = 10
const PER_SECOND = 1
const WARM_MS = 10_000

/** A hundred documents, ten clients in each, all of whom type now and then. */
export const smallRooms: Scenario = {
  name: 'small-rooms',
  async run(bench) {
    const found = await withEach(bench, (target) => many(bench, target))
    type One = Awaited<ReturnType<typeof many>>
    const perMillion = (one: One) => (one.use.cpu / one.typed.delivered) * 1e6
    return [
      atMost(
        '100 rooms × 10: CPU s per million deliveries',
        cells(found, perMillion),
        better(found, perMillion),
        "≤ the better peer's",
      ),
      {
        name: '  with document, PostgreSQL (and gateway, idle)',
        figures: cells(found, (one, name) => (name === 'ours' ? (one.use.platform / one.typed.delivered) * 1e6 : null)),
      },
      { name: "  server's core, %", figures: cells(found, (one) => (one.use.cpu / one.use.seconds) * 100) },
      { name: '  delivery p99 ms', figures: cells(found, (one) => one.p99) },
      {
        name: '  delivered, % of what was typed',
        figures: cells(found, (one) => (one.typed.delivered / one.typed.expected) * 100),
      },
    ]
  },
}

async function many(bench: Bench, target: Target) {
  const ms = bench.quick ? 4_000 : 12_000
  const count = bench.quick ? 30 : 100
  const text = script(CLIENTS, Math.ceil(((ms + WARM_MS) / 1000) * PER_SECOND) + 5)
  const heard = new Heard()
  const rooms = await enterAll(target, heard, { rooms: count, clients: CLIENTS, text })
  await typeFor(rooms, heard, { perSecond: PER_SECOND, ms: WARM_MS })
  const { result: typed, use } = await measured(bench, target, 'small-rooms', () =>
    typeFor(rooms, heard, { perSecond: PER_SECOND, ms }),
  )
  complain(typed, rooms)
  for (const room of rooms.slice(0, 3)) await room.check(target.door)
  for (const room of rooms) room.close()
  return { typed, use, p99: heard.delivery.quantile(0.99) }
}

/** Makes documents and lets clients into each, who all type the same script there. */
export async function enterAll(
  target: Target,
  heard: Heard,
  { rooms, clients, text }: { rooms: number; clients: number; text: Script },
): Promise<Room[]> {
  const indexes = Array.from({ length: rooms }, (_, index) => index)
  return several(indexes, 8, async () => {
    const document = await target.prepare({ clientIds: [text.baseClientId], state: text.base })
    const room = new Room(document.name, text, heard)
    await room.enter(target.door, clients)
    document.release()
    return room
  })
}
