import type { Running } from '@realtime/kit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkTarget } from './paths.ts'
import { type Outside, raw, rawGet, startGateway, startOutside } from './testing.ts'

let service: Outside
let gateway: Running
beforeAll(async () => {
  service = await startOutside('service')
  const { url } = service
  gateway = await startGateway({
    AUTH_URL: url,
    ORGANIZATION_URL: url,
    DOCUMENT_URL: url,
    COLLABORATION_URL: url,
    AI_URL: url,
    WEB_URL: url,
  })
})
afterAll(async () => {
  await gateway.stop()
  await service.stop()
})

const refused = {
  'dot segments': '/documents/../internal/changes',
  'a dot segment at the end': '/documents/..',
  'a single dot': '/documents/./x',
  'dots with a parameter': '/documents/..;/internal',
  'encoded dots': '/documents/%2e%2e/internal',
  'encoded dots in capitals': '/documents/%2E%2E/internal',
  'half encoded dots': '/documents/.%2e/internal',
  'the other half': '/documents/%2E./internal',
  'an encoded slash': '/documents/..%2finternal',
  'an encoded slash in capitals': '/documents/a%2Fb',
  'an encoded backslash': '/documents/..%5cinternal',
  'an encoded backslash in capitals': '/documents/%5C',
  'a backslash': '/documents\\..\\internal',
  'two slashes': '//internal/changes',
  'two slashes inside': '/documents//internal',
  'doubly encoded dots': '/documents/%252e%252e/internal',
  'a doubly encoded slash': '/documents/%252finternal',
  'a doubly encoded backslash': '/documents/%255Cinternal',
  'triply encoded dots': '/documents/%25252e%25252e/internal',
  'endless encoding': `/documents/%${'25'.repeat(12)}41`,
  'an encoded NUL': '/documents/%00',
  'an encoded control character': '/documents/a%0d%0ax',
  'a doubly encoded control character': '/documents/%2500',
  'an encoded DEL': '/documents/%7f',
  'half an escape': '/documents/%4',
  'a wrong escape': '/documents/%zz',
  'an overlong encoding of a dot': '/documents/%c0%ae%c0%ae/internal',
  'an absolute URL': 'http://127.0.0.1/internal/changes',
  'an absolute URL of another host': 'https://example.com/',
  'an absolute URL that cannot be parsed': 'http://[/',
  'a fragment': '/documents/#/../internal',
}

describe('refused before anything else', () => {
  for (const [name, target] of Object.entries(refused)) {
    test(`${name}: ${target}`, async () => {
      const before = service.requests.length
      const answer = await rawGet(gateway.url, target)
      expect(answer.status).toBe(400)
      expect(answer.head.toLowerCase()).toContain('application/problem+json')
      expect(JSON.parse(answer.body)).toMatchObject({ type: '/problems/invalid-path', status: 400 })
      const socket = target.replace(/^\/documents/, '/socket.io')
      const upgrade = await raw(
        gateway.url,
        `GET ${socket} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      )
      expect(upgrade.status).toBe(400)
      expect(JSON.parse(upgrade.body)).toMatchObject({ type: '/problems/invalid-path' })
      expect(service.requests.length).toBe(before)
    })
  }

  test.each(['/documents/\u0000', '/documents/\u0007x'])('a control character as it is: %j', async (target) => {
    const answer = await rawGet(gateway.url, target)
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body)).toMatchObject({ type: '/problems/invalid-path' })
  })

  test('the form that OPTIONS alone has', async () => {
    const answer = await raw(gateway.url, 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    expect(answer.status).toBe(400)
  })

  test('what is not HTTP', async () => {
    expect((await raw(gateway.url, 'hello\r\n\r\n')).status).toBe(400)
  })
})

test.each(['/', '/documents/a%20b', '/documents/100%25', '/a.b/..c/%E2%9C%93?x=../%2f//', '/documents/%41'])(
  'lets %s through as it was sent',
  async (target) => {
    expect(() => checkTarget(target)).not.toThrow()
    const answer = await rawGet(gateway.url, target)
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body).url).toBe(target)
  },
)
