import { type AuditEntry, Problem } from '@realtime/contracts'
import type { Context } from '../context.ts'
import { written } from './notes.ts'

type Received = Omit<AuditEntry, 'by'> & { by: { principal: string; name: string | null } }

/**
 * Keeps what another service noted; what was kept before stays as it was. A person whose name was not told is called
 * what auth calls them now. Of an organization that is gone nothing is kept.
 * @throws Problem `invalid-input` (a time that is none), `unavailable` (a name is not known while auth is away)
 */
export async function receiveNotes(
  ctx: Context,
  input: { organizationId: string; entries: Received[] },
): Promise<void> {
  const { organizationId, entries } = input
  const known = await ctx.db.organization.findUnique({ where: { id: organizationId }, select: { id: true } })
  if (!known) return
  const unnamed = entries.flatMap(({ by }) => (by.name === null ? [personIn(by.principal)] : []))
  const people = await ctx.people.find(unnamed.filter((id) => id !== null))
  const nameOf = ({ principal, name }: Received['by']): string =>
    name ?? people.get(personIn(principal) ?? '')?.name ?? ''
  const data = entries.map((entry) => ({
    id: entry.id,
    organizationId,
    type: entry.type,
    at: timeOf(entry.at),
    ...written({ ...entry, by: { principal: entry.by.principal, name: nameOf(entry.by) } }),
  }))
  await ctx.db.auditEntry.createMany({ data, skipDuplicates: true })
}

function personIn(principal: string): string | null {
  return /^user:(.+)$/.exec(principal)?.[1] ?? null
}

/** A time that lies ahead would stay the newest for good. */
function timeOf(text: string): Date {
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw new Problem('invalid-input', 'entries: each needs a time.')
  return new Date(Math.min(time, Date.now()))
}
