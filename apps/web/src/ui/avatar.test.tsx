import { expect, it } from 'vitest'
import { initialsOf } from './avatar.tsx'

it('takes initials as people see them', () => {
  expect(initialsOf('Ann van Example')).toBe('AE')
  expect(initialsOf('王小明')).toBe('王')
  expect(initialsOf('👩🏽‍🚀 Zoë')).toBe('👩🏽‍🚀')
  expect(initialsOf('Zoë 🚀')).toBe('Z')
  expect(initialsOf('e\u0301mile Zola')).toBe('E\u0301Z')
  expect(initialsOf('محمد الخوارزمي')).toBe('م\u200cا')
  expect(initialsOf('  ')).toBe('?')
})
