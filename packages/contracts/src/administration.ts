import { z } from 'zod'
import { id } from './actor.ts'
import { signUpMode, user } from './auth.ts'
import { endpoint } from './endpoint.ts'

/** Somebody with an account on this server, for its administrator. */
export const account = user.extend({
  suspended: z.boolean(),
  twoFactor: z.boolean(),
  lastUsedAt: z.string().nullable(),
})
export type Account = z.infer<typeof account>

/** For the instance administrator alone: `forbidden` for everybody else. */
export const administrationApi = {
  settings: endpoint({
    method: 'GET',
    path: '/auth/administration/settings',
    summary: 'How this server is set up',
    access: 'session',
    response: z.object({
      signUp: signUpMode,
      /** Whether SIGN_UP of the environment decides, and nothing can be changed here. */
      fixed: z.boolean(),
      mail: z.enum(['smtp', 'outbox', 'none']),
    }),
  }),
  updateSettings: endpoint({
    method: 'PATCH',
    path: '/auth/administration/settings',
    summary: 'Change who may sign up',
    access: 'session',
    body: z.strictObject({ signUp: signUpMode }),
    response: z.object({ signUp: signUpMode }),
  }),
  accounts: endpoint({
    method: 'GET',
    path: '/auth/administration/accounts',
    summary: 'The accounts of this server, the newest first; `q` looks in names and addresses, `after` pages on',
    access: 'session',
    query: z.object({
      q: z.string().trim().max(100).optional(),
      after: id.optional(),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
    response: z.object({ accounts: z.array(account), total: z.number().int(), more: z.boolean() }),
  }),
  updateAccount: endpoint({
    method: 'PATCH',
    path: '/auth/administration/accounts/:id',
    summary:
      'Suspend somebody (their sessions and keys end within a second), or make them an administrator; the last one stays',
    access: 'session',
    params: z.object({ id }),
    body: z.strictObject({ suspended: z.boolean(), administrator: z.boolean() }).partial(),
    response: account,
  }),
  testMail: endpoint({
    method: 'POST',
    path: '/auth/administration/test-mail',
    summary: 'Send a mail to the own address, and say what the mail server answered',
    access: 'session',
    response: z.object({ sent: z.boolean(), answer: z.string() }),
  }),
}
