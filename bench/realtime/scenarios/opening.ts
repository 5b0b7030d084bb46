import { setTimeout as delay } from 'node:timers/promises'
import { stateDigest } from '@realtime/client/wire'
import { eventually } from '@realtime/kit/testing'
import pg from 'pg'
import * as Y from 'yjs'
import { connectClient } from '../load/client.ts'
import { freshClientId, wholeTrace } from '../load/typing.ts'
import { atMost, type Bench, of, type Scenario, withEach } from '../scenario.ts'
import type { Platform } from '../servers/platform.ts'

/** Updates of one append, as a busy room makes them. */
const BATCH = 250
const QUICK_TXNS = 20_000
/** How long the fold may take before it is not waited for any longer, in milliseconds. */
const FOLD_MS = 60_000
/** The same of the rows of a log that are old. */
const COMPACT_MS = 60_000
/** Openings of a room that was closed. */
const OPENINGS = 3

/** A document whose log is every keystroke of a long text: how it is folded, opened and stored. */
export const opening: Scenario = {
  name: 'opening',
  async run(bench) {
    const one = of(await withEach(bench, () => openLong(bench), ['ours']), 'ours')
    const ours = (figure: number | null | undefined) => ({ ours: figure ?? null })
    return [
      atMost(
        `a log of ${one ? one.updates.toLocaleString('en') : 'all'} updates: loop of document late p99 ms while it is folded`,
        ours(one?.loop.p99),
        20,
      ),
      { name: '  the same, max ms', figures: ours(one?.loop.max) },
      { name: '  loop of document late p99 ms while it is appended', figures: ours(one?.appending) },
      { name: '  loop of document late p99 ms while its rows are compacted', figures: ours(one?.compacted) },
      { name: '  from asking for the state to having it and its fold stored, s', figures: ours(one?.folded) },
      atMost('  then opens in, ms on the server', ours(one?.opens), 60),
      { name: '  the same with access and transport, ms', figures: ours(one?.joins) },
      {
        name: '  stored, part of the log: 1 /',
        figures: ours(one?.ratio),
        target: '≥ 15',
        met: one ? one.ratio >= 15 : null,
      },
      { name: '  log, KB of updates', figures: ours(one && one.log / 1000) },
      { name: '  stored, KB by table', figures: { ours: one?.tables ?? null } },
    ]
  },
}

async function openLong(bench: Bench) {
  const { platform } = bench
  const { clientId, updates, text } = wholeTrace('seph-blog1', bench.quick ? QUICK_TXNS : undefined)
  const id = await platform.create()
  await platform.document.resetLoop()
  for (let start = 0; start < updates.length; start += BATCH) {
    const frames = updates.slice(start, start + BATCH).map((update) => ({ clientIds: [clientId], update }))
    await platform.append(id, frames)
  }
  const appending = (await platform.document.loop()).p99
  const database = new pg.Client({ connectionString: platform.databaseUrl })
  await database.connect()
  try {
    await platform.document.resetLoop()
    const began = performance.now()
    await fetchState(platform, id)
    await settledTables(database, id)
    const folded = (performance.now() - began) / 1000
    const loop = await platform.document.loop()
    const compacted = await compactedLater(bench, database, id)
    const { opens, joins } = await openings(bench, id, text)
    const tables = await storedBytes(database, id)
    const stored = Object.entries(tables).reduce((sum, [name, bytes]) => (STATE.has(name) ? sum + bytes : sum), 0)
    const log = updates.reduce((sum, update) => sum + update.length, 0)
    const words = Object.entries(tables).map(([name, bytes]) => `${name} ${(bytes / 1000).toFixed(1)}`)
    return {
      updates: updates.length,
      loop,
      appending,
      folded,
      compacted,
      opens,
      joins,
      log,
      ratio: log / stored,
      tables: words.join(', '),
    }
  } finally {
    await database.end()
  }
}

/**
 * Lets hours pass for the rows of a log, since history keeps them while a spell of editing goes on, and waits until
 * they are gone.
 * @returns milliseconds by which the loop of document was late meanwhile
 */
