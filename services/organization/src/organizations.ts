import { type Actor, DELETION_DAYS, type Organization as OrganizationView, Problem, role } from '@realtime/contracts'
import { isThere, personOf, readerOf, roleFor, roleIn } from './access.ts'
import { type Cast, castOf, note } from './audit/notes.ts'
import { recordChange } from './changes.ts'
import type { Context } from './context.ts'
import { type Membership, type Organization, Prisma } from './database/client.ts'
import { checkSlug, slugTaken } from './slugs.ts'
import { holdOrganization, inTransaction } from './transactions.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * The organizations of a person, the own one first, then in the order of joining. One that is to be deleted is shown to
 * its owners alone.
 */
export async function listOrganizations(ctx: Context, actor: Actor): Promise<{ organizations: OrganizationView[] }> {
  const rows = await membershipsOf(ctx, readerOf(actor))
  return { organizations: rows.filter(isThere).map((row) => organizationView(row.organization, row)) }
}

/** The memberships of a person, that in the own workspace first, then in the order of joining. */
export async function membershipsOf(
  ctx: Context,
  userId: string,
): Promise<(Membership & { organization: Organization })[]> {
  const rows = await ctx.db.membership.findMany({
    where: { userId },
    include: { organization: true },
    orderBy: [{ joinedAt: 'asc' }, { organizationId: 'asc' }],
  })
  const own = ({ organization }: (typeof rows)[number]) => (organization.personalOwnerId === userId ? 0 : 1)
  return rows.sort((left, right) => own(left) - own(right))
}

/** Creates an organization whose owner is who creates it. */
export async function createOrganization(
  ctx: Context,
  actor: Actor,
  input: { name: string },
): Promise<OrganizationView> {
  const userId = personOf(actor)
  return createFor(ctx, userId, await castOf(ctx, actor), input)
}

/** One organization. @throws Problem `not-found` */
export async function getOrganization(ctx: Context, actor: Actor, input: { id: string }): Promise<OrganizationView> {
  const membership = await ctx.db.membership.findUnique({
    where: { organizationId_userId: { organizationId: input.id, userId: readerOf(actor) } },
    include: { organization: true },
  })
  roleFor(membership, 'organization.read')
  if (!membership) throw new Problem('not-found')
  return organizationView(membership.organization, membership)
}

/**
 * Changes the name, slug or logo of an organization.
 * @throws Problem `not-found`, `forbidden`, `conflict` (to be deleted), `slug-taken`
 */
export async function updateOrganization(
  ctx: Context,
  actor: Actor,
  input: { id: string } & Wanted,
): Promise<OrganizationView> {
  const { id, ...wanted } = input
  const userId = personOf(actor)
  const { by } = await castOf(ctx, actor)
  const change = inTransaction(ctx, async (tx) => {
    const was = await holdOrganization(tx, id)
    const own = await roleIn(tx, id, userId, 'organization.change')
    if (wanted.slug && wanted.slug !== was.slug) checkSlug(wanted.slug)
    const detail = differences(was, wanted)
    if (Object.keys(detail).length === 0) return organizationView(was, { role: own })
    const { name, slug, logo } = wanted
    const organization = await tx.organization.update({
      where: { id },
      data: {
        ...(name === undefined ? {} : { name }),
        ...(slug === undefined ? {} : { slug }),
        ...(logo === undefined ? {} : { logo }),
      },
    })
    await note(tx, { organizationId: id, by, type: 'organization.changed', target: targetOf(organization), detail })
    await recordChange(tx, { type: 'organization.changed', organizationId: id })
    return organizationView(organization, { role: own })
  })
  return change.catch((error: unknown) => {
    throw wanted.slug && isTaken(error) ? slugTaken(wanted.slug) : error
  })
}

/** An organization as a target of a note. */
export function targetOf({ id, name }: Pick<Organization, 'id' | 'name'>) {
  return { type: 'organization', id, name }
}

/** When an organization that is to be deleted is gone for good; null for one that stays. */
export function endOf({ deletionAskedAt }: Pick<Organization, 'deletionAskedAt'>): Date | null {
  return deletionAskedAt && new Date(deletionAskedAt.getTime() + DELETION_DAYS * DAY_MS)
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
    deletedAt: endOf(row)?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  }
}

/** Creates an organization with its owner, whose membership is the first. */
export function createFor(
  ctx: Context,
  userId: string,
  { by }: Cast,
  data: { name: string; personalOwnerId?: string },
): Promise<OrganizationView> {
  return inTransaction(ctx, async (tx) => {
    const organization = await tx.organization.create({
      data: { ...data, memberships: { create: { userId, role: 'owner' } } },
    })
    const { id: organizationId } = organization
    await note(tx, { organizationId, by, type: 'organization.created', target: targetOf(organization) })
    await recordChange(tx, { type: 'membership.changed', organizationId, userId })
    return organizationView(organization, { role: 'owner' })
  })
}

type Wanted = { name?: string | undefined; slug?: string | null | undefined; logo?: string | null | undefined }

/** What a change changes, for the log: names and slugs before and after, of a logo that it is another one. */
function differences(was: Organization, wanted: Wanted): Record<string, string> {
  const { name, slug, logo } = wanted
  return {
    ...(name !== undefined && name !== was.name ? { name, 'name before': was.name } : {}),
    ...(slug !== undefined && slug !== was.slug ? { slug: slug ?? '', 'slug before': was.slug ?? '' } : {}),
    ...(logo !== undefined && logo !== was.logo ? { logo: logo === null ? 'removed' : 'changed' } : {}),
  }
}

/** Whether what must be unique is there already. */
export function isTaken(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
}
