import { z } from 'zod'
import { id } from './actor.ts'
import { changesEndpoint } from './changes.ts'
import { endpoint } from './endpoint.ts'
import { line } from './text.ts'

export const email = z
  .email('must be an e-mail address')
  .max(254)
  .transform((value) => value.toLowerCase())
export const personName = line().min(1, 'must not be empty').max(80)
export const password = z.string().min(10, 'must have at least 10 characters').max(256)

/** Where a browser goes afterwards: a path of this server, never another one. */
export const ownPath = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[^\\\s]*$/, 'must be a path of this server')
  // `/.//evil.example` is another server to whoever takes its dots out first.
  .refine(
    (path) => !URL.canParse(path, 'http://own') || !new URL(path, 'http://own').pathname.startsWith('//'),
    'must be a path of this server',
  )

export const user = z.object({
  id,
  name: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  image: z.string().nullable(),
  /** Administers the whole instance (created by the setup link). */
  administrator: z.boolean(),
  createdAt: z.string(),
})
export type User = z.infer<typeof user>

/** A person as others see them. */
export const person = z.object({
  id,
  name: z.string(),
  image: z.string().nullable(),
  email: z.string(),
  emailVerified: z.boolean(),
})
export type Person = z.infer<typeof person>

export const session = z.object({
  id,
  createdAt: z.string(),
  expiresAt: z.string(),
  lastUsedAt: z.string(),
  address: z.string().nullable(),
  device: z.string().nullable(),
  /** Whether this is the session that asks. */
  current: z.boolean(),
})
export type Session = z.infer<typeof session>

export const signUpMode = z.enum(['open', 'invitation', 'closed'])
export type SignUpMode = z.infer<typeof signUpMode>

export const authApi = {
  status: endpoint({
    method: 'GET',
    path: '/auth/status',
    summary: 'Whether the server is set up and who may sign up',
    access: 'public',
    response: z.object({ setUp: z.boolean(), signUp: signUpMode }),
  }),
  setUp: endpoint({
    method: 'POST',
    path: '/auth/setup',
    summary: 'Create the instance administrator with the one-time setup token, and sign in',
    access: 'public',
    body: z.strictObject({ token: z.string().min(1).max(200), name: personName, email, password }),
    response: z.object({ user }),
    status: 201,
  }),
  signUp: endpoint({
    method: 'POST',
    path: '/auth/sign-up',
    summary:
      'Create an account and sign in; where sign-up is by invitation, with an invitation token. Where mails are sent, `user` is null whether the address is taken or not: the account is made when the mail to it is followed, and `to` is part of its link',
    access: 'public',
    body: z.strictObject({
      name: personName,
      email,
      password,
      invitation: z.string().max(200).optional(),
      to: ownPath.optional(),
    }),
    response: z.object({ user: user.nullable() }),
    status: 201,
  }),
  signIn: endpoint({
    method: 'POST',
    path: '/auth/sign-in',
    summary:
      'Sign in with e-mail and password; sets the session cookie. `two-factor-required` where a code is asked for next',
    access: 'public',
    body: z.strictObject({ email, password: z.string().min(1).max(256) }),
    response: z.object({ user }),
  }),
  signOut: endpoint({
    method: 'POST',
    path: '/auth/sign-out',
    summary: 'End this session and clear its cookie',
    access: 'session',
    response: 'empty',
  }),
  session: endpoint({
    method: 'GET',
    path: '/auth/session',
    summary: 'The signed-in person and this session',
    access: 'session',
    response: z.object({ user, session }),
  }),
  sessions: endpoint({
    method: 'GET',
    path: '/auth/sessions',
    summary: 'All sessions of the signed-in person',
    access: 'session',
    response: z.object({ sessions: z.array(session) }),
  }),
  revokeSession: endpoint({
    method: 'DELETE',
    path: '/auth/sessions/:id',
    summary: 'End one of the own sessions; its tokens are refused within a second',
    access: 'session',
    params: z.object({ id }),
    response: 'empty',
  }),
  token: endpoint({
    method: 'GET',
    path: '/auth/token',
    summary: 'A 10-minute EdDSA token for all other services, from the session cookie',
    access: 'session',
    response: z.object({ token: z.string(), expiresAt: z.string() }),
  }),
  jwks: endpoint({
    method: 'GET',
    path: '/auth/jwks',
    summary: 'The public keys that user tokens are verified with (RFC 7517)',
    access: 'public',
    response: z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) }),
  }),
  revocations: endpoint({
    method: 'GET',
    path: '/auth/revocations',
    summary:
      'SHA-256 (hex) of the ids of sessions revoked while a token of theirs may still live. With `known`, the tag of the last answer, it waits up to `wait` seconds for another list',
    access: 'public',
    query: z.object({
      known: z.string().max(64).optional(),
      wait: z.coerce.number().int().min(0).max(10).default(0),
    }),
    response: z.object({ revoked: z.array(z.string()), tag: z.string() }),
  }),
  outbox: endpoint({
    method: 'GET',
    path: '/auth/outbox',
    summary: 'Mails that could not be sent because no mail server is configured; for the instance administrator',
    access: 'session',
    response: z.object({
      mails: z.array(
        z.object({
          id,
          to: z.string(),
          subject: z.string(),
          text: z.string(),
          html: z.string(),
          createdAt: z.string(),
        }),
      ),
    }),
  }),
}

