import { Problem } from '@realtime/contracts'
import type { Context } from './context.ts'
import type { Prisma } from './database/client.ts'

/**
 * Lets whoever holds the token with this SHA-256 sign up until `expiresAt`, `uses` times (null: any number). Again with
 * another time, that holds; what was used stays used.
 */
export async function putSignUpPass(
  ctx: Context,
  input: { hash: string; expiresAt: string; uses: number | null },
): Promise<void> {
  const { hash, uses } = input
  const expiresAt = new Date(input.expiresAt)
  const create = { hash, expiresAt, usesLeft: uses }
  await ctx.db.signUpPass.upsert({ where: { hash }, create, update: { expiresAt } })
}

/** @throws Problem `invalid-token` for a pass that lets nobody in at present */
export async function assertSignUpPass(ctx: Context, hash: string): Promise<void> {
  if ((await ctx.db.signUpPass.count({ where: valid(hash) })) === 0) refusePass()
}

/** Uses a pass up by one, as part of the transaction that creates the account. @throws Problem `invalid-token` */
export async function useSignUpPass(db: Prisma.TransactionClient, hash: string): Promise<void> {
  const { count } = await db.signUpPass.updateMany({
    where: valid(hash),
    // Null, any number, stays null.
    data: { usesLeft: { decrement: 1 } },
  })
  if (count === 0) refusePass()
}

function valid(hash: string): Prisma.SignUpPassWhereInput {
  return { hash, expiresAt: { gt: new Date() }, OR: [{ usesLeft: null }, { usesLeft: { gt: 0 } }] }
}

function refusePass(): never {
  throw new Problem('invalid-token', 'This invitation is not valid, was withdrawn or used up, or has expired.')
}

/** Withdraws a sign-up pass; one that is not there is no failure. */
export async function deleteSignUpPass(ctx: Context, input: { hash: string }): Promise<void> {
  await ctx.db.signUpPass.deleteMany({ where: input })
}
