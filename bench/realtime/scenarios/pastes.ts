import { Latencies } from '../load/latencies.ts'
import { typeFor } from '../load/pace.ts'
import { Heard, Room } from '../load/room.ts'
import { paste, script } from '../load/typing.ts'
import { atMost, type Bench, cells, complain, measured, type Scenario, withEach } from '../scenario.ts'
import type { Target } from '../servers/target.ts'

const TYPISTS = 5
const PASTERS = 20
const WATCHERS = 20
const PASTE_BYTES = 400_000
/** All pastes come within this time. */
const PASTING_MS = 2_000
const PER_SECOND = 5
const WARM_MS = 2_000

/** Twenty people paste many pages into a document in which five type. */
export const pastes: Scenario = {
  name: 'pastes',
  async run(bench) {
    const found = await withEach(bench, (target) => pasted(bench, target))
    return [
      atMost(
        '20 pastes of 400 KB within 2 s: typing p99 ms among those who type',
        cells(found, (one) => one.typists.p99),
        100,
      ),
      { name: '  typing p50 ms', figures: cells(found, (one) => one.typists.p50) },
      { name: '  typing p99 ms to those who watch or paste', figures: cells(found, (one) => one.others) },
      { name: '  a paste to everybody, slowest, ms', figures: cells(found, (one) => one.paste) },
      { name: '  delivered, % of all', figures: cells(found, (one) => one.delivered) },
      { name: '  loop late max ms', figures: cells(found, (one) => one.loop) },
      { name: "  load's core, %", figures: cells(found, (one) => one.load) },
    ]
  },
}

/** Pastes into another document, which no figure counts: a server that has just started is slow at its first. */
async function warmUp(target: Target): Promise<void> {
  const text = script(1, 5, 3)
  for (let paster = 0; paster < 3; paster++) {
    const { clientId, update } = paste(PASTE_BYTES, { state: text.base, paragraph: 1 + paster })
    text.writers.push({ clientId, updates: [update] })
  }
  const document = await target.prepare({ clientIds: [text.baseClientId], state: text.base })
  const heard = new Heard()
  const room = new Room(document.name, text, heard, { pacing: 1, timing: () => new Latencies() })
  await room.enter(target.door, 5)
  document.release()
  let next = 0
  await typeFor([room], heard, {
    perSecond: 1,
    ms: 2_000,
    meanwhile(now) {
      for (; next < 3 && now >= next * 500; next++) room.type(1 + next)
    },
  })
  room.close()
}

async function pasted(bench: Bench, target: Target) {
  await warmUp(target)
  // Only while pastes are on their way: what is typed before and after would hide them.
  const ms = PASTING_MS + 1_000
  const text = script(TYPISTS, Math.ceil(((ms + WARM_MS) / 1000) * PER_SECOND) + 5, PASTERS)
  for (let paster = 0; paster < PASTERS; paster++) {
    const { clientId, update } = paste(PASTE_BYTES, { state: text.base, paragraph: TYPISTS + paster })
    text.writers.push({ clientId, updates: [update] })
  }
  const document = await target.prepare({ clientIds: [text.baseClientId], state: text.base })
  const heard = new Heard()
  const [typists, others, pasteTimes] = [new Latencies(), new Latencies(), new Latencies()]
  const room = new Room(document.name, text, heard, {
    pacing: TYPISTS,
    timing: (receiver, writer) => (writer >= TYPISTS ? pasteTimes : receiver < TYPISTS ? typists : others),
  })
  await room.enter(target.door, TYPISTS + PASTERS + WATCHERS)
  document.release()
  await typeFor([room], heard, { perSecond: PER_SECOND, ms: WARM_MS })
  typists.clear()
  others.clear()
  let next = 0
  const { result: typed, use } = await measured(bench, target, 'pastes', () =>
    typeFor([room], heard, {
      perSecond: PER_SECOND,
      ms,
      meanwhile(now) {
        for (; next < PASTERS && now >= (next * PASTING_MS) / PASTERS; next++) room.type(TYPISTS + next)
      },
    }),
  )
  complain(typed, [room])
  if (typed.delivered === typed.expected) await room.check(target.door)
  room.close()
  return {
    typists: { p50: typists.quantile(0.5), p99: typists.quantile(0.99) },
    others: others.quantile(0.99),
    paste: pasteTimes.quantile(1),
    delivered: (typed.delivered / typed.expected) * 100,
    loop: use.loop.max,
    load: use.load * 100,
  }
}
