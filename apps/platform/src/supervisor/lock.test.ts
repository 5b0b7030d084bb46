import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { identityOf, isSame } from './identity.ts'
import { Locked, takeLock } from './lock.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'))
  file = join(folder, 'supervisor.lock')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a held lock is refused, naming its holder', () => {
  const release = takeLock(file)
  expect(() => takeLock(file)).toThrow(Locked)
  expect(() => takeLock(file)).toThrow(`process ${process.pid}`)
  release()
  expect(existsSync(file)).toBe(false)
  takeLock(file)()
  expect(readdirSync(folder)).toEqual([])
})

test('the lock of a process that is gone is taken over', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const { pid = 0 } = child
  writeFileSync(file, JSON.stringify({ pid, identity: identityOf(pid) }))
  expect(() => takeLock(file)).toThrow(`process ${pid}`)
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  takeLock(file)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid })
})

test('a lock whose pid belongs to another process by now is taken over', () => {
  writeFileSync(file, JSON.stringify({ pid: process.ppid, identity: 'another boot/1' }))
  takeLock(file)()
})

test('a broken lock file is taken over', () => {
  writeFileSync(file, '{"pid":')
  takeLock(file)()
})

test('an identity holds for one process only', () => {
  expect(isSame(process.pid, identityOf(process.pid))).toBe(true)
  expect(isSame(process.ppid, identityOf(process.pid))).toBe(false)
  expect(identityOf(0)).toBeNull()
  expect(isSame(process.pid, null)).toBe(false)
})
