import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { choosePorts, explainPort, tryPort } from './ports.ts'

test('chosen ports are free, different, and below the range of outgoing connections', async () => {
  const ports = Object.values(await choosePorts(['A', 'B', 'C'] as const))
  expect(new Set(ports).size).toBe(3)
  for (const port of ports) {
    expect(port).toBeLessThan(32_768)
    expect(await tryPort('127.0.0.1', port)).toBeNull()
  }
})

test('a port in use is told with what holds it', async () => {
  const server = createServer()
  const { A: port } = await choosePorts(['A'] as const)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const line = await explainPort('127.0.0.1', port)
  expect(line).toContain(`Port ${port} is in use`)
  if (process.platform === 'linux') expect(line).toContain(`(process ${process.pid})`)
  server.close()
})

test('a host of another machine is told', async () => {
  expect(await explainPort('192.0.2.1', 3000)).toContain('no address of this machine')
})