/** Internal operations of auth, on its second port. */
export const authInternal = {
  linkToken: endpoint({
    method: 'POST',
    path: '/internal/link-tokens',
    summary: 'A ten-minute token for a visitor who came by a share link, good for its one document',
    access: 'service',
    body: z.object({ visitorId: id, linkId: id, documentId: id, name: z.string().max(60) }),
    response: z.object({ token: z.string(), expiresAt: z.string() }),
  }),
  sendMail: endpoint({
    method: 'POST',
    path: '/internal/mails',
    summary:
      'Send a mail of ours: its words, one button and small print; `sent` is false where no mail server is set up (the outbox keeps it where it is on)',
    access: 'service',
    body: z.object({
      to: z.union([z.object({ userId: id }), z.object({ email: z.string().max(254) })]),
      subject: z.string().min(1).max(200),
      /** Paragraphs of plain text. */
      paragraphs: z.array(z.string().max(2000)).min(1).max(60),
      button: z.object({ label: z.string().max(60), path: ownPath }).nullable(),
      /** Why one gets it. */
      footer: z.string().max(400),
    }),
    response: z.object({ sent: z.boolean() }),
  }),
  mailing: endpoint({
    method: 'GET',
    path: '/internal/mailing',
    summary: 'Whether mails go out, or at least into the outbox',
    access: 'service',
    response: z.object({ mail: z.enum(['smtp', 'outbox', 'none']) }),
  }),
  people: endpoint({
    method: 'POST',
    path: '/internal/people',
    summary: 'Names of people by id; unknown ids are left out',
    access: 'service',
    /** Without `images` nobody has one in the answer, which is then a short one. */
    body: z.object({ ids: z.array(id).max(500), images: z.boolean().default(true) }),
    response: z.object({ people: z.array(person) }),
  }),
  putSignUpPass: endpoint({
    method: 'PUT',
    path: '/internal/sign-up-passes/:hash',
    summary: 'Let whoever holds the token with this SHA-256 (hex) sign up, so many times, until it expires',
    access: 'service',
    params: z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/) }),
    body: z.object({ expiresAt: z.iso.datetime(), uses: z.number().int().min(1).nullable() }),
    response: 'empty',
  }),
  deleteSignUpPass: endpoint({
    method: 'DELETE',
    path: '/internal/sign-up-passes/:hash',
    summary: 'Withdraw a sign-up pass',
    access: 'service',
    params: z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/) }),
    response: 'empty',
  }),
  setup: endpoint({
    method: 'GET',
    path: '/internal/setup',
    summary: 'Whether the instance administrator is still to be created',
    access: 'service',
    response: z.object({ needed: z.boolean() }),
  }),
  changes: changesEndpoint,
}