async function compactedLater({ platform }: Bench, database: pg.Client, id: string): Promise<number> {
  await database.query(`UPDATE document.updates SET at = at - interval '2 hours' WHERE resource_id = $1`, [id])
  await platform.restartDocument()
  await platform.document.resetLoop()
  await eventually(async () => (await storedBytes(database, id)).updates === undefined, COMPACT_MS).catch(
    () => undefined,
  )
  return (await platform.document.loop()).p99
}

/** Asks for the state as the web app does. */
async function fetchState(platform: Platform, id: string): Promise<void> {
  const headers = await platform.caller.headers?.()
  const response = await fetch(`${platform.caller.baseUrl}/documents/${id}/state`, { headers })
  if (!response.ok) throw new Error(`the state of ${id}: ${response.status}`)
  await response.arrayBuffer()
}

/** Opens the room a few times after it was closed, and as somebody who needs nothing while it is open. */
async function openings(bench: Bench, id: string, text: string) {
  const { platform } = bench
  const warm = await platform.create()
  const joins: number[] = []
  const access: number[] = []
  for (let round = 0; round < (bench.quick ? 1 : OPENINGS); round++) {
    // A process that has served before, as in life: not the first join of all.
    for (let time = 0; time < 3; time++) await joined(platform, warm)
    await eventually(async () => (await platform.rooms()) <= 1, 30_000)
    const { ms, state } = await joined(platform, id)
    joins.push(ms)
    const replica = new Y.Doc()
    Y.applyUpdate(replica, state)
    if (!replica.getXmlFragment('content').toString().includes(text))
      throw new Error('the text that opens is not what was typed')
    const known = { epoch: '', digest: stateDigest(replica), stateVector: Y.encodeStateVector(replica) }
    access.push((await joined(platform, id, known)).ms)
    if (round < OPENINGS - 1) await eventually(async () => (await platform.rooms()) === 0, 30_000)
  }
  const best = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number
  return { joins: best(joins), opens: best(joins) - best(access) }
}

/** Joins and leaves. @returns milliseconds from the open connection to the joined state, and that state */
async function joined(
  platform: Platform,
  document: string,
  known?: { epoch: string; digest: Uint8Array; stateVector: Uint8Array },
) {
  const parts: Uint8Array[] = []
  const began = performance.now()
  const client = connectClient(
    platform.door,
    { document, clientId: freshClientId(), ...(known ? { known } : {}) },
    { state: (bytes) => void parts.push(Uint8Array.from(bytes)) },
  )
  await client.joined
  const ms = performance.now() - began
  client.close()
  return { ms, state: Buffer.concat(parts) }
}

/** Tables that hold the state and who wrote it; versions are copies that people can go back to, and counted beside. */
const STATE = new Set(['updates', 'snapshots', 'authorship'])

/** Bytes of a document's rows, as PostgreSQL stores them, in each table of the document service that has any. */
async function storedBytes(database: pg.Client, id: string): Promise<Record<string, number>> {
  const { rows } = await database.query<{ name: string; schema: string }>(
    `SELECT table_name AS name, table_schema AS schema FROM information_schema.columns
     WHERE column_name = 'resource_id' AND table_schema = 'document' ORDER BY table_name`,
  )
  const stored: Record<string, number> = {}
  for (const { name, schema } of rows) {
    const table = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`
    const { rows: sums } = await database.query<{ bytes: string | null }>(
      `SELECT sum(pg_column_size(t.*)) AS bytes FROM ${table} t WHERE resource_id = $1`,
      [id],
    )
    const bytes = Number(sums[0]?.bytes ?? 0)
    if (bytes > 0) stored[name] = bytes
  }
  return stored
}

/** Waits until a fold is stored and nothing changes any more in the tables of a document. */
async function settledTables(database: pg.Client, id: string): Promise<void> {
  const until = performance.now() + FOLD_MS
  let last = ''
  let quiet = 0
  while (performance.now() < until && quiet < 5) {
    const tables = await storedBytes(database, id)
    const now = JSON.stringify(tables)
    quiet = now === last && tables.snapshots !== undefined ? quiet + 1 : 0
    last = now
    await delay(100)
  }
}
