import { type Actor, colorOf, type Permission, type PresenceIdentity, principalOf } from '@realtime/contracts'
import { documentFor } from './access.ts'
import { bindClientId } from './client-ids.ts'
import type { Context } from './context.ts'
import type { Membership } from './memberships.ts'

/** What somebody who opens a document is told. */
export interface Joined {
  epoch: string
  seq: number
  permission: Permission
  identity: PresenceIdentity
  organizationId: string
  projectId: string
}

/**
 * Lets an actor into a document: may they, as whom, and is the client id theirs (bound now when new; null: only ask)?
 * @throws Problem `not-found`, `client-id-taken`
 */
export async function join(
  ctx: Context,
  actor: Actor,
  { id, clientId }: { id: string; clientId: number | null },
): Promise<Joined> {
  const { resource, userId, membership, permission } = await documentFor(ctx, actor, id, 'read')
  if (clientId !== null) await bindClientId(ctx, { resourceId: id, clientId, principal: principalOf(actor) })
  return {
    epoch: resource.epoch,
    seq: Number(resource.seq),
    permission,
    identity: identityOf(actor, userId, membership),
    organizationId: resource.organizationId,
    projectId: resource.projectId,
  }
}

/** People are shown as their organization knows them, visitors by the name they gave themselves. */
function identityOf(actor: Actor, userId: string | null, membership: Membership | null): PresenceIdentity {
  const id = userId ?? principalOf(actor)
  const name = membership?.name ?? (actor.type === 'link' ? actor.name : '')
  return { id, name, color: colorOf(id), image: membership?.image ?? null }
}
