import { type Actor, type Organization as OrganizationView, Problem } from '@realtime/contracts'
import { personOf } from './access.ts'
import { castOf } from './audit/notes.ts'
import type { Context } from './context.ts'
import { cancelDeletion } from './deletion.ts'
import { createFor, isTaken, organizationView } from './organizations.ts'

/**
 * The own organization of a person, created at the first call; of several at once one creates it. Where it was to be
 * deleted with an account that is still there, that is taken back.
 */
export async function ensurePersonal(ctx: Context, actor: Actor): Promise<OrganizationView> {
  const userId = personOf(actor)
  const found = await findPersonal(ctx, userId)
  if (found?.deletedAt) return revived(ctx, actor, found)
  if (found) return found
  const person = (await ctx.people.find([userId])).get(userId)
  if (!person) throw new Problem('unauthenticated', 'This account no longer exists.')
  // A name has up to 80 characters, and so has the name of an organization.
  const name = `${[...person.name].slice(0, 60).join('')}'s workspace`
  try {
    return await createFor(ctx, userId, await castOf(ctx, actor), { name, personalOwnerId: userId })
  } catch (error) {
    if (!isTaken(error)) throw error
    const other = await findPersonal(ctx, userId)
    if (!other) throw error
    return other
  }
}

/** Too late it is left as it is: a new one takes its place when it is gone. */
async function revived(ctx: Context, actor: Actor, found: OrganizationView): Promise<OrganizationView> {
  try {
    return await cancelDeletion(ctx, actor, { id: found.id })
  } catch (error) {
    if (error instanceof Problem && (error.key === 'conflict' || error.key === 'not-found')) return found
    throw error
  }
}

async function findPersonal(ctx: Context, userId: string): Promise<OrganizationView | null> {
  const organization = await ctx.db.organization.findUnique({ where: { personalOwnerId: userId } })
  // The person always stays its owner: see `checkNotPersonal` in members.ts.
  return organization && organizationView(organization, { role: 'owner' })
}
