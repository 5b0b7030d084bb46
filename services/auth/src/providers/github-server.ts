import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Somebody with an account at GitHub. */
export interface GitHubPerson {
  id: number
  login: string
  name: string | null
  /** The address on their profile. */
  email: string | null
  emails: { email: string; primary: boolean; verified: boolean }[]
}

/** A GitHub Enterprise Server, as far as people sign in by it. For tests. */
export interface GitHubServer {
  url: string
  clientId: string
  clientSecret: string
  /** What a browser does that goes to `url` and agrees as this person: answers where it is sent back to. */
  agree(url: string, person: GitHubPerson): URL
  /** What it answers who asks for addresses; it begins with 200. */
  answerAddresses(status: 200 | 403 | 404 | 502): void
  stop(): Promise<void>
}

/** Starts one on a free port of loopback. */
export async function startGitHub(): Promise<GitHubServer> {
  const clientId = 'Iv1.collaborator'
  const clientSecret = 'a secret of the app'
  const grants = new Map<string, { person: GitHubPerson; challenge: string; redirectUri: string }>()
  const tokens = new Map<string, GitHubPerson>()
  let addresses = 200

  async function exchange(request: IncomingMessage): Promise<object> {
    let text = ''
    for await (const chunk of request) text += chunk
    const form = new URLSearchParams(text)
    // Wrong codes are answered with 200 there.
    const wrong = (error: string) => ({ error, error_description: error })
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret) {
      return wrong('incorrect_client_credentials')
    }
    const code = form.get('code') ?? ''
    const grant = grants.get(code)
    grants.delete(code)
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!grant || grant.challenge !== challenge) return wrong('bad_verification_code')
    if (grant.redirectUri !== form.get('redirect_uri')) return wrong('redirect_uri_mismatch')
    const token = `gho_${randomBytes(18).toString('hex')}`
    tokens.set(token, grant.person)
    return { access_token: token, scope: 'read:user,user:email', token_type: 'bearer' }
  }

  const server = createServer((request, response) => {
    const send = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
    const { pathname } = new URL(request.url ?? '', 'http://localhost')
    if (pathname === '/login/oauth/access_token' && request.method === 'POST') {
      if (request.headers.accept !== 'application/json') return void send(200, 'error=form-encoded')
      return void exchange(request).then(
        (body) => send(200, body),
        () => send(500, {}),
      )
    }
    const person = tokens.get(request.headers.authorization?.replace('Bearer ', '') ?? '')
    if (!request.headers['user-agent']) return void send(403, { message: 'Request forbidden by administrative rules.' })
    if (!person) return void send(401, { message: 'Bad credentials' })
    const { emails, ...profile } = person
    if (pathname === '/api/v3/user') return void send(200, { ...profile, avatar_url: `${url}/avatars/${profile.id}` })
    if (pathname === '/api/v3/user/emails' && addresses === 200) return void send(200, emails)
    const status = pathname === '/api/v3/user/emails' ? addresses : 404
    send(status, { message: 'Resource not accessible by integration' })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url,
    clientId,
    clientSecret,
    agree(to, person) {
      const { origin, pathname, searchParams } = new URL(to)
      const { redirect_uri: redirectUri, state, code_challenge: challenge, ...said } = Object.fromEntries(searchParams)
      if (origin + pathname !== `${url}/login/oauth/authorize` || said.client_id !== clientId) {
        throw new Error(`GitHub refuses ${to}`)
      }
      if (said.code_challenge_method !== 'S256' || !challenge || !state || !redirectUri) {
        throw new Error('PKCE, a state and a redirect_uri are needed')
      }
      const code = randomBytes(10).toString('hex')
      grants.set(code, { person, challenge, redirectUri })
      return new URL(`${redirectUri}?${new URLSearchParams({ code, state })}`)
    },
    answerAddresses(status) {
      addresses = status
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
