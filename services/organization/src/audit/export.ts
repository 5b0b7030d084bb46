import type { Actor, AuditEntry } from '@realtime/contracts'
import type { BinaryAnswer } from '@realtime/kit'
import { personOf, roleIn } from '../access.ts'
import type { Context } from '../context.ts'
import { inTransaction } from '../transactions.ts'
import { csvLine } from './csv.ts'
import { entriesBefore, type Filter, type Place } from './entries.ts'
import { castOf, note } from './notes.ts'

const PAGE = 500

const columns = [
  'time',
  'type',
  'principal',
  'name',
  'target type',
  'target id',
  'target name',
  'detail',
  'address',
  'device',
  'id',
]

/** The audit log to download, page by page as it is taken; that this was done is noted first. @throws Problem `not-found`, `forbidden` */
export async function exportAudit(
  ctx: Context,
  actor: Actor,
  input: Filter & { id: string; format: 'csv' | 'jsonl' },
): Promise<BinaryAnswer> {
  const { id: organizationId, format, ...filter } = input
  const { by } = await castOf(ctx, actor)
  await inTransaction(ctx, async (tx) => {
    await roleIn(tx, organizationId, personOf(actor), 'audit.read')
    const asked = Object.entries(filter).filter(([, value]) => value !== undefined)
    await note(tx, { organizationId, by, type: 'audit.exported', detail: { format, ...Object.fromEntries(asked) } })
  })
  const day = new Date().toISOString().slice(0, 10)
  return {
    body: pieces(ctx, organizationId, filter, format),
    headers: {
      'content-type': format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/jsonl; charset=utf-8',
      'content-disposition': `attachment; filename="audit-${day}.${format}"`,
      'x-content-type-options': 'nosniff',
    },
  }
}

async function* pieces(
  ctx: Context,
  organizationId: string,
  filter: Filter,
  format: 'csv' | 'jsonl',
): AsyncGenerator<Uint8Array> {
  if (format === 'csv') yield Buffer.from(csvLine(columns))
  const lineOf = format === 'csv' ? csvOf : (entry: AuditEntry) => `${JSON.stringify(entry)}\n`
  for (let before: Place | null = null; ; ) {
    const entries = await entriesBefore(ctx, organizationId, filter, before, PAGE)
    if (entries.length > 0) yield Buffer.from(entries.map(lineOf).join(''))
    before = entries.at(-1) ?? null
    if (entries.length < PAGE) return
  }
}

function csvOf({ at, type, by, target, detail, address, device, id }: AuditEntry): string {
  const more = Object.entries(detail).map(([key, value]) => `${key}: ${value}`)
  return csvLine([
    at,
    type,
    by.principal,
    by.name,
    target?.type ?? null,
    target?.id ?? null,
    target?.name ?? null,
    more.join('; '),
    address,
    device,
    id,
  ])
}
