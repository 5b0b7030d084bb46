import { expect, test } from 'vitest'
import { hasWord } from './names.ts'

test.each([
  ['Ada Lovelace', 'ada'],
  ['Ada Lovelace', 'LOVE'],
  ['Ada Lovelace', 'ada l'],
  ['  Ada   Lovelace', ' ada   love '],
  ['Zoë Ångström', 'zoe'],
  ['Zoe Angstrom', 'Zoë Å'],
  ['Zoe\u0308 Angstrom', 'zoë'],
  ['Søren Kierkegaard', 'sor'],
  ['Łukasz', 'luk'],
  ['Per Groß', 'gross'],
  ['Per Gross', 'groß'],
  ['Anna-Lena (Berlin)', 'berlin'],
  ['Anna-Lena', 'lena'],
  ['山田太郎', '山'],
  ['Юрий Гагарин', 'гаг'],
  ['🦊 Fox', '🦊'],
  ['', ''],
])('“%s” has a word that begins with “%s”', (name, q) => {
  expect(hasWord(name, q)).toBe(true)
})

test.each([
  ['Ada Lovelace', 'lace'],
  ['Ada Lovelace', 'adal'],
  ['Ada Lovelace', 'lovelaces'],
  ['Ada Lovelace', 'ada x'],
  ['Ada', '.*'],
  ['Ada', '%'],
  ['', 'a'],
])('“%s” has none that begins with “%s”', (name, q) => {
  expect(hasWord(name, q)).toBe(false)
})
