import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const script = `
import { startGateway, startOutside } from ${JSON.stringify(fileURLToPath(new URL('./testing.ts', import.meta.url)))}
const part = await startOutside('any')
const gateway = await startGateway({ LOG_LEVEL: 'debug', DOCUMENT_URL: part.url, WEB_URL: part.url })
const headers = { authorization: 'Bearer SECRET-token', cookie: 'session=SECRET' }
await fetch(gateway.url + '/documents/abc?token=SECRET', { headers })
await fetch(gateway.url + '/join/SECRET-and-long-enough?token=SECRET', { headers })
await fetch(gateway.url + '/orgs/1?token=SECRET', { headers })
await fetch(gateway.url + '/socket.io/?token=SECRET', { headers })
await gateway.stop()
await part.stop()
`

test('a request is one line with its upstream and request id, and no line has a token or a query', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    script,
  ])
  expect(stdout).not.toContain('SECRET')
  const lines = stdout
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line))
  const requests = lines.filter(({ msg }) => msg === 'request')
  expect(requests.map(({ path, upstream, status }) => [path, upstream, status])).toEqual([
    ['/documents/abc', 'document', 200],
    ['/join/[hidden]', 'web', 200],
    ['/orgs/1', 'organization', 503],
    ['/socket.io/', 'collaboration', 503],
  ])
  for (const request of requests) expect(request.requestId).toMatch(/^[0-9a-f-]{36}$/)
})
