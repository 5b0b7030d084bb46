import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type RevocationList, revocationHash, revocationList } from './revocations.ts'
import { eventually } from './testing.ts'

// An auth that answers as it is told to, also as none should.
let server: Server | undefined
let list: RevocationList | undefined
let asked: string[] = []
let answer: { revoked: string[]; tag: string } | null = { revoked: [], tag: 'none' }

async function startAuth(port = 0): Promise<number> {
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.setHeader('content-type', 'application/json')
    response.end(answer ? JSON.stringify(answer) : 'nothing')
  })
  await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

async function stopAuth(): Promise<void> {
  server?.closeAllConnections()
  await new Promise((resolve) => server?.close(resolve))
}

afterEach(async () => {
  list?.stop()
  await stopAuth()
  asked = []
})

test('the last list stays in force while auth is away or answers nonsense, and the next one follows its return', async () => {
  answer = { revoked: [revocationHash('one')], tag: 'first' }
  const port = await startAuth()
  list = revocationList(`http://127.0.0.1:${port}`)
  let heard = 0
  list.onRevoked(() => heard++)
  await eventually(() => list?.has('one'))
  expect([heard, list.has('two')]).toEqual([1, false])

  answer = null
  const before = asked.length
  await eventually(() => asked.length > before + 1)
  expect(list.has('one')).toBe(true)
  await stopAuth()
  expect(list.has('one')).toBe(true)

  answer = { revoked: [revocationHash('one'), revocationHash('two')], tag: 'second' }
  await startAuth(port)
  await eventually(() => list?.has('two'))
  expect([heard, list.has('one')]).toEqual([2, true])
  // What is published no more needs no listener.
  answer = { revoked: [revocationHash('two')], tag: 'third' }
  await eventually(() => !list?.has('one'))
  expect(heard).toBe(2)
})

test('it asks for another list than the one it knows, and never without a pause for the same', async () => {
  answer = { revoked: [], tag: 'same' }
  const port = await startAuth()
  const began = performance.now()
  list = revocationList(`http://127.0.0.1:${port}`)
  await eventually(() => asked.length >= 4)
  // This auth does not wait: three times the same are two pauses at least.
  expect(performance.now() - began).toBeGreaterThan(750)
  expect(asked.slice(0, 2)).toEqual(['/auth/revocations?wait=0', '/auth/revocations?known=same&wait=2'])
})
