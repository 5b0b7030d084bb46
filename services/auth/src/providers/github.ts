import { Problem } from '@realtime/contracts'
import type { GenericOAuthConfig } from 'better-auth/plugins/generic-oauth'
import { z } from 'zod'
import type { AuthConfig } from '../config.ts'

/** How long one answer of GitHub's API is waited for, in milliseconds. */
const ANSWER_MS = 5_000

const profile = z.object({
  id: z.number().int(),
  login: z.string(),
  name: z.string().nullish(),
  email: z.string().nullish(),
})
const addresses = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }))

/**
 * GitHub, or a GitHub Enterprise of one's own (`GITHUB_URL`), which differ in where they are alone: so the library's own
 * GitHub, whose addresses are fixed, is not used. Null where it is not set up.
 */
export function gitHub(config: AuthConfig): GenericOAuthConfig<'github'> | null {
  const { GITHUB_CLIENT_ID: clientId, GITHUB_CLIENT_SECRET: clientSecret, GITHUB_URL: url } = config
  if (!clientId || !clientSecret) return null
  return {
    providerId: 'github',
    name: 'GitHub',
    clientId,
    clientSecret,
    authorizationUrl: `${url}/login/oauth/authorize`,
    tokenUrl: `${url}/login/oauth/access_token`,
    scopes: ['read:user', 'user:email'],
    pkce: true,
    // Names change hands at GitHub; this number does not.
    accountSubject: ({ profile }) => String(profile.id),
    getUserInfo: ({ accessToken }) => (accessToken ? whoIs(apiOf(url), accessToken) : Promise.resolve(null)),
  }
}

/** Where the API of a GitHub answers: beside github.com and ghe.com, and below a server of one's own. */
export function apiOf(url: string): string {
  const { protocol, host } = new URL(url)
  return host === 'github.com' || host.endsWith('.ghe.com') ? `${protocol}//api.${host}` : `${url}/api/v3`
}

/**
 * Whose token it is, with their primary address, which is in no profile where it is not public.
 * @throws Problem `unavailable` where GitHub does not answer
 */
async function whoIs(api: string, token: string) {
  const [who, mails] = await Promise.all([
    ask(`${api}/user`, token, profile),
    // An app may be let see people and not their addresses.
    ask(`${api}/user/emails`, token, addresses, []),
  ])
  const { id, login, name, email } = who
  const address = mails.find(({ primary }) => primary) ?? mails.find((one) => one.email === email)
  return {
    id,
    name: name || login,
    email: address?.email ?? email ?? '',
    emailVerified: address?.verified ?? false,
  }
}

/** Asks GitHub something; what it does not show is `hidden`, where that is given. */
async function ask<T>(url: string, token: string, answer: z.ZodType<T>, hidden?: T): Promise<T> {
  const response = await fetch(url, {
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.github+json',
      // GitHub answers nobody without one.
      'user-agent': 'Realtime-Collaborator',
    },
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch((cause: unknown) => {
    throw new Problem('unavailable', 'GitHub did not answer.', { cause })
  })
  if (hidden !== undefined && (response.status === 403 || response.status === 404)) return hidden
  if (!response.ok) throw new Problem('unavailable', `GitHub answered ${response.status}.`)
  return answer.parse(await response.json())
}
