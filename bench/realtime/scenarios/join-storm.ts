import { stateDigest } from '@realtime/client/wire'
import * as Y from 'yjs'
import type { Row } from '../../report.ts'
import { connectClient, type Door } from '../load/client.ts'
import { fetchAll } from '../load/fetch-all.ts'
import type { Self } from '../load/protocol/protocol.ts'
import { freshClientId, grown } from '../load/typing.ts'
import { atMost, type Bench, cells, measured, of, type Scenario, withEach } from '../scenario.ts'
import type { Target } from '../servers/target.ts'

const CLIENTS = { full: 500, quick: 100 }
const REPLICAS = 10
const BYTES = 4_000_000
const MB = 1_000_000

/** Five hundred people open one large document at once. */
export const joinStorm: Scenario = {
  name: 'join-storm',
  async run(bench) {
    const document = grown(BYTES)
    const count = bench.quick ? CLIENTS.quick : CLIENTS.full
    const found = await withEach(bench, (target) => storm(bench, target, document, count))
    const product = of(await withEach(bench, () => productStorm(bench, document, count), ['ours']), 'ours')
    const rows: Row[] = [
      atMost(
        `join storm: ${count} clients, one document of ${(document.state.length / MB).toFixed(1)} MB: all served, s`,
        cells(found, (one) => one.seconds.served),
        4,
      ),
      { name: '  and ten replicas built by the load, s', figures: cells(found, (one) => one.seconds.built) },
      atMost(
        "  server's peak above before, MB",
        cells(found, (one) => one.peak),
        200,
      ),
      { name: '  CPU s of the server', figures: cells(found, (one) => one.cpu) },
      { name: '  loop late max ms', figures: cells(found, (one) => one.loop) },
      { name: "  load's core, %", figures: cells(found, (one) => one.load) },
      atMost(
        '  state to a client that is up to date, bytes',
        cells(found, (one) => one.again),
        200,
      ),
    ]
    if (product) {
      rows.push(
        {
          name: '  as the web app opens it (GET state, compressed; then join): all served, s',
          figures: { ours: product.seconds },
        },
        { name: '    bytes of the state to each', figures: { ours: product.bytes } },
        { name: '    peak above before of collaboration, of document, MB', figures: { ours: product.peaks } },
      )
    }
    return rows
  },
}

type Grown = ReturnType<typeof grown>

async function storm(bench: Bench, target: Target, { clientIds, state }: Grown, count: number) {
  const document = await target.prepare({ clientIds, state })
  // Whoever is there already: what the others get is compared with it, byte for byte.
  const reference = await opened(target.door, document.name)
  document.release()
  const replica = replicaOf(reference.state)
  if (!contains(replica, state)) throw new Error('the document that is served is not the one that was made')
  await target.server.memory()
  target.server.resetPeak()
  const before = target.server.resident().now
  const { result: seconds, use } = await measured(bench, target, 'join-storm', () =>
    all(target.door, { document: document.name, count, expected: reference.state, replica }),
  )
  const peak = (target.server.resident().peak - before) / MB
  const known = { epoch: '', digest: stateDigest(replica), stateVector: Y.encodeStateVector(replica) }
  const again = await bytesUntilJoined(target.door, { document: document.name, clientId: freshClientId(), known })
  reference.close()
  return { seconds, peak, again, cpu: use.cpu, loop: use.loop.max, load: use.load * 100 }
}

async function opened(door: Door, document: string) {
  const parts: Uint8Array[] = []
  const client = connectClient(
    door,
    { document, clientId: freshClientId() },
    { state: (bytes) => void parts.push(Uint8Array.from(bytes)) },
  )
  await client.joined
  return { state: Buffer.concat(parts), close: () => client.close() }
}

/**
 * Lets all of them in at once. @returns seconds until the last has everything, and until those who keep a replica have
 * built it, which is work of the load alone
 */
async function all(
  door: Door,
  { document, count, expected, replica }: { document: string; count: number; expected: Buffer; replica: Y.Doc },
): Promise<{ served: number; built: number }> {
  const began = performance.now()
  const since = (): number => (performance.now() - began) / 1000
  const clients = Array.from({ length: count }, (_, index) => {
    let at = 0
    let same = true
    const own = index < REPLICAS ? Buffer.allocUnsafe(expected.length) : null
    const client = connectClient(
      door,
      { document, clientId: freshClientId() },
      {
        state(bytes) {
          if (own) bytes.copy(own, at)
          else same &&= expected.compare(bytes, 0, bytes.length, at, at + bytes.length) === 0
          at += bytes.length
        },
      },
    )
    const done = client.joined.then(() => {
      if (at !== expected.length || !same) throw new Error(`client ${index} was served something else (${at} bytes)`)
    })
    return { client, done, own }
  })
  try {
    await Promise.all(clients.map(({ done }) => done))
    const served = since()
    const replicas = clients.flatMap(({ own }) => (own ? [replicaOf(own)] : []))
    const built = since()
    const digest = stateDigest(replica)
    if (replicas.some((doc) => Buffer.compare(stateDigest(doc), digest) !== 0)) throw new Error('a replica differs')
    return { served, built }
  } finally {
    for (const { client } of clients) client.close()
  }
}

function replicaOf(state: Uint8Array): Y.Doc {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, state)
  return doc
}

/** What the server sends to somebody who has everything, in bytes of messages. */
async function bytesUntilJoined(door: Door, self: Self): Promise<number> {
  let bytes = 0
  let joined = false
  const client = connectClient(door, self, {
    frame(length) {
      if (!joined) bytes += length
    },
    joined() {
      joined = true
    },
  })
  await client.joined
  client.close()
  return bytes
}

/** Whether a replica holds all of an update. */
function contains(doc: Y.Doc, update: Uint8Array): boolean {
  const before = Buffer.from(stateDigest(doc))
  Y.applyUpdate(doc, update)
  return before.equals(stateDigest(doc))
}

/** The way of the web app: the state over HTTP, then a join that lacks nothing. */
async function productStorm(bench: Bench, { clientIds, state }: Grown, count: number) {
  const { platform } = bench
  const { name } = await platform.prepare({ clientIds, state })
  const { state: served, close } = await opened(platform.door, name)
  const replica = replicaOf(served)
  const known = { epoch: '', digest: stateDigest(replica), stateVector: Y.encodeStateVector(replica) }
  const servers = [platform.server, platform.document]
  for (const server of servers) {
    await server.memory()
    server.resetPeak()
  }
  const before = servers.map((server) => server.resident().now)
  const began = performance.now()
  const headers = { ...(await platform.caller.headers?.()), 'accept-encoding': 'br' }
  const bytes = await fetchAll(`${platform.caller.baseUrl}/documents/${name}/state`, headers, count)
  const clients = Array.from({ length: count }, () =>
    connectClient(platform.door, { document: name, clientId: freshClientId(), known }),
  )
  await Promise.all(clients.map((client) => client.joined))
  const seconds = (performance.now() - began) / 1000
  for (const client of clients) client.close()
  close()
  const peaks = servers.map((server, index) => ((server.resident().peak - (before[index] as number)) / MB).toFixed(0))
  return { seconds, bytes, peaks: peaks.join(', ') }
}
