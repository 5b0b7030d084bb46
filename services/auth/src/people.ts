import type { Person } from '@realtime/contracts'
import type { Context } from './context.ts'

/** People by id, as others see them; unknown ids are left out. */
export async function findPeople(ctx: Context, input: { ids: string[] }): Promise<{ people: Person[] }> {
  const people = await ctx.db.user.findMany({
    where: { id: { in: input.ids } },
    select: { id: true, name: true, image: true, email: true, emailVerified: true },
  })
  return { people }
}
