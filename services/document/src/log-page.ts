import type pg from 'pg'

/** A row of a log as the thread that folds sees it. */
export interface Row {
  seq: number
  /** Milliseconds since 1970. */
  at: number
  principal: string
  update: Uint8Array
}

/** Rows laid end to end by the database, so that reading a long log costs the service next to nothing. */
export interface Page {
  bytes: Uint8Array<ArrayBuffer>
  rows: number
  /** Of the last of them; that of the asker when there are none. */
  lastSeq: number
}

/** A page has at most so many rows, and bytes unless one row alone has more: more would hold up the service. */
const MOST = { rows: 5_000, bytes: 1_000_000 }

/** The rows of an epoch after one seq up to another, as many as make a page. */
export async function readPage(
  client: pg.Pool | pg.PoolClient,
  log: { id: string; epoch: string; after: number; upTo: number },
): Promise<Page> {
  const values = [log.id, log.epoch, log.after, log.upTo, MOST.rows, MOST.bytes]
  const { rows } = await client.query<{ bytes: Buffer | null; rows: number; last: string | null }>({
    name: 'log-page',
    text: PAGE,
    values,
  })
  const [page] = rows
  // A copy: what the driver hands out may be a part of a buffer that others are in.
  return {
    bytes: new Uint8Array(page?.bytes ?? []),
    rows: page?.rows ?? 0,
    lastSeq: Number(page?.last ?? log.after),
  }
}

/** The form is that of `readRows`. */
const PAGE = `
SELECT string_agg(int8send(seq) || int8send((extract(epoch FROM at) * 1000)::bigint)
    || int4send(octet_length(principal)) || convert_to(principal, 'UTF8')
    || int4send(octet_length(bytes)) || bytes, ''::bytea ORDER BY seq) AS bytes,
  count(*)::int AS rows, max(seq) AS last
FROM (
  SELECT *, sum(octet_length(bytes)) OVER (ORDER BY seq) - octet_length(bytes) AS before FROM (
    SELECT seq, at, principal, bytes FROM updates
    WHERE resource_id = $1 AND epoch = $2 AND seq > $3 AND seq <= $4 ORDER BY seq LIMIT $5
  ) rows
) summed WHERE before < $6`

/** Reads a page's rows. @throws RangeError when the bytes are cut */
export function* readRows(bytes: Uint8Array): Generator<Row> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = new TextDecoder()
  let offset = 0
  const take = (): Uint8Array => {
    const length = view.getUint32(offset)
    const from = offset + 4
    if (from + length > bytes.length) throw new RangeError('a page of a log is cut')
    offset = from + length
    return bytes.subarray(from, offset)
  }
  while (offset < bytes.length) {
    const seq = Number(view.getBigUint64(offset))
    const at = Number(view.getBigUint64(offset + 8))
    offset += 16
    const principal = text.decode(take())
    yield { seq, at, principal, update: take() }
  }
}
