import { type AuditEntry, type noter, Problem, personIn } from '@realtime/contracts'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import { written } from './notes.ts'

type Received = Omit<AuditEntry, 'by'> & { by: z.output<typeof noter> }

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
  const unnamed = entries.flatMap(({ by }) => (by.name === null ? [personOf(by)] : []))
  const people = await ctx.people.find(unnamed.filter((id) => id !== null))
  const nameOf = (by: Received['by']): string => by.name ?? people.get(personOf(by) ?? '')?.name ?? ''
  const data = entries.map((entry) => ({
    id: entry.id,
    organizationId,
    type: entry.type,
    at: timeOf(entry.at),
    ...written({ ...entry, by: { principal: entry.by.principal, name: nameOf(entry.by), person: personOf(entry.by) } }),
  }))
  await ctx.db.auditEntry.createMany({ data, skipDuplicates: true })
}

function personOf({ principal, person }: Received['by']): string | null {
  return person ?? personIn(principal)
}

/** A time that lies ahead would stay the newest for good. */
function timeOf(text: string): Date {
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw new Problem('invalid-input', 'entries: each needs a time.')
  return new Date(Math.min(time, Date.now()))
}
