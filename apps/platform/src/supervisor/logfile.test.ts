import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLog } from './logfile.ts'
import { readLogLine } from './logline.ts'

test('a log turns over by size and keeps the newest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-'))
  const log = openLog(folder, 'auth', 20, 2)
  for (const line of ['first line', 'second line', 'third line', 'fourth line']) log.write(line)
  log.close()
  expect(readFileSync(log.path, 'utf8')).toBe('fourth line\n')
  expect(readFileSync(`${log.path}.1`, 'utf8')).toBe('third line\n')
  expect(readFileSync(`${log.path}.2`, 'utf8')).toBe('second line\n')
  expect(existsSync(`${log.path}.3`)).toBe(false)
  rmSync(folder, { recursive: true })
})

test('a warning shows its message and cause; what is no JSON is text', () => {
  expect(readLogLine('{"level":30,"msg":"fine"}')).toMatchObject({ text: 'fine', warning: false })
  const failed = readLogLine('{"level":50,"msg":"request failed","err":{"message":"no disk\\n at x"}}')
  expect(failed).toMatchObject({ text: 'request failed: no disk', warning: true })
  expect(readLogLine('Error: plain')).toEqual({ raw: 'Error: plain', text: 'Error: plain', warning: false })
  expect(readLogLine('{broken')).toMatchObject({ text: '{broken', warning: false })
})
