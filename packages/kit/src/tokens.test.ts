import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Authority, eventually, startAuthority } from './testing.ts'
import { bearerToken, serviceTokens, signServiceToken, type UserTokens, userTokens } from './tokens.ts'

const publicUrl = 'http://localhost:3000'
let authority: Authority
let tokens: UserTokens

beforeAll(async () => {
  authority = await startAuthority(publicUrl)
  tokens = userTokens({ authUrl: authority.url, publicUrl })
})
afterAll(async () => {
  tokens.stop()
  await authority.stop()
})

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const refused = (promise: Promise<unknown>, key = 'unauthenticated') =>
  expect(promise).rejects.toMatchObject({ name: 'Problem', key })

describe('user tokens', () => {
  test('tell who acts', async () => {
    const user = await tokens.verify(await authority.token('ada'))
    expect(user).toMatchObject({ actor: { type: 'user', id: 'ada', sessionId: 'session-ada' } })
    expect(user.expiresAt - Date.now()).toBeGreaterThan(590_000)
    const key = await authority.token('ada', { claims: { act: 'key', sid: 'k1', scope: 'read write' } })
    expect((await tokens.verify(key)).actor).toEqual({
      type: 'key',
      id: 'k1',
      userId: 'ada',
      scopes: ['read', 'write'],
    })
    const claims = { act: 'link', sid: 'l1', scope: 'document:d1', name: 'Curious Otter' }
    const link = await tokens.verify(await authority.token('v1', { claims }))
    expect(link.actor).toEqual({ type: 'link', id: 'v1', linkId: 'l1', documentId: 'd1', name: 'Curious Otter' })
    const nameless = await authority.token('v1', { claims: { ...claims, name: undefined } })
    expect((await tokens.verify(nameless)).actor).toMatchObject({ type: 'link', name: '' })
  })

  test.each<[string, () => Promise<string>]>([
    ['expired', () => authority.token('ada', { seconds: -1 })],
    ['signed with an unknown key', () => authority.token('ada', { foreign: true })],
    ['garbage', async () => 'garbage'],
    ['empty', async () => ''],
    ['of an actor nobody knows', () => authority.token('ada', { claims: { act: 'service' } })],
    ['of a person with an odd id', () => authority.token('../ada')],
    ['without a session', () => authority.token('ada', { claims: { sid: undefined } })],
    ['of a link to no document', () => authority.token('l1', { claims: { act: 'link', scope: 'read' } })],
    [
      'changed',
      async () => {
        const [head, , signature] = (await authority.token('ada')).split('.')
        const claims = { sub: 'eve', act: 'user', sid: 's', iss: publicUrl, aud: publicUrl, exp: 9_999_999_999 }
        return `${head}.${encode(claims)}.${signature}`
      },
    ],
    ['signed by nobody', async () => `${encode({ alg: 'none' })}.${(await authority.token('ada')).split('.')[1]}.`],
    [
      'signed with the public key as a secret',
      async () => {
        const { keys } = (await (await fetch(`${authority.url}/auth/jwks`)).json()) as { keys: { x: string }[] }
        return new SignJWT({ act: 'user', sid: 's' })
          .setProtectedHeader({ alg: 'HS256', kid: 'test' })
          .setSubject('ada')
          .setIssuer(publicUrl)
          .setAudience(publicUrl)
          .setExpirationTime('10m')
          .sign(Buffer.from(keys[0]?.x ?? '', 'base64url'))
      },
    ],
    ['a service token', () => signServiceToken('document', publicUrl, 's'.repeat(32))],
  ])('that are %s are refused', async (_name, token) => {
    await refused(tokens.verify(await token()))
  })

  test('of another issuer, or for another audience, are refused', async () => {
    const elsewhere = userTokens({ authUrl: authority.url, publicUrl: 'https://elsewhere.example' })
    await refused(elsewhere.verify(await authority.token('ada')))
    elsewhere.stop()
    const { privateKey } = generateKeyPairSync('ed25519')
    const claims = new SignJWT({ act: 'user', sid: 's' }).setProtectedHeader({ alg: 'EdDSA', kid: 'other' })
    const token = await claims
      .setSubject('ada')
      .setIssuer(publicUrl)
      .setAudience('x')
      .setExpirationTime('1m')
      .sign(privateKey)
    await refused(tokens.verify(token))
  })

  test('of an ended session are refused at once, and whoever listens hears of it', async () => {
    const token = await authority.token('bob')
    expect((await tokens.verify(token)).sessionId).toBe('session-bob')
    const heard: boolean[][] = []
    const names = ['session-bob', 'session-ada']
    const stop = tokens.onRevoked((isRevoked) => void heard.push(names.map(isRevoked)))
    authority.revoke('session-bob')
    await eventually(() => tokens.isRevoked('session-bob'), 500)
    expect(heard).toEqual([[true, false]])
    stop()
    authority.revoke('session-carl')
    await eventually(() => tokens.isRevoked('session-carl'), 500)
    expect(heard).toHaveLength(1)
    await refused(tokens.verify(token))
    expect(tokens.isRevoked('session-ada')).toBe(false)
  })

  test.each([
    ['is away', null],
    ['fails', [500, '']],
    ['answers no JSON', [200, '<h1>hello</h1>']],
    ['answers no keys', [200, '{"revoked":[]}']],
  ] as const)('cannot be judged while auth %s', async (_name, answer) => {
    const server = createServer((_request, response) => void response.writeHead(answer?.[0] ?? 500).end(answer?.[1]))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    if (!answer) await new Promise((resolve) => server.close(resolve))
    const lost = userTokens({ authUrl: `http://127.0.0.1:${port}`, publicUrl })
    await refused(lost.verify(await authority.token('ada')), 'unavailable')
    lost.stop()
    server.closeAllConnections()
    server.close()
  })
})

