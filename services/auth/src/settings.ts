import { type SignUpMode, signUpMode } from '@realtime/contracts'
import type { Context } from './context.ts'

const SIGN_UP = 'signUp'

/** Who may sign up: what SIGN_UP says where it is set, else what the administrator chose, else the default. */
export async function signUpRule(ctx: Pick<Context, 'config' | 'db'>): Promise<SignUpMode> {
  if (ctx.config.SIGN_UP !== undefined) return ctx.config.SIGN_UP
  const row = await ctx.db.setting.findUnique({ where: { name: SIGN_UP } })
  const chosen = signUpMode.safeParse(row?.value)
  return chosen.success ? chosen.data : ctx.config.SIGN_UP_DEFAULT
}

/** Keeps who may sign up from now on. */
export async function chooseSignUp(ctx: Context, value: SignUpMode): Promise<void> {
  await ctx.db.setting.upsert({ where: { name: SIGN_UP }, create: { name: SIGN_UP, value }, update: { value } })
}
