import type { Person } from '@realtime/contracts'
import type { Context } from './context.ts'

/** People by id, as others see them, without pictures where those are not asked for; unknown ids are left out. */
export async function findPeople(
  ctx: Context,
  input: { ids: string[]; images: boolean },
): Promise<{ people: Person[] }> {
  const people = await ctx.db.user.findMany({
    where: { id: { in: input.ids } },
    select: { id: true, name: true, image: input.images, email: true, emailVerified: true },
  })
  return { people: people.map((person) => ({ ...person, image: person.image ?? null })) }
}
