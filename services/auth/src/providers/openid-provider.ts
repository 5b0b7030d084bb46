import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** Somebody with an account at the provider, in claims of OpenID Connect. */
export interface Claims {
  sub: string
  email?: string
  email_verified?: boolean
  name?: string
  picture?: string
}

/** A small OpenID provider for tests: discovery, keys, the code flow with PKCE, and signed id tokens. */
export interface OpenIdProvider {
  issuer: string
  clientId: string
  clientSecret: string
  /** What a browser does that goes to `url` and agrees as this person: answers where it is sent back to. */
  agree(url: string, claims: Claims): URL
  /** What it does instead: refuses. */
  refuse(url: string): URL
  /** Answers no code until what this answers is called. */
  hold(): () => void
  /** Overrides parts of the next id token, or signs it with a key that is not published. */
  forgeNext(forged: { claims?: Record<string, unknown>; foreignKey?: boolean }): void
  stop(): Promise<void>
}

interface Grant {
  claims: Claims
  nonce: string | null
  challenge: string
  redirectUri: string
}

/** Starts one on `port` of loopback, or on a free one. */
export async function startOpenIdProvider(port = 0): Promise<OpenIdProvider> {
  const own = await generateKeyPair('ES256')
  const other = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }
  const clientId = 'collaborator'
  const clientSecret = 'a secret of the client'
  const grants = new Map<string, Grant>()
  let held: Promise<void> = Promise.resolve()
  let forged: Parameters<OpenIdProvider['forgeNext']>[0] = {}

  async function idToken({ claims, nonce }: Grant): Promise<string> {
    const payload = {
      ...claims,
      ...(nonce ? { nonce } : {}),
      iss: issuer,
      aud: clientId,
      exp: Math.floor(Date.now() / 1000) + 300,
      ...forged.claims,
    }
    const key = forged.foreignKey ? other.privateKey : own.privateKey
    forged = {}
    const token = new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'one' }).setIssuedAt()
    return token.sign(key)
  }

  async function exchange(request: IncomingMessage): Promise<[status: number, body: object]> {
    const form = new URLSearchParams(await textOf(request))
    await held
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
    const byForm = form.get('client_id') === clientId && form.get('client_secret') === clientSecret
    if (!byForm && request.headers.authorization !== `Basic ${basic}`) return [401, { error: 'invalid_client' }]
    const grant = grants.get(form.get('code') ?? '')
    grants.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!grant || grant.redirectUri !== form.get('redirect_uri') || grant.challenge !== challenge) {
      return [400, { error: 'invalid_grant' }]
    }
    const token = { access_token: randomBytes(16).toString('hex'), token_type: 'Bearer', expires_in: 300 }
    return [200, { ...token, id_token: await idToken(grant) }]
  }

  const server = createServer((request, response) => {
    const send = ([status, body]: [number, object]) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const { pathname } = new URL(request.url ?? '', 'http://localhost')
    if (pathname === '/.well-known/openid-configuration') {
      return void send([
        200,
        {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/keys`,
          id_token_signing_alg_values_supported: ['ES256'],
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
        },
      ])
    }
    if (pathname === '/keys') return void send([200, { keys: [jwk] }])
    if (pathname === '/token' && request.method === 'POST') {
      return void exchange(request).then(send, () => send([500, {}]))
    }
    send([404, {}])
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  /** What the provider checks of a request before it asks anybody. */
  function asked(url: string) {
    const { origin, pathname, searchParams } = new URL(url)
    const said = Object.fromEntries(searchParams)
    if (origin + pathname !== `${issuer}/authorize` || said.client_id !== clientId || said.response_type !== 'code') {
      throw new Error(`the provider refuses ${url}`)
    }
    if (said.code_challenge_method !== 'S256' || !said.code_challenge || !said.state || !said.redirect_uri) {
      throw new Error('the provider needs PKCE, a state and a redirect_uri')
    }
    if (!said.scope?.split(' ').includes('openid')) throw new Error('the provider needs the scope openid')
    const { redirect_uri: redirectUri, state, code_challenge: challenge, nonce = null } = said
    return { redirectUri, state, challenge, nonce }
  }

  return {
    issuer,
    clientId,
    clientSecret,
    agree(url, claims) {
      const { redirectUri, state, challenge, nonce } = asked(url)
      const code = randomBytes(16).toString('hex')
      grants.set(code, { claims, nonce, challenge, redirectUri })
      return new URL(`${redirectUri}?${new URLSearchParams({ code, state })}`)
    },
    refuse(url) {
      const { redirectUri, state } = asked(url)
      return new URL(`${redirectUri}?${new URLSearchParams({ error: 'access_denied', state })}`)
    },
    hold() {
      let release = () => {}
      held = new Promise((resolve) => {
        release = resolve
      })
      return () => release()
    },
    forgeNext(next) {
      forged = next
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}
