import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findOffice } from './office.mjs'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'realtime-office-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function install(name: string): string {
  const path = join(folder, name)
  writeFileSync(path, '#!/bin/sh\n')
  chmodSync(path, 0o755)
  return path
}

test('LibreOffice counts only with poppler beside it', () => {
  const soffice = install('soffice')
  expect(findOffice({ PATH: folder })).toBe(null)
  for (const name of ['pdftoppm', 'pdftotext', 'pdfinfo']) install(name)
  expect(findOffice({ PATH: folder })).toBe(soffice)
})

test('a named LibreOffice comes before the one in PATH, and must be there', () => {
  for (const name of ['soffice', 'pdftoppm', 'pdftotext', 'pdfinfo']) install(name)
  const named = install('other')
  expect(findOffice({ PATH: folder, OFFICE_PATH: named })).toBe(named)
  expect(findOffice({ PATH: folder, OFFICE_PATH: join(folder, 'gone') })).toBe(null)
})
