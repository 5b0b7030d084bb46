import { type Actor, type AuditEntry, type AuditType, line, principalOf, userOf } from '@realtime/contracts'
import { whence } from '@realtime/kit'
import type { Context } from '../context.ts'
import type { Prisma } from '../database/client.ts'
import type { Transaction } from '../transactions.ts'

/** Who did something, and what they were called then. */
export type Author = AuditEntry['by'] & { person: string | null }

/** A security-relevant act: by whom, of what kind, to what. */
export interface Act {
  organizationId: string
  by: Author
  type: AuditType
  target?: AuditEntry['target']
  /** More about it. */
  detail?: Record<string, string>
}

/** What this service does by itself, for instance for an account that is gone. */
export const byItself: Author = { principal: 'service:organization', name: 'The server', person: null }

const FORMER = 'Former account'
const MOST_NAME = 300
const MOST_DETAIL = 1000

/** People for a note: who acts, and others as targets. To be asked before a transaction begins. */
export interface Cast {
  by: Author
  target(userId: string): NonNullable<AuditEntry['target']>
}

/** Learns what people are called now. @throws Problem `unavailable` when auth is away and somebody is not known */
export async function castOf(ctx: Context, actor: Actor, ...others: string[]): Promise<Cast> {
  const own = userOf(actor)
  const people = await ctx.people.find([...(own === null ? [] : [own]), ...others])
  const nameOf = (id: string): string => people.get(id)?.name ?? FORMER
  return {
    by: { principal: principalOf(actor), name: own === null ? '' : nameOf(own), person: own },
    target: (id) => ({ type: 'user', id, name: nameOf(id) }),
  }
}

/** Notes an act in the transaction of the act, with where the request came from. */
export async function note(tx: Transaction, act: Act): Promise<void> {
  const { organizationId, type, by, target = null, detail = {} } = act
  await tx.auditEntry.create({ data: { organizationId, type, ...written({ by, target, detail, ...whence() }) } })
}

/** What is kept of an entry: one line each, of a length that a page can show. */
export function written(entry: Pick<AuditEntry, 'target' | 'detail' | 'address' | 'device'> & { by: Author }) {
  const { by, target, detail, address, device } = entry
  return {
    principal: by.principal,
    personId: by.person,
    name: shown(by.name, MOST_NAME),
    targetType: target?.type ?? null,
    targetId: target?.id ?? null,
    targetName: target && shown(target.name, MOST_NAME),
    detail: Object.fromEntries(
      Object.entries(detail).map(([key, value]) => [key, shown(value, MOST_DETAIL)]),
    ) satisfies Prisma.InputJsonObject,
    address: address && shown(address, MOST_NAME),
    device: device && shown(device, MOST_NAME),
  }
}

const oneLine = line()

/** One line of text; half of a character that takes two is none to PostgreSQL. */
function shown(text: string, most: number): string {
  return oneLine
    .parse(text)
    .slice(0, most)
    .replace(/[\ud800-\udfff]/gu, '\ufffd')
}
