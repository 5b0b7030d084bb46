import { authApi, authInternal, securityApi } from '@realtime/contracts'
import { answer, type Call, goneSignal, type Route } from '@realtime/kit'
import { readChanges } from '@realtime/kit/database'
import { changeEmail, sendVerification, verifyEmail } from './addresses.ts'
import { browserOf } from './browsers.ts'
import type { Context } from './context.ts'
import { checkDeletion, deleteAccount } from './deletion.ts'
import { listEvents } from './events.ts'
import { exportAccount } from './export.ts'
import { enterByMagicLink, sendMagicLink } from './magic-links.ts'
import { listOutbox } from './mail/outbox.ts'
import { sendServiceMail } from './mail/service-mails.ts'
import { changePassword, forgotPassword, resetPassword } from './password-changes.ts'
import { updateProfile } from './profile.ts'
import { revokeOtherSessions, visitOf } from './sessions.ts'

/** The public routes of what people do with their accounts, and of mails that lead back to them. */
export function accountRoutes(ctx: Context): Route[] {
  const browser = ({ request, response }: Pick<Call<never>, 'request' | 'response'>) => browserOf(request, response)
  const visit = (call: Pick<Call<never>, 'request' | 'response'>) => visitOf(ctx, browser(call))
  const api = securityApi
  return [
    answer(api.sendVerification, async (call) => sendVerification(ctx, await visit(call))),
    answer(api.verifyEmail, (call) => verifyEmail(ctx, browser(call), call.body)),
    answer(api.changeEmail, async (call) => changeEmail(ctx, await visit(call), call.body)),
    answer(api.forgotPassword, (call) => forgotPassword(ctx, browser(call), call.body)),
    answer(api.resetPassword, (call) => resetPassword(ctx, browser(call), call.body)),
    answer(api.changePassword, async (call) => changePassword(ctx, await visit(call), call.body)),
    answer(api.sendMagicLink, (call) => sendMagicLink(ctx, browser(call), call.body)),
    answer(api.enterByMagicLink, (call) => enterByMagicLink(ctx, browser(call), call.body)),
    answer(api.updateProfile, async (call) => updateProfile(ctx, await visit(call), call.body)),
    answer(api.securityEvents, async (call) => listEvents(ctx, await visit(call))),
    answer(api.revokeOtherSessions, async (call) => revokeOtherSessions(ctx, await visit(call))),
    answer(api.exportAccount, async (call) => {
      const known = await exportAccount(ctx, await visit(call))
      call.response.attachment('account.json')
      return known
    }),
    answer(api.checkDeletion, async (call) => checkDeletion(ctx, await visit(call), call.body)),
    answer(api.deleteAccount, async (call) => deleteAccount(ctx, await visit(call), call.body)),
    answer(authApi.outbox, async (call) => listOutbox(ctx, await visit(call))),
  ]
}

/** Of them, those for other services. */
export function internalAccountRoutes(ctx: Context): Route[] {
  return [
    answer(authInternal.sendMail, ({ body }) => sendServiceMail(ctx, body)),
    answer(authInternal.mailing, async () => ({ mail: ctx.post.mode })),
    answer(authInternal.changes, ({ query, response }) =>
      readChanges(ctx.changes, ctx.changed, query, AbortSignal.any([goneSignal(response), ctx.draining.signal])),
    ),
  ]
}
