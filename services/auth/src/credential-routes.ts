import { authInternal, keyApi, securityApi } from '@realtime/contracts'
import { answer, type Call, type Route } from '@realtime/kit'
import { browserOf } from './browsers.ts'
import { signInWithCode } from './code-sign-in.ts'
import type { Context } from './context.ts'
import { createKey, deleteKey, exchangeKey, listKeys } from './keys.ts'
import { visitOf } from './sessions.ts'
import { issueLinkToken } from './tokens.ts'
import { beginTwoFactor, confirmTwoFactor, endTwoFactor, renewRecoveryCodes } from './two-factor.ts'

/** The public routes of keys and of ways to sign in besides a password. */
export function credentialRoutes(ctx: Context): Route[] {
  const browser = ({ request, response }: Pick<Call<never>, 'request' | 'response'>) => browserOf(request, response)
  const visit = (call: Pick<Call<never>, 'request' | 'response'>) => visitOf(ctx, browser(call))
  return [
    answer(securityApi.signInWithCode, (call) => signInWithCode(ctx, browser(call), call.body)),
    answer(securityApi.beginTwoFactor, async (call) => beginTwoFactor(ctx, await visit(call), call.body)),
    answer(securityApi.confirmTwoFactor, async (call) => confirmTwoFactor(ctx, await visit(call), call.body)),
    answer(securityApi.renewRecoveryCodes, async (call) => renewRecoveryCodes(ctx, await visit(call), call.body)),
    answer(securityApi.endTwoFactor, async (call) => endTwoFactor(ctx, await visit(call), call.body)),
    answer(keyApi.keys, async (call) => listKeys(ctx, await visit(call))),
    answer(keyApi.createKey, async (call) => createKey(ctx, await visit(call), call.body)),
    answer(keyApi.deleteKey, async (call) => deleteKey(ctx, await visit(call), call.params)),
    answer(keyApi.exchangeKey, (call) => exchangeKey(ctx, browser(call), call.request.headers.authorization)),
  ]
}

/** Of them, those for other services. */
export function internalCredentialRoutes(ctx: Context): Route[] {
  return [answer(authInternal.linkToken, ({ body }) => issueLinkToken(ctx, body))]
}
