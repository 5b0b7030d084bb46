import type { Row } from '../../report.ts'
import type { Door } from '../load/client.ts'
import { type Typed, typeFor } from '../load/pace.ts'
import { Heard, Room } from '../load/room.ts'
import { script } from '../load/typing.ts'
import {
  atMost,
  type Bench,
  better,
  cells,
  complain,
  measured,
  of,
  type Scenario,
  type Use,
  withEach,
} from '../scenario.ts'
import type { Target } from '../servers/target.ts'

const CLIENTS = 200
const WRITERS = 40
const PER_SECOND = 10
const WARM_MS = 12_000

/** One document, 200 clients, 40 of them typing. */
export const hotRoom: Scenario = {
  name: 'hot-room',
  async run(bench) {
    const found = await withEach(bench, (target) => hot(bench, target, target.door))
    const { ours } = await withEach(bench, (target) => hot(bench, target, bench.platform.gateway, 'hot-room-gateway'), [
      'ours',
    ])
    const proxied = of({ ours }, 'ours')
    const perMillion = (one: Found) => (one.use.cpu / one.typed.delivered) * 1e6
    const own = of(found, 'ours')
    const peer = better(found, perMillion)
    const rows: Row[] = [
      atMost(
        'hot room: CPU s per million deliveries',
        cells(found, perMillion),
        peer === null ? null : peer / 3,
        '≤ 1/3 of the better peer',
      ),
      { name: '  ratio to ours', figures: cells(found, (one) => (own ? perMillion(one) / perMillion(own) : null)) },
      {
        name: '  with document, PostgreSQL (and gateway, idle)',
        figures: { ours: own && (own.use.platform / own.typed.delivered) * 1e6 },
      },
      ...(['document', 'PostgreSQL'] as const).map((part) => ({
        name: `  ${part} alone`,
        figures: { ours: own && ((own.use.beside[part] ?? 0) / own.typed.delivered) * 1e6 },
      })),
      { name: '  delivery p50 ms', figures: cells(found, (one) => one.p50) },
      atMost(
        '  delivery p99 ms',
        cells(found, (one) => one.p99),
        better(found, (one) => one.p99),
        "≤ the better peer's",
      ),
      {
        name: '  delivered, % of what was typed',
        figures: cells(found, (one) => (one.typed.delivered / one.typed.expected) * 100),
      },
      { name: '  loop late p99 ms', figures: cells(found, (one) => one.use.loop.p99) },
      { name: "  server's core, %", figures: cells(found, (one) => (one.use.cpu / one.use.seconds) * 100) },
      { name: "  load's core, %", figures: cells(found, (one) => one.use.load * 100) },
      ...(proxied
        ? [
            { name: '  through the gateway: collaboration', figures: { ours: perMillion(proxied) } },
            {
              name: '  through the gateway: with all beside it',
              figures: { ours: (proxied.use.platform / proxied.typed.delivered) * 1e6 },
            },
            { name: '  through the gateway: delivery p99 ms', figures: { ours: proxied.p99 } },
          ]
        : []),
    ]
    return rows
  },
}

interface Found {
  typed: Typed
  use: Use
  p50: number
  p99: number
}

async function hot(bench: Bench, target: Target, door: Door, name = 'hot-room'): Promise<Found> {
  const ms = bench.quick ? 5_000 : name === 'hot-room' ? 15_000 : 10_000
  const text = script(WRITERS, Math.ceil(((ms + WARM_MS) / 1000) * PER_SECOND) + 10)
  const document = await target.prepare({ clientIds: [text.baseClientId], state: text.base })
  const heard = new Heard()
  const room = new Room(document.name, text, heard)
  await room.enter(door, CLIENTS)
  document.release()
  await typeFor([room], heard, { perSecond: PER_SECOND, ms: WARM_MS })
  const { result: typed, use } = await measured(bench, target, name, () =>
    typeFor([room], heard, { perSecond: PER_SECOND, ms }),
  )
  complain(typed, [room])
  if (typed.delivered === typed.expected) await room.check(door)
  room.close()
  return { typed, use, p50: heard.delivery.quantile(0.5), p99: heard.delivery.quantile(0.99) }
}
