import { type Actor, type Origin, Problem } from '@realtime/contracts'
import { exactReplica } from '@realtime/resources'
import * as Y from 'yjs'
import { append } from './append.ts'
import type { Context } from './context.ts'
import { clientIdsOf } from './frames.ts'
import { newestState } from './state.ts'
import type { State } from './state-cache.ts'

/** This service, as the writer of what it writes by itself. */
export const self: Actor = { type: 'service', name: 'document' }

const TRIES = 5

/**
 * Changes a resource as the server, for `principal`: loads the newest state, runs `edit` on it in one transaction, and
 * appends what it changed through the same log as everybody. Each edit writes under a fresh client id of this
 * service's, so that it needs no lock and merges like a person's. Answers its seq, or null when nothing changed.
 * @throws Problem `not-found`
 */
export async function appendServerEdit(
  ctx: Context,
  id: string,
  by: { principal: string; origin: Exclude<Origin, 'user'> },
  edit: (doc: Y.Doc) => void,
): Promise<number | null> {
  for (let attempt = 1; ; attempt++) {
    const { epoch, bytes } = await stateNow(ctx, id)
    const doc = exactReplica()
    Y.applyUpdate(doc, bytes)
    const changes: Uint8Array[] = []
    doc.on('update', (update: Uint8Array) => void changes.push(update))
    doc.transact(() => edit(doc))
    doc.destroy()
    const update = changes[0] && Y.mergeUpdates(changes)
    if (!update) return null
    const frame = { ...by, clientIds: [...clientIdsOf(update)], update }
    try {
      return (await append(ctx, self, { id, epoch, frames: [frame] })).lastSeq
    } catch (error) {
      // The state was replaced meanwhile, or chance drew a client id of somebody's: on the newest state, with another.
      const passing = error instanceof Problem && ['epoch-changed', 'foreign-client-id'].includes(error.key)
      if (!passing || attempt === TRIES) throw error
    }
  }
}

async function stateNow(ctx: Context, id: string): Promise<State> {
  const resource = await ctx.db.resource.findUnique({ where: { id } })
  if (!resource || resource.trashedAt) throw new Problem('not-found')
  return newestState(ctx, { id, epoch: resource.epoch, seq: Number(resource.seq) })
}
