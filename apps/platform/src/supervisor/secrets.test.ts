import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepSecrets, requireSecrets, SecretsFailed, secretNames } from './secrets.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'))
  file = join(folder, 'data', 'secrets.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('secrets are made once, each its own, readable by nobody else', () => {
  const first = keepSecrets(file, {})
  expect(Object.keys(first).sort()).toEqual([...secretNames, 'DATABASE_PASSWORD'].sort())
  expect(new Set(Object.values(first)).size).toBe(secretNames.length + 1)
  expect(Math.min(...Object.values(first).map((secret) => secret.length))).toBeGreaterThanOrEqual(32)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(keepSecrets(file, {})).toEqual(first)
})

test('a secret that is new in this version is added, the others stay', () => {
  const first = keepSecrets(file, {})
  const { SETUP_TOKEN: _old, ...rest } = first
  writeFileSync(file, JSON.stringify(rest))
  const second = keepSecrets(file, {})
  expect(second).toMatchObject(rest)
  expect(second.SETUP_TOKEN).not.toBe(first.SETUP_TOKEN)
})

test('the environment wins and is not written down', () => {
  const secrets = keepSecrets(file, { AUTH_SECRET: 'a secret of the environment, long enough' })
  expect(secrets.AUTH_SECRET).toBe('a secret of the environment, long enough')
  expect(readFileSync(file, 'utf8')).not.toContain('environment')
})

test('a file that others could read is closed again', () => {
  keepSecrets(file, {})
  chmodSync(file, 0o644)
  keepSecrets(file, {})
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('a broken file is refused and kept, for new secrets would lock everybody out', () => {
  keepSecrets(file, {})
  writeFileSync(file, '{"AUTH_SECRET":')
  expect(() => keepSecrets(file, {})).toThrow(SecretsFailed)
  expect(readFileSync(file, 'utf8')).toBe('{"AUTH_SECRET":')
})

test('with an external database every missing secret is named', () => {
  expect(() => requireSecrets({ AUTH_SECRET: 'x' })).toThrow(/Missing: SETUP_TOKEN, AUTH_SERVICE_SECRET/)
  expect(() => requireSecrets({}, (name) => name === 'AUTH_SECRET')).toThrow(/Missing: AUTH_SECRET\. /)
  const all = Object.fromEntries(secretNames.map((name) => [name, `value of ${name}`]))
  expect(requireSecrets(all)).toEqual(all)
})
