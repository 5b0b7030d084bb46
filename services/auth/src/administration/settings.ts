import { Problem, type SignUpMode } from '@realtime/contracts'
import type { Context } from '../context.ts'
import { testLetter } from '../mail/letters.ts'
import type { MailMode } from '../mail/post.ts'
import type { Visit } from '../sessions.ts'
import { chooseSignUp, signUpRule } from '../settings.ts'
import { assertAdministrator } from './access.ts'

/** How this server is set up. @throws Problem `forbidden` */
export async function readSettings(ctx: Context, visit: Visit) {
  assertAdministrator(visit)
  const mail: MailMode = ctx.post.mode
  return { signUp: await signUpRule(ctx), fixed: ctx.config.SIGN_UP !== undefined, mail }
}

/** Changes who may sign up. @throws Problem `forbidden`, `conflict` where SIGN_UP decides */
export async function updateSettings(ctx: Context, visit: Visit, input: { signUp: SignUpMode }) {
  assertAdministrator(visit)
  if (ctx.config.SIGN_UP !== undefined) {
    throw new Problem('conflict', 'SIGN_UP of the environment decides who may sign up; unset it to choose here.')
  }
  await chooseSignUp(ctx, input.signUp)
  return { signUp: input.signUp }
}

/** Sends a mail to the own address now, and says what the mail server answered. @throws Problem `forbidden` */
export async function sendTestMail(ctx: Context, visit: Visit): Promise<{ sent: boolean; answer: string }> {
  assertAdministrator(visit)
  const { email } = visit.user
  if (ctx.post.mode !== 'smtp') {
    const kept = (await ctx.post.send(email, testLetter())) === 'outbox'
    const where = kept ? ' The mail is in the outbox.' : ''
    return { sent: false, answer: `No mail server is set up: SMTP_URL is not given.${where}` }
  }
  try {
    return { sent: true, answer: await ctx.post.sendNow(email, testLetter()) }
  } catch (error) {
    return { sent: false, answer: error instanceof Error ? error.message : String(error) }
  }
}
