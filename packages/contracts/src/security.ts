import { z } from 'zod'
import { id } from './actor.ts'
import { email, ownPath, password, personName, user } from './auth.ts'
import { endpoint } from './endpoint.ts'
import { line } from './text.ts'

const secretToken = z.string().min(10).max(2000)
/** Of the person who is signed in; null where the account has none. */
export const ownPassword = z.string().min(1).max(256)
const code = z.string().regex(/^\d{6}$/, 'must be six digits')
const byId = z.object({ id })
/** A picture as a data URL: PNG, JPEG or WebP, already small. */
export const picture = z
  .string()
  .max(200_000)
  .regex(/^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$/, {
    error: 'must be a small PNG, JPEG or WebP',
    abort: true,
  })
  .refine(isWhatItSays, 'is not a picture of the type that it says')

/** Which bytes each type has where, as text in Latin 1. */
const marks: Record<string, [place: number, mark: string][]> = {
  png: [[0, '\x89PNG\r\n\x1a\n']],
  jpeg: [[0, '\xff\xd8\xff']],
  webp: [
    [0, 'RIFF'],
    [8, 'WEBP'],
  ],
}

function isWhatItSays(dataUrl: string): boolean {
  const [head = '', bytes = ''] = dataUrl.split(',')
  const type = /image\/([a-z]+)/.exec(head)?.[1] ?? ''
  if (bytes.length % 4 !== 0 || bytes.length < 24) return false
  const beginning = atob(bytes.slice(0, 24))
  return marks[type]?.every(([place, mark]) => beginning.startsWith(mark, place)) ?? false
}

export const passkey = z.object({
  id,
  name: z.string(),
  createdAt: z.string(),
  /** Whether it is kept by a provider and works on several devices. */
  synced: z.boolean(),
})
export type Passkey = z.infer<typeof passkey>

/** A way to sign in through somebody else. */
export const provider = z.object({ id: z.string(), name: z.string(), kind: z.enum(['google', 'github', 'oidc']) })
export type Provider = z.infer<typeof provider>

/** An act on an account that its owner should know of. */
export const securityEvent = z.object({
  id,
  type: z.string(),
  at: z.string(),
  address: z.string().nullable(),
  device: z.string().nullable(),
  /** What it was done to, for instance an address or the name of a key. */
  detail: z.string(),
})
export type SecurityEvent = z.infer<typeof securityEvent>

const signedIn = z.object({ user })

