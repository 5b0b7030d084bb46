import { administrationApi, authInternal, keyApi, securityApi } from '@realtime/contracts'
import { answer, type Call, type Route } from '@realtime/kit'
import { listAccounts, updateAccount } from './administration/accounts.ts'
import { readSettings, sendTestMail, updateSettings } from './administration/settings.ts'
import { browserOf } from './browsers.ts'
import type { Context } from './context.ts'
import { createKey, deleteKey, exchangeKey, listKeys } from './keys.ts'
import {
  addPasskey,
  passkeyOptions,
  passkeySignInOptions,
  removePasskey,
  renamePasskey,
  signInWithPasskey,
} from './passkeys/passkeys.ts'
import { beginProvider, finishProvider, unlinkProvider } from './providers/sign-in.ts'
import { signInWithCode } from './second-factor/code-sign-in.ts'
import { beginTwoFactor, confirmTwoFactor, endTwoFactor, renewRecoveryCodes } from './second-factor/two-factor.ts'
import { readSecurity, waysToSignIn } from './security.ts'
import { visitOf } from './sessions.ts'
import { issueLinkToken } from './tokens.ts'

/** The public routes of keys, of ways to sign in besides a password, and of administration. */
export function credentialRoutes(ctx: Context): Route[] {
  const browser = ({ request, response }: Pick<Call<never>, 'request' | 'response'>) => browserOf(request, response)
  const visit = (call: Pick<Call<never>, 'request' | 'response'>) => visitOf(ctx, browser(call))
  return [
    answer(securityApi.signInWithCode, (call) => signInWithCode(ctx, browser(call), call.body)),
    answer(securityApi.beginTwoFactor, async (call) => beginTwoFactor(ctx, await visit(call), call.body)),
    answer(securityApi.confirmTwoFactor, async (call) => confirmTwoFactor(ctx, await visit(call), call.body)),
    answer(securityApi.renewRecoveryCodes, async (call) => renewRecoveryCodes(ctx, await visit(call), call.body)),
    answer(securityApi.endTwoFactor, async (call) => endTwoFactor(ctx, await visit(call), call.body)),
    answer(administrationApi.settings, async (call) => readSettings(ctx, await visit(call))),
    answer(administrationApi.updateSettings, async (call) => updateSettings(ctx, await visit(call), call.body)),
    answer(administrationApi.accounts, async (call) => listAccounts(ctx, await visit(call), call.query)),
    answer(administrationApi.updateAccount, async (call) =>
      updateAccount(ctx, await visit(call), { ...call.params, ...call.body }),
    ),
    answer(administrationApi.testMail, async (call) => sendTestMail(ctx, await visit(call))),
    answer(securityApi.beginProvider, (call) => beginProvider(ctx, browser(call), call.body)),
    answer(securityApi.finishProvider, (call) =>
      finishProvider(ctx, browser(call), { ...call.params, query: stringsOf(call.query) }),
    ),
    answer(securityApi.unlink, async (call) => unlinkProvider(ctx, await visit(call), call.params)),
    answer(securityApi.providers, async () => waysToSignIn(ctx)),
    answer(securityApi.security, async (call) => readSecurity(ctx, await visit(call))),
    answer(securityApi.passkeyOptions, async (call) => passkeyOptions(ctx, await visit(call))),
    answer(securityApi.addPasskey, async (call) => addPasskey(ctx, await visit(call), call.body)),
    answer(securityApi.renamePasskey, async (call) =>
      renamePasskey(ctx, await visit(call), { ...call.params, ...call.body }),
    ),
    answer(securityApi.removePasskey, async (call) => removePasskey(ctx, await visit(call), call.params)),
    answer(securityApi.passkeySignInOptions, (call) => passkeySignInOptions(ctx, browser(call))),
    answer(securityApi.signInWithPasskey, (call) => signInWithPasskey(ctx, browser(call), call.body)),
    answer(keyApi.keys, async (call) => listKeys(ctx, await visit(call))),
    answer(keyApi.createKey, async (call) => createKey(ctx, await visit(call), call.body)),
    answer(keyApi.deleteKey, async (call) => deleteKey(ctx, await visit(call), call.params)),
    answer(keyApi.exchangeKey, (call) => exchangeKey(ctx, browser(call), call.request.headers.authorization)),
  ]
}

/** What a provider sends back is single words; anything else is left out. */
function stringsOf(query: Record<string, unknown>): Record<string, string> {
  const told = Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return Object.fromEntries(told)
}

/** Of them, those for other services. */
export function internalCredentialRoutes(ctx: Context): Route[] {
  return [answer(authInternal.linkToken, ({ body }) => issueLinkToken(ctx, body))]
}
