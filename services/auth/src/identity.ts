import { randomUUID } from 'node:crypto'
import { prismaAdapter } from '@better-auth/prisma-adapter'
import type { Log } from '@realtime/kit'
import { hashPassword, verifyPassword } from '@realtime/kit/passwords'
import { betterAuth } from 'better-auth'
import { jwt } from 'better-auth/plugins/jwt'
import type { AuthConfig } from './config.ts'
import type { PrismaClient } from './database/client.ts'
import { entering } from './entering.ts'
import { passkeyPlugin } from './passkeys/plugin.ts'
import { FAILED, providerOptions, signInPlugin } from './providers/plugin.ts'
import { challenging } from './second-factor/challenging.ts'
import { secondFactor } from './second-factor/two-factor.ts'
import { keyOptions } from './signing-keys.ts'

const DAY = 24 * 60 * 60

/**
 * better-auth on our tables: it keeps sessions, cookies and signing keys. Its own HTTP handler is never mounted:
 * only our routes call it, so that nothing is reachable but what the contracts name.
 */
export function openIdentity(config: AuthConfig, db: PrismaClient, log: Log) {
  const { accountLinking, socialProviders, databaseHooks } = providerOptions(config, db)
  return betterAuth({
    appName: 'Realtime Collaborator',
    baseURL: config.PUBLIC_URL,
    basePath: '/auth',
    secret: config.AUTH_SECRET,
    database: prismaAdapter(db, { provider: 'postgresql', transaction: true }),
    telemetry: { enabled: false },
    logger: {
      log: (level, message, ...rest) => {
        // A wrong password is a warning to the library and an everyday event to us.
        const line = log[level === 'error' ? 'error' : 'debug'].bind(log)
        line({ detail: rest.map(String) }, message)
      },
    },
    user: {
      additionalFields: {
        administrator: { type: 'boolean', input: false, defaultValue: false },
        suspendedAt: { type: 'date', input: false, required: false },
      },
    },
    account: { fields: { password: 'passwordHash' }, accountLinking, updateAccountOnSignIn: false },
    socialProviders,
    databaseHooks,
    onAPIError: { errorURL: `${config.PUBLIC_URL}${FAILED}` },
    session: { expiresIn: 30 * DAY, updateAge: DAY / 24 },
    emailAndPassword: {
      enabled: true,
      // The contract decides; the library's own limit of 128 would lock out who chose a longer one.
      maxPasswordLength: 256,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    advanced: {
      cookiePrefix: 'rc',
      useSecureCookies: config.PUBLIC_URL.startsWith('https:'),
      defaultCookieAttributes: { path: '/auth', httpOnly: true, sameSite: 'lax' },
      database: { generateId: () => randomUUID() },
    },
    plugins: [
      entering,
      challenging,
      secondFactor(),
      passkeyPlugin(config.PUBLIC_URL),
      signInPlugin(config),
      jwt({
        disableSettingJwtHeader: true,
        ...keyOptions(db),
        jwt: {
          issuer: config.PUBLIC_URL,
          audience: config.PUBLIC_URL,
          expirationTime: '10m',
        },
      }),
    ],
  })
}

export type Identity = ReturnType<typeof openIdentity>

/**
 * Makes the first signing key where there is none, and proves that the stored one can be used.
 * @throws Error with a line for the operator when AUTH_SECRET is not the one the keys were encrypted with
 */
export async function checkSigningKey(identity: Identity): Promise<void> {
  await identity.api.getJwks()
  try {
    await identity.api.signJWT({ body: { payload: {} } })
  } catch (cause) {
    throw new Error(
      'The keys of user tokens cannot be read with this AUTH_SECRET. Give the one they were stored with; if it is lost, delete the rows of the table signing_keys of auth, and everyone signs in again.',
      { cause },
    )
  }
}
