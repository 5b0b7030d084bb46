import { signUpMode } from '@realtime/contracts'
import { databaseFields, field } from '@realtime/kit'
import { z } from 'zod'

/** The variables of the auth service. */
export const authConfig = z.object({
  AUTH_LISTEN: field.listen('auth'),
  AUTH_INTERNAL_LISTEN: field.internalListen('auth'),
  PUBLIC_URL: field.publicUrl(),
  LOG_LEVEL: field.logLevel(),
  AUTH_SERVICE_SECRET: field.serviceSecret('auth'),
  AUTH_SECRET: field.secret('Signs session cookies and encrypts the keys of user tokens (≥ 32 characters)'),
  SIGN_UP: signUpMode
    .optional()
    .describe(
      'Who may create an account: open (anyone), invitation (with an invitation link) or closed (nobody). Where it is set, the administrator cannot change it',
    ),
  SIGN_UP_DEFAULT: signUpMode.default('open').describe('The same, until the administrator chooses'),
  SETUP_TOKEN: z
    .string()
    .min(24, 'must have at least 24 characters')
    .optional()
    .describe('Whoever holds it creates the instance administrator, once (≥ 24 characters); without it nobody can'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// URL' })
    .optional()
    .describe('The mail server, smtp://user:password@host:587 or smtps://…:465; without it no mail is sent'),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*@[^\r\n]*$/, 'must be an address, alone or as Name <address>')
    .optional()
    .describe('The sender of mails, Name <address>; no-reply at the host of PUBLIC_URL unless given'),
  ...databaseFields,
})

/** DATABASE_SCHEMA is for tests, which give each service a schema of its own; the environment cannot set it. */
export type AuthConfig = z.output<typeof authConfig> & { DATABASE_SCHEMA?: string }