/** Accounts: what keeps them safe, and what their owners may do with them. */
export const securityApi = {
  providers: endpoint({
    method: 'GET',
    path: '/auth/providers',
    summary: 'Ways to sign in besides a password, and whether mails are sent',
    access: 'public',
    response: z.object({
      providers: z.array(provider),
      /** Whether mails go out; else what needs one says so. */
      mail: z.boolean(),
      /** Passkeys need https or localhost. */
      passkeys: z.boolean(),
    }),
  }),
  security: endpoint({
    method: 'GET',
    path: '/auth/security',
    summary: 'How the own account is secured',
    access: 'session',
    response: z.object({
      password: z.boolean(),
      twoFactor: z.boolean(),
      /** How many recovery codes are left. */
      recoveryCodes: z.number().int(),
      passkeys: z.array(passkey),
      /** Accounts elsewhere by which one may sign in. */
      linked: z.array(z.object({ provider: z.string(), name: z.string(), since: z.string() })),
      /** A new address that is not confirmed yet. */
      pendingEmail: z.string().nullable(),
    }),
  }),
  securityEvents: endpoint({
    method: 'GET',
    path: '/auth/security/events',
    summary: 'What happened to the own account lately, the newest first',
    access: 'session',
    response: z.object({ events: z.array(securityEvent) }),
  }),
  updateProfile: endpoint({
    method: 'PATCH',
    path: '/auth/profile',
    summary: 'Change the own name or picture',
    access: 'session',
    body: z.strictObject({ name: personName, image: picture.nullable() }).partial(),
    response: signedIn,
  }),
  sendVerification: endpoint({
    method: 'POST',
    path: '/auth/email/verification',
    summary:
      'Send the mail that confirms the own address once more. `mail-unavailable` without a mail server or outbox',
    access: 'session',
    response: 'empty',
  }),
  verifyEmail: endpoint({
    method: 'POST',
    path: '/auth/email/verify',
    summary: 'Confirm an address with the token of a mail: the first one, or a new one',
    access: 'public',
    body: z.strictObject({ token: secretToken }),
    response: z.object({ email: z.string() }),
  }),
  changeEmail: endpoint({
    method: 'POST',
    path: '/auth/email',
    summary: 'Ask for another address: it holds once the mail to it was followed; the old one is told',
    access: 'session',
    body: z.strictObject({ email, password: ownPassword.optional() }),
    response: 'empty',
  }),
  forgotPassword: endpoint({
    method: 'POST',
    path: '/auth/password/forgot',
    summary: 'Send a mail by which a new password is set; the answer is the same for an unknown address',
    access: 'public',
    body: z.strictObject({ email }),
    response: 'empty',
  }),
  resetPassword: endpoint({
    method: 'POST',
    path: '/auth/password/reset',
    summary: 'Set a new password with the token of a mail; ends all sessions',
    access: 'public',
    body: z.strictObject({ token: secretToken, password }),
    response: 'empty',
  }),
  changePassword: endpoint({
    method: 'POST',
    path: '/auth/password',
    summary: 'Change the password, or set the first one; ends all other sessions',
    access: 'session',
    body: z.strictObject({ current: ownPassword.optional(), password }),
    response: 'empty',
  }),
  sendMagicLink: endpoint({
    method: 'POST',
    path: '/auth/magic-link',
    summary: 'Send a mail by which one signs in; the answer is the same for an unknown address',
    access: 'public',
    body: z.strictObject({ email, to: ownPath.optional() }),
    response: 'empty',
  }),
  enterByMagicLink: endpoint({
    method: 'POST',
    path: '/auth/magic-link/enter',
    summary: 'Sign in with the token of such a mail, once',
    access: 'public',
    body: z.strictObject({ token: secretToken }),
    response: signedIn,
  }),
  signInWithCode: endpoint({
    method: 'POST',
    path: '/auth/sign-in/two-factor',
    summary:
      'The second step where a sign-in answered `two-factor-required`: a code of the app, or a recovery code, each once. `wrong-credentials` for a wrong one, `unauthenticated` where the first step is to be taken again',
    access: 'public',
    body: z.union([
      z.strictObject({ code, trustDevice: z.boolean().default(false) }),
      z.strictObject({ recoveryCode: z.string().min(8).max(40) }),
    ]),
    response: signedIn,
  }),
  beginTwoFactor: endpoint({
    method: 'POST',
    path: '/auth/two-factor',
    summary: 'Begin to set up codes of an app (TOTP, RFC 6238); they hold once one was confirmed',
    access: 'session',
    body: z.strictObject({ password: ownPassword.optional() }),
    response: z.object({ uri: z.string(), secret: z.string() }),
  }),
  confirmTwoFactor: endpoint({
    method: 'POST',
    path: '/auth/two-factor/confirm',
    summary: 'Confirm with a code: from now on it is asked for. Answers the recovery codes, once',
    access: 'session',
    body: z.strictObject({ code }),
    response: z.object({ recoveryCodes: z.array(z.string()) }),
  }),
  renewRecoveryCodes: endpoint({
    method: 'POST',
    path: '/auth/two-factor/recovery-codes',
    summary: 'New recovery codes; the old ones do not hold any more',
    access: 'session',
    body: z.strictObject({ password: ownPassword.optional() }),
    response: z.object({ recoveryCodes: z.array(z.string()) }),
  }),
  endTwoFactor: endpoint({
    method: 'DELETE',
    path: '/auth/two-factor',
    summary: 'Ask for no codes any more',
    access: 'session',
    body: z.strictObject({ password: ownPassword.optional() }),
    response: 'empty',
  }),
  passkeyOptions: endpoint({
    method: 'POST',
    path: '/auth/passkeys/options',
    summary: 'What a browser needs to make a passkey (WebAuthn)',
    access: 'session',
    response: z.looseObject({}),
  }),
  addPasskey: endpoint({
    method: 'POST',
    path: '/auth/passkeys',
    summary: 'Keep a passkey that the browser made',
    access: 'session',
    body: z.strictObject({ name: line().min(1).max(60), response: z.looseObject({}) }),
    response: passkey,
    status: 201,
  }),
  renamePasskey: endpoint({
    method: 'PATCH',
    path: '/auth/passkeys/:id',
    summary: 'Rename a passkey',
    access: 'session',
    params: byId,
    body: z.strictObject({ name: line().min(1).max(60) }),
    response: passkey,
  }),
  removePasskey: endpoint({
    method: 'DELETE',
    path: '/auth/passkeys/:id',
    summary: 'Forget a passkey',
    access: 'session',
    params: byId,
    response: 'empty',
  }),
  passkeySignInOptions: endpoint({
    method: 'POST',
    path: '/auth/sign-in/passkey/options',
    summary: 'What a browser needs to sign in with a passkey',
    access: 'public',
    response: z.looseObject({}),
  }),
  signInWithPasskey: endpoint({
    method: 'POST',
    path: '/auth/sign-in/passkey',
    summary: 'Sign in with a passkey; no password and no code is asked for',
    access: 'public',
    body: z.strictObject({ response: z.looseObject({}) }),
    response: signedIn,
  }),
  beginProvider: endpoint({
    method: 'POST',
    path: '/auth/sign-in/provider',
    summary: 'Where to send the browser to sign in, or (signed in) to link an account, at a provider',
    access: 'public',
    body: z.strictObject({
      provider: z.string().min(1).max(60),
      to: ownPath.optional(),
      invitation: z.string().max(200).optional(),
    }),
    response: z.object({ url: z.string() }),
  }),
  finishProvider: endpoint({
    method: 'GET',
    path: '/auth/callback/:provider',
    summary:
      'Where a provider sends the browser back to: redirects (302) to where it wanted to go, signed in or with the account linked, or to `/sign-in?error=…`',
    access: 'public',
    params: z.object({ provider: z.string().min(1).max(60) }),
    query: z.looseObject({ code: z.unknown(), state: z.unknown(), error: z.unknown() }).partial(),
    response: 'binary',
    status: 302,
  }),
  unlink: endpoint({
    method: 'DELETE',
    path: '/auth/linked/:provider',
    summary: 'Sign in by that provider no more; `conflict` for the last way in',
    access: 'session',
    params: z.object({ provider: z.string().min(1).max(60) }),
    response: 'empty',
  }),
  revokeOtherSessions: endpoint({
    method: 'DELETE',
    path: '/auth/sessions',
    summary: 'End all other sessions',
    access: 'session',
    response: 'empty',
  }),
  exportAccount: endpoint({
    method: 'GET',
    path: '/auth/account/export',
    summary: 'All that is known of the own account, as JSON to download',
    access: 'session',
    response: z.looseObject({}),
  }),
  checkDeletion: endpoint({
    method: 'POST',
    path: '/auth/account/deletable',
    summary:
      'Whether the own account could be deleted now, with that password: asked before organizations are left, which cannot be taken back',
    access: 'session',
    body: z.strictObject({ password: ownPassword.optional() }),
    response: 'empty',
  }),
  deleteAccount: endpoint({
    method: 'DELETE',
    path: '/auth/account',
    summary:
      'Delete the own account for good (`email` repeats the own address). Organizations are left by `POST /orgs/leave-all` before; what is not left is left then, and an ownerless organization gets its longest-standing admin or member as owner',
    access: 'session',
    body: z.strictObject({ password: ownPassword.optional(), email: z.string().max(254) }),
    response: 'empty',
  }),
}
