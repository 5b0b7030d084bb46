import { typeFor } from '../load/pace.ts'
import { Heard, Room } from '../load/room.ts'
import { script } from '../load/typing.ts'
import { atMost, type Bench, cells, complain, measured, type Scenario, withEach } from '../scenario.ts'
import type { Target } from '../servers/target.ts'

const PEOPLE = 500
const MOVE_EVERY_MS = 1_000
const EDITS_PER_SECOND = 5

/** Five hundred people in one document, each moving once a second, while one of them writes. */
export const presence: Scenario = {
  name: 'presence',
  async run(bench) {
    const found = await withEach(bench, (target) => crowd(bench, target))
    return [
      atMost(
        '500 people moving once a second: % of a core',
        cells(found, (one) => one.core),
        15,
      ),
      {
        name: '  with document, PostgreSQL (and gateway, idle), %',
        figures: cells(found, (one, name) => (name === 'ours' ? one.platform : null)),
      },
      {
        name: '  edits delivered, %',
        figures: cells(found, (one) => one.delivered),
        target: 'all',
        met: ownAll(cells(found, (one) => one.delivered).ours),
      },
      { name: '  edits delivered, p99 ms', figures: cells(found, (one) => one.p99) },
      { name: '  presence messages to each, a second', figures: cells(found, (one) => one.messages) },
      { name: '  people told of to each, a second', figures: cells(found, (one) => one.people) },
      { name: '  loop late p99 ms', figures: cells(found, (one) => one.loop) },
      { name: "  load's core, %", figures: cells(found, (one) => one.load) },
    ]
  },
}

const ownAll = (share: unknown): boolean | null => (typeof share === 'number' ? share === 100 : null)

async function crowd(bench: Bench, target: Target) {
  const ms = bench.quick ? 4_000 : 10_000
  const text = script(1, Math.ceil(((ms + 3_000) / 1000) * EDITS_PER_SECOND) + 5)
  const document = await target.prepare({ clientIds: [text.baseClientId], state: text.base })
  const heard = new Heard()
  const room = new Room(document.name, text, heard)
  await room.enter(target.door, PEOPLE)
  document.release()
  const move = mover(room)
  await typeFor([room], heard, { perSecond: EDITS_PER_SECOND, ms: 2_000, meanwhile: move() })
  let spoken = { messages: 0, people: 0 }
  const { result: typed, use } = await measured(bench, target, 'presence', async () => {
    const moving = move()
    return typeFor([room], heard, {
      perSecond: EDITS_PER_SECOND,
      ms,
      meanwhile(now) {
        moving(now)
        spoken = { messages: heard.presenceMessages, people: heard.presencePeople }
      },
    })
  })
  complain(typed, [room])
  room.close()
  const each = PEOPLE * (ms / 1000)
  return {
    core: (use.cpu / use.seconds) * 100,
    platform: (use.platform / use.seconds) * 100,
    delivered: (typed.delivered / typed.expected) * 100,
    p99: heard.delivery.quantile(0.99),
    messages: spoken.messages / each,
    people: spoken.people / each,
    loop: use.loop.p99,
    load: use.load * 100,
  }
}

/** Makes what lets each person move once in a period, one after the other; it is called again and again with the time. */
function mover(room: Room): () => (now: number) => void {
  let step = 0
  return () => {
    let moved = 0
    return (now) => {
      const due = Math.floor((now / MOVE_EVERY_MS) * room.clients.length)
      for (; moved < due; moved++, step++) {
        room.clients[moved % room.clients.length]?.move({
          cursor: { anchor: { type: null, tname: 'content', item: null, assoc: 0 }, head: step },
          user: { name: 'Ann Example', color: '#1971c2' },
        })
      }
    }
  }
}
