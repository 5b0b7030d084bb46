import { type Actor, DELETION_DAYS, type Organization as OrganizationView, Problem, role } from '@realtime/contracts'
import { personOf, roleFor } from './access.ts'
import { recordChange } from './changes.ts'
import type { Context } from './context.ts'
import { type Membership, type Organization, Prisma } from './database/client.ts'
import { holdOrganization, inTransaction } from './transactions.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** The own organization of a person, created at the first call; of several at once one creates it. */
export async function ensurePersonal(ctx: Context, actor: Actor): Promise<OrganizationView> {
  const userId = personOf(actor)
  const found = await findPersonal(ctx, userId)
  if (found) return found
  const person = (await ctx.people.find([userId])).get(userId)
  if (!person) throw new Problem('unauthenticated', 'This account no longer exists.')
  // A name has up to 80 characters, and so has the name of an organization.
  const name = `${[...person.name].slice(0, 60).join('')}'s workspace`
  try {
    return await createFor(ctx, userId, { name, personalOwnerId: userId })
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002')) throw error
    const other = await findPersonal(ctx, userId)
    if (!other) throw error
    return other
  }
}

/** The organizations of a person, the own one first, then in the order of joining. */
export async function listOrganizations(ctx: Context, actor: Actor): Promise<{ organizations: OrganizationView[] }> {
  const userId = personOf(actor)
  const rows = await ctx.db.membership.findMany({
    where: { userId },
    include: { organization: true },
    orderBy: [{ joinedAt: 'asc' }, { organizationId: 'asc' }],
  })
  const own = (row: (typeof rows)[number]) => (row.organization.personalOwnerId === userId ? 0 : 1)
  rows.sort((left, right) => own(left) - own(right))
  return { organizations: rows.map((row) => organizationView(row.organization, row)) }
}

/** Creates an organization whose owner is who creates it. */
export function createOrganization(ctx: Context, actor: Actor, input: { name: string }): Promise<OrganizationView> {
  return createFor(ctx, personOf(actor), input)
}

/** One organization. @throws Problem `not-found` */
export async function getOrganization(ctx: Context, actor: Actor, input: { id: string }): Promise<OrganizationView> {
  const membership = await ctx.db.membership.findUnique({
    where: { organizationId_userId: { organizationId: input.id, userId: personOf(actor) } },
    include: { organization: true },
  })
  roleFor(membership, 'organization.read')
  if (!membership) throw new Problem('not-found')
  return organizationView(membership.organization, membership)
}

/** Renames an organization. @throws Problem `not-found`, `forbidden` */
export function renameOrganization(
  ctx: Context,
  actor: Actor,
  input: { id: string; name?: string | undefined },
): Promise<OrganizationView> {
  const userId = personOf(actor)
  return inTransaction(ctx, async (tx) => {
    await holdOrganization(tx, input.id)
    const key = { organizationId: input.id, userId }
    const membership = await tx.membership.findUnique({ where: { organizationId_userId: key } })
    const own = roleFor(membership, 'organization.rename')
    const organization = await tx.organization.update({
      where: { id: input.id },
      data: input.name === undefined ? {} : { name: input.name },
    })
    await recordChange(tx, { type: 'organization.changed', organizationId: input.id })
    return organizationView(organization, { role: own })
  })
}

/** An organization as a member sees it. */
export function organizationView(row: Organization, membership: Pick<Membership, 'role'>): OrganizationView {
  return {
    id: row.id,
    name: row.name,
    slug: row.slug,
    logo: row.logo,
    personal: row.personalOwnerId !== null,
    role: role.parse(membership.role),
    deletedAt: row.deletionAskedAt && new Date(row.deletionAskedAt.getTime() + DELETION_DAYS * DAY_MS).toISOString(),
    createdAt: row.createdAt.toISOString(),
  }
}

async function findPersonal(ctx: Context, userId: string): Promise<OrganizationView | null> {
  const organization = await ctx.db.organization.findUnique({ where: { personalOwnerId: userId } })
  // The person always stays its owner: see `checkStays` in members.ts.
  return organization && organizationView(organization, { role: 'owner' })
}

function createFor(
  ctx: Context,
  userId: string,
  data: { name: string; personalOwnerId?: string },
): Promise<OrganizationView> {
  return inTransaction(ctx, async (tx) => {
    const organization = await tx.organization.create({
      data: { ...data, memberships: { create: { userId, role: 'owner' } } },
    })
    await recordChange(tx, { type: 'membership.changed', organizationId: organization.id, userId })
    return organizationView(organization, { role: 'owner' })
  })
}
