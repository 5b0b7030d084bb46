import { settled, typeFor } from '../load/pace.ts'
import { Heard } from '../load/room.ts'
import { script } from '../load/typing.ts'
import { atMost, type Bench, cells, complain, measured, type Scenario, withEach } from '../scenario.ts'
import type { Target } from '../servers/target.ts'
import { enterAll } from './small-rooms.ts'

const ROOMS = 100
const WRITERS = 4
const PER_SECOND = 5
const WARM_MS = 3_000

/** Two thousand updates a second into a hundred documents: how long until each is confirmed. */
export const acknowledgement: Scenario = {
  name: 'acknowledgement',
  async run(bench) {
    const found = await withEach(bench, (target) => confirmed(bench, target), ['ours', 'Hocuspocus'])
    return [
      atMost(
        '2,000 updates/s: acknowledgement p50 ms (ours: committed; Hocuspocus: in memory)',
        cells(found, (one) => one.p50),
        15,
      ),
      atMost(
        '  p99 ms',
        cells(found, (one) => one.p99),
        60,
      ),
      {
        name: '  loop late p99 ms, max',
        figures: cells(found, ({ use }) => `${use.loop.p99.toFixed(1)}, ${use.loop.max.toFixed(0)}`),
      },
      {
        name: '  loop of document late p99 ms, max',
        figures: cells(found, ({ document }) => document && `${document.p99.toFixed(1)}, ${document.max.toFixed(0)}`),
      },
      { name: '  updates/s that were confirmed', figures: cells(found, (one) => one.perSecond) },
      { name: "  server's core, %", figures: cells(found, (one) => (one.use.cpu / one.use.seconds) * 100) },
      {
        name: '  with document, PostgreSQL (and gateway, idle), %',
        figures: cells(found, (one, name) => (name === 'ours' ? (one.use.platform / one.use.seconds) * 100 : null)),
      },
      { name: "  load's core, %", figures: cells(found, (one) => one.use.load * 100) },
    ]
  },
}

async function confirmed(bench: Bench, target: Target) {
  const ms = bench.quick ? 4_000 : 12_000
  const text = script(WRITERS, Math.ceil(((ms + WARM_MS) / 1000) * PER_SECOND) + 5)
  const heard = new Heard()
  const rooms = await enterAll(target, heard, { rooms: ROOMS, clients: WRITERS, text })
  const { platform } = bench
  await typeFor(rooms, heard, { perSecond: PER_SECOND, ms: WARM_MS })
  await platform.document.resetLoop()
  const { result: typed, use } = await measured(bench, target, 'acknowledgement', async () => {
    const all = await typeFor(rooms, heard, { perSecond: PER_SECOND, ms })
    await settled(() => heard.acknowledged, all.sent)
    return all
  })
  const document = target.name === 'ours' ? await platform.document.loop() : null
  complain(typed, rooms)
  if (heard.acknowledged !== typed.sent)
    throw new Error(`${typed.sent - heard.acknowledged} updates were never confirmed`)
  for (const room of rooms) room.close()
  const { acknowledgement: times } = heard
  return { use, document, p50: times.quantile(0.5), p99: times.quantile(0.99), perSecond: typed.sent / typed.seconds }
}
