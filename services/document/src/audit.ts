import {
  type Actor,
  type AuditEntry,
  type AuditType,
  auditEntry,
  auditInternal,
  type Caller,
  call,
  noter,
  Problem,
  principalOf,
  userOf,
} from '@realtime/contracts'
import { type Log, whence } from '@realtime/kit'
import type { z } from 'zod'
import type { Prisma, PrismaClient } from './database/client.ts'
import { newId } from './ids.ts'
import type { Standing } from './standing.ts'

/** What the audit log is told of an act, beyond who did it, when and from where. */
export interface Act {
  type: AuditType
  target: AuditEntry['target']
  /** More about it, in words that hold for good: names, levels, places. */
  detail?: Record<string, string>
}

const noted = auditEntry.omit({ by: true }).extend({ by: noter })

/**
 * Notes an act for the audit log of its organization, in the transaction of the act: it is sent by itself, soon after
 * the commit. `by` is the standing that a gate has given.
 */
export async function noteAct(
  tx: Prisma.TransactionClient,
  by: Pick<Standing, 'actor' | 'membership' | 'organizationId'>,
  { type, target, detail = {} }: Act,
): Promise<void> {
  const name = by.membership?.name ?? nameOf(by.actor)
  const entry: z.input<typeof noted> = {
    id: newId(),
    type,
    at: new Date().toISOString(),
    by: { principal: principalOf(by.actor), name, person: userOf(by.actor) },
    target,
    detail: { ...detail, ...keyOf(by.actor) },
    ...whence(),
  }
  await tx.auditNote.create({ data: { id: entry.id, organizationId: by.organizationId, entry } })
}

/** Null: organization asks auth. */
function nameOf(actor: Actor): string | null {
  return actor.type === 'link' ? actor.name : actor.type === 'service' ? '' : null
}

/** The key by which somebody acts, as its person calls it. */
function keyOf(actor: Actor): Record<string, string> {
  return actor.type === 'key' && actor.name ? { 'API key': actor.name } : {}
}

/** Notes of one question to organization. */
const MOST_SENT = 100
const MOST_READ = 1000

/**
 * Sends the notes that wait to organization, the oldest first, and forgets what it has taken; sent again, they change
 * nothing. What it refuses for good is logged and dropped, so that it holds up nothing else.
 * @throws Problem when some could not be sent, to be tried again
 */
export async function sendNotes({ db, organization, log }: Tools, signal?: AbortSignal): Promise<void> {
  const rows = await db.auditNote.findMany({ orderBy: [{ at: 'asc' }, { id: 'asc' }], take: MOST_READ })
  let failed: unknown = null
  for (const organizationId of new Set(rows.map((row) => row.organizationId))) {
    const all = rows.filter((row) => row.organizationId === organizationId)
    for (let from = 0; from < all.length && !signal?.aborted; from += MOST_SENT) {
      const some = all.slice(from, from + MOST_SENT)
      const entries = some.map(({ entry }) => noted.parse(entry))
      try {
        await call(organization, auditInternal.note, { params: { organizationId }, body: { entries } })
      } catch (error) {
        if (!isRefusal(error)) {
          failed = error
          break
        }
        log.error({ err: error, entries }, 'acts were refused by the audit log and are dropped')
      }
      await db.auditNote.deleteMany({ where: { id: { in: some.map(({ id }) => id) } } })
    }
  }
  if (failed) throw failed
}

interface Tools {
  db: PrismaClient
  organization: Caller
  log: Log
}

function isRefusal(error: unknown): boolean {
  return error instanceof Problem && (error.key === 'invalid-input' || error.key === 'payload-too-large')
}
