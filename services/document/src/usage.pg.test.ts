import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLog } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Bench, startBench } from './testing.ts'
import { usageReports } from './usage.ts'

let bench: Bench
beforeAll(async () => {
  bench = await startBench()
}, 30_000)
afterAll(() => bench?.stop())

/** Stands for the organization service: fails as often as told, then takes what it is given. */
async function listener(failures: number) {
  const taken: { path: string; storageBytes: number; measuredAt: string }[] = []
  let asked = 0
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk
    })
    request.on('end', () => {
      const away = ++asked <= failures
      if (!away) taken.push({ path: request.url ?? '', ...JSON.parse(body) })
      response.writeHead(away ? 503 : 204).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { taken, baseUrl, asked: () => asked, stop: () => server.close() }
}

async function store(organization: string, resource: string, file: string, size: number): Promise<void> {
  await bench.sql('INSERT INTO files (id, type, size) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [file, 'x', size])
  await bench.sql(`INSERT INTO resource_files VALUES ($1, $2, $3, 'user:ada')`, [resource, file, organization])
}

it('what is stored is told again until it is heard, and many changes as one', async () => {
  const organization = await listener(2)
  const options = { pool: bench.ctx.pool, log: createLog('test', 'silent'), delayMs: 20, retryMs: 20 }
  const usage = usageReports({ ...options, caller: { baseUrl: organization.baseUrl } })
  await store('acme', 'a', 'one', 3_000_000_000 - 2 ** 31)
  await store('acme', 'b', 'one', 0)
  await store('acme', 'b', 'two', 2 ** 31 - 1)
  for (let time = 0; time < 5; time++) usage.changed('acme')
  await eventually(() => organization.taken.length > 0)
  // Each file once, beyond 32 bits.
  expect(organization.taken).toMatchObject([{ path: '/internal/usage/acme', storageBytes: 2_999_999_999 }])
  expect(organization.asked()).toBe(3)
  await store('other', 'c', 'two', 0)
  await usage.reconcile()
  await eventually(() => organization.taken.length === 3)
  const [, ...again] = organization.taken
  expect(again.map((one) => one.path).sort()).toEqual(['/internal/usage/acme', '/internal/usage/other'])
  await usage.stop()
  organization.stop()
})
