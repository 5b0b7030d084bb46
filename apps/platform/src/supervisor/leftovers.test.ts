import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endLeftovers, forgetChild, recordChild, recordedChildren } from './leftovers.ts'

let folder: string
const children: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leftovers-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** A process that runs until a signal, which it may ignore; resolves once it handles signals. */
async function sleeper(ignoring = false): Promise<ChildProcess & { pid: number }> {
  const code = `${ignoring ? "process.on('SIGTERM', () => {});" : ''} setInterval(() => {}, 1000); console.log('up')`
  const child = spawn(process.execPath, ['-e', code], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  children.push(child)
  await new Promise((resolve) => child.stdout.once('data', resolve))
  return child as ChildProcess & { pid: number }
}

test('what an earlier supervisor left running is ended, also what ignores SIGTERM', async () => {
  const [willing, stubborn] = await Promise.all([sleeper(), sleeper(true)])
  recordChild(folder, 'auth', willing.pid)
  recordChild(folder, 'web', stubborn.pid)
  const ends = [willing, stubborn].map(
    (child) => new Promise((resolve) => child.once('exit', (_, how) => resolve(how))),
  )
  expect((await endLeftovers(folder, 200)).sort()).toEqual(['auth', 'web'])
  expect(await Promise.all(ends)).toEqual(['SIGTERM', 'SIGKILL'])
  expect(recordedChildren(folder)).toEqual([])
})

test('another process that got the pid by now is left alone', async () => {
  const stranger = await sleeper()
  writeFileSync(join(folder, 'auth.json'), JSON.stringify({ pid: stranger.pid, identity: 'another boot/1' }))
  expect(await endLeftovers(folder)).toEqual([])
  expect(stranger.exitCode).toBeNull()
  expect(stranger.signalCode).toBeNull()
  expect(recordedChildren(folder)).toEqual([])
})

test('PostgreSQL is left to its own start, and an unreadable file is nothing', async () => {
  const postgres = await sleeper()
  recordChild(folder, 'postgres', postgres.pid)
  writeFileSync(join(folder, 'auth.json'), '{')
  expect(await endLeftovers(folder)).toEqual([])
  expect(recordedChildren(folder).map(({ name }) => name)).toEqual(['postgres'])
  forgetChild(folder, 'postgres')
  expect(recordedChildren(folder)).toEqual([])
})
