import { Problem, type User } from '@realtime/contracts'
import type { Context } from './context.ts'
import { assertPicture } from './pictures.ts'
import { userView, type Visit } from './sessions.ts'

/**
 * Changes the own name or picture; what is not given stays.
 * @throws Problem `invalid-input` for a picture that is none, or too large
 */
export async function updateProfile(
  ctx: Context,
  { actor }: Visit,
  { name, image }: { name?: string | undefined; image?: string | null | undefined },
): Promise<{ user: User }> {
  if (image) assertPicture(image, 'body.image')
  const data = { ...(name === undefined ? {} : { name }), ...(image === undefined ? {} : { image }) }
  const [user] = await ctx.db.user.updateManyAndReturn({ where: { id: actor.id }, data })
  // Deleted in another window since the session was read.
  if (!user) throw new Problem('unauthenticated')
  return { user: userView(user) }
}
