import type pg from 'pg'
import { type Authored, ONE_RECORD_MS } from './authors.ts'

/** Notes who wrote what, in a transaction; what goes on with the last record of a client id prolongs that. */
export async function storeAuthors(
  client: pg.PoolClient,
  { id, epoch }: { id: string; epoch: string },
  authors: Authored[],
): Promise<void> {
  if (authors.length === 0) return
  await client.query(STORE, [
    id,
    epoch,
    authors.map((one) => one.clientId),
    authors.map((one) => one.clock),
    authors.map((one) => one.length),
    authors.map((one) => one.principal),
    authors.map((one) => new Date(one.at)),
    ONE_RECORD_MS,
  ])
}

const STORE = `
WITH written AS (
  SELECT * FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::timestamptz[])
    AS w (client_id, clock, length, principal, at)
), prolonged AS (
  UPDATE authorship a SET length = a.length + w.length FROM written w
  WHERE a.resource_id = $1 AND a.epoch = $2 AND a.client_id = w.client_id AND a.clock + a.length = w.clock
    AND a.principal = w.principal AND w.at - a.at <= $8 * interval '1 ms'
  RETURNING w.client_id, w.clock
)
INSERT INTO authorship (resource_id, epoch, client_id, clock, length, principal, at)
SELECT $1, $2, client_id, clock, length, principal, at FROM written w
WHERE NOT EXISTS (SELECT 1 FROM prolonged p WHERE p.client_id = w.client_id AND p.clock = w.clock)
ON CONFLICT DO NOTHING`
