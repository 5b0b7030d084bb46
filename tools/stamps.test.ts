import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hashOf, isFresh, writeStamp } from './stamps.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stamps-'))
  mkdirSync(join(folder, 'web/app'), { recursive: true })
  writeFileSync(join(folder, 'web/app/page.tsx'), 'one')
  writeFileSync(join(folder, 'lock'), 'a')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a stamp holds until something it was made from changes', () => {
  const stamp = join(folder, 'made/.stamp')
  const hash = () => hashOf(folder, ['web', 'lock'])
  expect(isFresh(stamp, hash())).toBe(false)
  writeStamp(stamp, hash())
  expect(isFresh(stamp, hash())).toBe(true)
  writeFileSync(join(folder, 'web/app/page.tsx'), 'two')
  expect(isFresh(stamp, hash())).toBe(false)
})

test('a new, a removed and a renamed file count; what is made does not', () => {
  const before = hashOf(folder, ['web', 'missing'])
  mkdirSync(join(folder, 'web/.next'))
  writeFileSync(join(folder, 'web/.next/BUILD_ID'), 'x')
  mkdirSync(join(folder, 'web/node_modules'))
  writeFileSync(join(folder, 'web/node_modules/x.js'), 'x')
  expect(hashOf(folder, ['web', 'missing'])).toBe(before)
  writeFileSync(join(folder, 'web/app/new.tsx'), '')
  expect(hashOf(folder, ['web', 'missing'])).not.toBe(before)
  rmSync(join(folder, 'web/app/new.tsx'))
  expect(hashOf(folder, ['web', 'missing'])).toBe(before)
  writeFileSync(join(folder, 'missing'), '')
  expect(hashOf(folder, ['web', 'missing'])).not.toBe(before)
})

test('further words count, and skipped files do not', () => {
  const skip = (path: string) => path.endsWith('.test.tsx')
  const before = hashOf(folder, ['web'], { skip })
  writeFileSync(join(folder, 'web/app/page.test.tsx'), 'x')
  expect(hashOf(folder, ['web'], { skip })).toBe(before)
  expect(hashOf(folder, ['web'], { skip, extra: ['node 22'] })).not.toBe(before)
})

test('a repository that was moved is not stale', () => {
  const other = mkdtempSync(join(tmpdir(), 'stamps-'))
  mkdirSync(join(other, 'web/app'), { recursive: true })
  writeFileSync(join(other, 'web/app/page.tsx'), 'one')
  expect(hashOf(other, ['web'])).toBe(hashOf(folder, ['web']))
  rmSync(other, { recursive: true })
})