describe('service tokens', () => {
  const secret = 's'.repeat(32)
  const callerOf = serviceTokens({ name: 'document', secret })

  test('name the caller', async () => {
    expect(await callerOf(await signServiceToken('collaboration', 'document', secret))).toBe('collaboration')
  })

  test('are refused for another service, with another secret, and from people', async () => {
    const token = await signServiceToken('collaboration', 'document', secret)
    expect(await callerOf(token)).toBe('collaboration')
    await refused(serviceTokens({ name: 'auth', secret })(token))
    await refused(serviceTokens({ name: 'document', secret: 't'.repeat(32) })(token))
    await refused(callerOf(await authority.token('ada')))
    await refused(callerOf('garbage'))
    const [head, claims, signature = ''] = token.split('.')
    await refused(callerOf(`${head}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`))
  })

  test('are refused after a minute, whatever they say of themselves', async () => {
    const token = await signServiceToken('collaboration', 'document', secret)
    const signed = (issuedAt: number) =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'HS256', typ: 'service+jwt' })
        .setIssuer('collaboration')
        .setAudience('document')
        .setJti('j')
        .setIssuedAt(issuedAt)
        .setExpirationTime('1h')
        .sign(new TextEncoder().encode(secret))
    const now = Math.floor(Date.now() / 1000)
    await refused(callerOf(await signed(now - 61)))
    const long = await signed(now)
    // Both are remembered from here on.
    for (const one of [token, long]) expect(await callerOf(one)).toBe('collaboration')
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ['Date'] })
    try {
      for (const one of [token, long]) await refused(callerOf(one))
    } finally {
      vi.useRealTimers()
    }
  })
})

test('a bearer token is read from its header only', () => {
  expect(bearerToken('Bearer a.b-c_d')).toBe('a.b-c_d')
  for (const header of [undefined, '', 'Bearer', 'Bearer ', 'Basic abc', 'bearer a', 'Bearer a b']) {
    expect(() => bearerToken(header)).toThrow(expect.objectContaining({ key: 'unauthenticated' }))
  }
})
