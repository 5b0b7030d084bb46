import { email, Problem, personName } from '@realtime/contracts'
import type { BetterAuthOptions } from 'better-auth'
import { APIError, getOAuthState } from 'better-auth/api'
import { type GenericOAuthConfig, genericOAuth } from 'better-auth/plugins/generic-oauth'
import { passToEnter } from '../accounts.ts'
import type { AuthConfig } from '../config.ts'
import type { PrismaClient } from '../database/client.ts'
import { useSignUpPass } from '../passes.ts'
import { gitHub } from './github.ts'

/** Where the library sends a browser when it failed; only our own code ever sees this address. */
export const FAILED = '/auth/callback-failed'

/** What the library is to know of providers: who they are, who gets an account by them, and who is linked. */
export function providerOptions(config: AuthConfig, db: PrismaClient) {
  const { GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET } = config
  return {
    socialProviders: {
      ...(GOOGLE_CLIENT_ID && GOOGLE_CLIENT_SECRET
        ? { google: { clientId: GOOGLE_CLIENT_ID, clientSecret: GOOGLE_CLIENT_SECRET } }
        : {}),
    },
    accountLinking: {
      // By itself only where both sides confirmed the address; whoever is signed in links an account of any address.
      enabled: true,
      requireLocalEmailVerified: true,
      allowDifferentEmails: true,
    },
    databaseHooks: {
      user: { create: { before: async (user) => ({ data: await admitted(config, db, user) }) } },
      account: {
        create: { before: async (account) => ({ data: { ...account, ...noTokens } }) },
        update: { before: async (account) => ({ data: { ...account, ...noTokens } }) },
      },
    } satisfies BetterAuthOptions['databaseHooks'],
  }
}

/** The library's sign-in by GitHub and by an OpenID provider. */
export function signInPlugin(config: AuthConfig) {
  const github = gitHub(config)
  const openId = openIdProvider(config)
  const atStart = genericOAuth({ config: github ? [github] : [] })
  return {
    ...genericOAuth({ config: [github, openId].filter((one) => one !== null) }),
    // What is to be discovered is asked when somebody first wants it, as the library does after a failure: at the start
    // it would wait for a provider that is slow, and nobody could sign in by other ways.
    init: async (ctx: Parameters<typeof atStart.init>[0]) => {
      const { context } = await atStart.init(ctx)
      const genericOAuthPendingDiscovery = new Map(openId ? [[openId.providerId, openId]] : [])
      return { context: { ...context, genericOAuthPendingDiscovery } }
    },
  }
}

/** Single sign-on by OpenID Connect: discovery, PKCE, state, nonce and a verified id token. */
function openIdProvider(config: AuthConfig): GenericOAuthConfig<'oidc'> | null {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME } = config
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID || !OIDC_CLIENT_SECRET) return null
  return {
    providerId: 'oidc',
    name: OIDC_NAME,
    discoveryUrl: `${OIDC_ISSUER}/.well-known/openid-configuration`,
    clientId: OIDC_CLIENT_ID,
    clientSecret: OIDC_CLIENT_SECRET,
    scopes: ['openid', 'email', 'profile'],
    pkce: true,
    requireIdTokenVerification: true,
  }
}

/** We ask providers who somebody is and for nothing else: what they give us for later is not kept. */
const noTokens = {
  accessToken: null,
  refreshToken: null,
  idToken: null,
  accessTokenExpiresAt: null,
  refreshTokenExpiresAt: null,
}

interface NewPerson extends Record<string, unknown> {
  name: string
  email: string
  emailVerified: boolean
}

/**
 * A new person from a provider, by the rules of signing up: those that SIGN_UP sets, and where mails are sent, only with
 * a confirmed address. Only the library makes people this way; other sign-ups make them themselves.
 * @throws APIError with the key of a problem as its code
 */
async function admitted<P extends NewPerson>(config: AuthConfig, db: PrismaClient, person: P): Promise<P> {
  const address = email.safeParse(person.email)
  if (!address.success) throw refusal(new Problem('invalid-input', 'The provider gave no address that can be used.'))
  if (config.SMTP_URL && !person.emailVerified) throw refusal(new Problem('email-unverified'))
  const { invitation } = ((await getOAuthState()) ?? {}) as { invitation?: unknown }
  try {
    const pass = await passToEnter({ config, db }, typeof invitation === 'string' ? invitation : undefined)
    if (pass !== null) await useSignUpPass(db, pass)
  } catch (error) {
    throw error instanceof Problem ? refusal(error) : error
  }
  const name = personName.safeParse(person.name.slice(0, 80))
  // Pictures elsewhere would tell the provider who looks at them.
  return { ...person, name: name.success ? name.data : (address.data.split('@')[0] ?? ''), image: null }
}

function refusal(problem: Problem): APIError {
  return new APIError('FORBIDDEN', { code: problem.key, message: problem.message })
}
