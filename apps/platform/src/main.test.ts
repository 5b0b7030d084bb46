import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '@realtime/kit/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { identityOf } from './supervisor/identity.ts'
import { choosePorts } from './supervisor/ports.ts'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))
const node = ['--import', import.meta.resolve('tsx')]
// Each test starts whole processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

let folder: string
let supervisor: ChildProcess | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'main-'))
})
afterEach(() => {
  supervisor?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Runs main.ts on these variables alone until it ends by itself. */
function run(names: string[], env: Record<string, string> = {}): Promise<{ status: number | null; stderr: string }> {
  const child = spawn(process.execPath, [...node, main, ...names], { env: { PATH: process.env.PATH, ...env } })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, stderr })))
}

/** The environment of a collaboration service, which needs no database to stand. */
async function collaboration(): Promise<{ env: Record<string, string>; readyUrl: string }> {
  const ports = await choosePorts(['PUBLIC', 'INTERNAL'] as const)
  return {
    readyUrl: `http://127.0.0.1:${ports.INTERNAL}/health`,
    env: {
      COLLABORATION_LISTEN: `127.0.0.1:${ports.PUBLIC}`,
      COLLABORATION_INTERNAL_LISTEN: `127.0.0.1:${ports.INTERNAL}`,
      PUBLIC_URL: 'http://localhost:3000',
      AUTH_URL: 'http://127.0.0.1:9',
      DOCUMENT_INTERNAL_URL: 'http://127.0.0.1:9',
      DOCUMENT_SERVICE_SECRET: 'a secret of document that is long enough',
    },
  }
}

test('services without their variables name every one of them, together', async () => {
  const { status, stderr } = await run(['collaboration', 'gateway'])
  expect(status).toBe(78)
  for (const name of ['COLLABORATION_LISTEN', 'DOCUMENT_SERVICE_SECRET', 'GATEWAY_LISTEN', 'WEB_URL']) {
    expect(stderr).toContain(`${name}: is not set`)
  }
  expect(stderr.match(/PUBLIC_URL: is not set/g)).toHaveLength(1)
  expect(stderr).not.toContain('    at ')
})

test('a name that no part has is told with those there are', async () => {
  const { status, stderr } = await run(['auth', 'autth'])
  expect(status).toBe(64)
  expect(stderr).toMatch(/^No part is called autth\. There are: auth, organization, .*\n$/)
})

test('an address in use is a line', async () => {
  const { env } = await collaboration()
  const server = createServer()
  await new Promise<void>((resolve) =>
    server.listen(Number(env.COLLABORATION_LISTEN?.split(':')[1]), '127.0.0.1', resolve),
  )
  const { status, stderr } = await run(['collaboration'], env)
  server.close()
  expect(status).toBe(1)
  expect(stderr).toBe(`The address ${env.COLLABORATION_LISTEN} is in use already.\n`)
})

test('a service leaves when its supervisor is killed', async () => {
  const { env, readyUrl } = await collaboration()
  const parent = join(folder, 'parent.cjs')
  const arguments_ = JSON.stringify([...node, main, 'collaboration'])
  writeFileSync(
    parent,
    `const child = require('node:child_process').spawn(process.execPath, ${arguments_}, {
       env: process.env, detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
     console.log(child.pid)
     setInterval(() => {}, 1000)`,
  )
  const started = spawn(process.execPath, [parent], { env: { PATH: process.env.PATH, ...env } })
  supervisor = started
  const pid = Number(await new Promise((resolve) => started.stdout.once('data', resolve)))
  await eventually(async () => (await fetch(readyUrl)).ok, 30_000)
  started.kill('SIGKILL')
  await eventually(() => identityOf(pid) === null)
})

test('a port in use is one line, and nothing is started', async () => {
  const { A: port } = await choosePorts(['A'] as const)
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { status, stderr } = await run([], { PORT: String(port), DATA_DIR: join(folder, 'data') })
  server.close()
  expect(status).toBe(1)
  expect(stderr).toMatch(new RegExp(`^Port ${port} is in use.*\\n$`))
  expect(readdirSync(join(folder, 'data'))).toEqual([])
})

test('wrong settings and missing secrets are told before anything starts', async () => {
  const wrong = await run([], { PORT: 'eighty', DATA_DIR: join(folder, 'data') })
  expect(wrong).toMatchObject({ status: 1, stderr: expect.stringContaining('PORT: ') })
  const database = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none', DATA_DIR: join(folder, 'data') }
  const { A: port } = await choosePorts(['A'] as const)
  const external = await run([], { ...database, PORT: String(port) })
  expect(external.status).toBe(1)
  expect(external.stderr).toContain('Missing: AUTH_SECRET, SETUP_TOKEN, AUTH_SERVICE_SECRET')
})
