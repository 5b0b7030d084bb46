import type pg from 'pg'
import { hashOf } from './packing.ts'
import { LogTrouble } from './troubles.ts'

/** A state that stands for the rows of a log up to `seq`, as it is stored. */
export interface Snapshot {
  seq: number
  packed: Buffer
}

interface Row {
  seq: string
  bytes: Buffer
  digest: Buffer
}

/**
 * The newest snapshot of an epoch up to `upTo`; null when there is none.
 * @throws LogTrouble when its bytes are not those that were stored
 */
export async function readSnapshot(
  client: pg.Pool | pg.PoolClient,
  { id, epoch, upTo }: { id: string; epoch: string; upTo: number },
): Promise<Snapshot | null> {
  const { rows } = await client.query<Row>({ name: 'snapshot', text: NEWEST, values: [id, epoch, upTo] })
  const [row] = rows
  return row ? snapshotOf(row) : null
}

/** A snapshot from its row. @throws LogTrouble when its bytes are not those that were stored */
export function snapshotOf({ seq, bytes, digest }: Row): Snapshot {
  if (hashOf(bytes) !== digest.toString('hex')) {
    throw new LogTrouble('snapshot', `the snapshot of row ${seq} is not what was stored`)
  }
  return { seq: Number(seq), packed: bytes }
}

/**
 * Stores a snapshot in a transaction; the database says what it holds now.
 * @throws LogTrouble when that is something else
 */
export async function storeSnapshot(
  client: pg.PoolClient,
  log: { id: string; epoch: string },
  { seq, packed, digest }: { seq: number; packed: Uint8Array; digest: string },
): Promise<void> {
  const values = [log.id, log.epoch, seq, packed, Buffer.from(digest, 'hex')]
  const { rows } = await client.query<{ stored: string }>(STORE, values)
  if (rows[0]?.stored !== digest) throw new LogTrouble('verification', 'the database holds another snapshot')
}

const NEWEST = `
SELECT seq, bytes, digest FROM snapshots
WHERE resource_id = $1 AND epoch = $2 AND seq <= $3 ORDER BY seq DESC LIMIT 1`

const STORE = `
INSERT INTO snapshots (resource_id, epoch, seq, bytes, digest) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (resource_id, epoch, seq) DO UPDATE SET bytes = $4, digest = $5, at = now()
RETURNING encode(sha256(bytes), 'hex') AS stored`
