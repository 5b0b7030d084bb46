import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@realtime/kit/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PartSpec } from './child.ts'
import { identityOf } from './identity.ts'
import { createPart, type Part } from './part.ts'
import { choosePorts } from './ports.ts'

let folder: string
let lines: string[]
const parts: Part[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'part-'))
  lines = []
})
afterEach(async () => {
  for (const part of parts.splice(0)) await part.stop(500)
  rmSync(folder, { recursive: true, force: true })
})

/** A small real server that answers `/ready` and ends with its supervisor. */
const server = `
  require('node:http').createServer((_, response) => response.end('ready')).listen(process.env.PORT, '127.0.0.1')
  process.on('SIGTERM', () => process.exit(0))
  process.on('disconnect', () => process.exit(0))
  setTimeout(() => console.log(JSON.stringify({ level: 40, msg: 'mind the gap' })), 400)
`

async function part(code: string, more: Partial<PartSpec> = {}): Promise<Part> {
  const { A: port } = await choosePorts(['A'] as const)
  const screen = {
    state: (...words: unknown[]) => void lines.push(words.slice(0, 3).join(' ')),
    warn: (name: string, text: string) => void lines.push(`warn ${name} ${text}`),
    line: (text: string) => void lines.push(text.trim()),
    address: () => undefined,
    busy: () => undefined,
  }
  const spec: PartSpec = {
    name: 'small',
    command: process.execPath,
    args: ['-e', code],
    env: { PORT: String(port), SECRET: 'own' },
    cwd: folder,
    lifeline: 'ipc',
    readyUrl: `http://127.0.0.1:${port}/ready`,
    ...more,
  }
  const made = createPart(spec, { runDir: join(folder, 'run'), logDir: join(folder, 'logs'), screen })
  parts.push(made)
  return made
}

test('a part that is killed comes back at the same address, and its warnings are seen', async () => {
  const small = await part(server)
  small.start()
  expect(await small.untilReady(5_000)).toBe(true)
  await eventually(() => small.complaint === 'mind the gap')
  const first = small.pid ?? 0
  expect(JSON.parse(readFileSync(join(folder, 'run/small.json'), 'utf8'))).toMatchObject({ pid: first })
  process.kill(first, 'SIGKILL')
  await eventually(() => small.ready && small.pid !== first)
  expect(lines).toEqual([
    'small ready ',
    'warn small mind the gap',
    'small stopped SIGKILL, again in 0.1 s',
    'small ready ',
  ])
  const second = small.pid ?? 0
  await small.stop(5_000)
  expect(identityOf(second)).toBeNull()
  expect(existsSync(join(folder, 'run/small.json'))).toBe(false)
  expect(readFileSync(join(folder, 'logs/small.log'), 'utf8')).toContain('mind the gap')
})

test('a part that does not come up says why in its own words', async () => {
  const small = await part(`console.error('no disk left'); process.exit(3)`)
  small.start()
  await eventually(() => small.failing)
  expect(lines.slice(0, 2)).toEqual(['small stopped exit 3, again in 0.1 s', 'no disk left'])
  expect(await small.untilReady(100)).toBe(false)
})

test('a part whose configuration is wrong is not started again', async () => {
  const small = await part(`console.error('AUTH_SECRET: is not set'); process.exit(78)`)
  small.start()
  expect(await small.untilReady(5_000)).toBe(false)
  expect(lines.slice(0, 2)).toEqual(['small failed exit 78, not started again', 'AUTH_SECRET: is not set'])
})

test('a program that is missing is told like any other end', async () => {
  const small = await part('', { command: join(folder, 'nothing') })
  small.start()
  await eventually(() => lines[0])
  expect(lines[0]).toMatch(/^small stopped spawn .*ENOENT, again/)
})

test('a part that ignores SIGTERM is ended all the same, with what it started', async () => {
  const stubborn = `
    process.on('SIGTERM', () => {})
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    require('node:fs').writeFileSync('child', String(child.pid))
    ${server.replace("process.on('SIGTERM', () => process.exit(0))", '')}
  `
  const small = await part(stubborn)
  small.start()
  expect(await small.untilReady(5_000)).toBe(true)
  const grandchild = Number(readFileSync(join(folder, 'child'), 'utf8'))
  expect(identityOf(grandchild)).not.toBeNull()
  await small.stop(100)
  await eventually(() => identityOf(grandchild) === null)
})

test('a restart replaces the process at once', async () => {
  const small = await part(server)
  small.start()
  await small.untilReady(5_000)
  const first = small.pid
  small.restart()
  await eventually(() => small.ready && small.pid !== first)
  expect(lines.some((line) => line.includes('stopped'))).toBe(false)
})
