import { signUpMode } from '@realtime/contracts'
import { databaseFields, field } from '@realtime/kit'
import { z } from 'zod'

const text = z.string().min(1).max(500)

/** The variables of a well-known provider of sign-ins. */
function provider<P extends string>(prefix: P, name: string, where: string) {
  return {
    [`${prefix}_CLIENT_ID`]: text
      .optional()
      .describe(
        `Client id for signing in with ${name}, from ${where}; its callback is PUBLIC_URL/auth/callback/${name.toLowerCase()}`,
      ),
    [`${prefix}_CLIENT_SECRET`]: text.optional().describe(`Client secret for signing in with ${name}`),
  } as Record<`${P}_CLIENT_ID` | `${P}_CLIENT_SECRET`, z.ZodOptional<z.ZodString>>
}

/** Of these either all are given or none. */
const together = [
  ['GOOGLE_CLIENT_ID', 'GOOGLE_CLIENT_SECRET'],
  ['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'],
  ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'],
] as const

/** The variables of the auth service. */
export const authConfig = z
  .object({
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
    ...provider('GOOGLE', 'Google', 'console.cloud.google.com'),
    ...provider('GITHUB', 'GitHub', 'github.com/settings/developers'),
    GITHUB_URL: field
      .baseUrl('')
      .default('https://github.com')
      .describe('Where GitHub is: the address of a GitHub Enterprise of one’s own'),
    OIDC_ISSUER: field
      .baseUrl('')
      .optional()
      .describe('Issuer of an OpenID provider for single sign-on, as its discovery document names it'),
    OIDC_CLIENT_ID: text
      .optional()
      .describe('Client id at the OpenID provider; its callback is PUBLIC_URL/auth/callback/oidc'),
    OIDC_CLIENT_SECRET: text.optional().describe('Client secret at the OpenID provider'),
    OIDC_NAME: z
      .string()
      .max(60)
      .default('Single sign-on')
      .describe('What the OpenID provider is called on the page to sign in'),
    ...databaseFields,
  })
  .superRefine((config, issues) => {
    for (const group of together) {
      const given = group.filter((name) => config[name] !== undefined)
      if (given.length === 0 || given.length === group.length) continue
      for (const name of group) {
        if (config[name] === undefined) issues.addIssue({ code: 'custom', path: [name], message: 'is not set' })
      }
    }
  })

/** DATABASE_SCHEMA is for tests, which give each service a schema of its own; the environment cannot set it. */
export type AuthConfig = z.output<typeof authConfig> & { DATABASE_SCHEMA?: string }
