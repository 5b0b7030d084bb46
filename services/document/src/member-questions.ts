import { type Caller, call, organizationInternal } from '@realtime/contracts'
import type { Membership } from './memberships.ts'

/** People of one question. */
const MOST_ASKED = 1_000

type Asker = { resolve(membership: Membership | null): void; reject(error: unknown): void }

/**
 * Asks the organization service what a person is in an organization. Whoever is asked for in the same turn, as all who
 * are in a document, is asked for together.
 * @throws Problem of the call
 */
export function memberQuestions(
  caller: Caller,
): (organizationId: string, userId: string) => Promise<Membership | null> {
  const waiting = new Map<string, [userId: string, asker: Asker][]>()
  const ask = async (organizationId: string, asked: [string, Asker][]): Promise<void> => {
    try {
      const body = { userIds: asked.map(([userId]) => userId) }
      const { memberships } = await call(caller, organizationInternal.members, { params: { organizationId }, body })
      asked.forEach(([, asker], index) => {
        asker.resolve(memberships[index] ?? null)
      })
    } catch (error) {
      for (const [, asker] of asked) asker.reject(error)
    }
  }
  const send = (organizationId: string): void => {
    const asked = waiting.get(organizationId) ?? []
    waiting.delete(organizationId)
    for (let from = 0; from < asked.length; from += MOST_ASKED) {
      void ask(organizationId, asked.slice(from, from + MOST_ASKED))
    }
  }
  return (organizationId, userId) =>
    new Promise((resolve, reject) => {
      const asked = waiting.get(organizationId) ?? []
      if (asked.length === 0) {
        waiting.set(organizationId, asked)
        queueMicrotask(() => send(organizationId))
      }
      asked.push([userId, { resolve, reject }])
    })
}
