import type { Context } from './context.ts'

/** Lets whoever holds the token with this SHA-256 sign up until `expiresAt`; again with another time, that holds. */
export async function putSignUpPass(ctx: Context, input: { hash: string; expiresAt: string }): Promise<void> {
  const { hash } = input
  const expiresAt = new Date(input.expiresAt)
  await ctx.db.signUpPass.upsert({ where: { hash }, create: { hash, expiresAt }, update: { expiresAt } })
}

/** Withdraws a sign-up pass; one that is not there is no failure. */
export async function deleteSignUpPass(ctx: Context, input: { hash: string }): Promise<void> {
  await ctx.db.signUpPass.deleteMany({ where: input })
}
