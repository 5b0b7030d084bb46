import { expect, test } from 'vitest'
import { fileNameOf } from './picture.ts'

test('a title becomes a file name that every system takes', () => {
  expect(fileNameOf('Roadmap 2027', 'png')).toBe('Roadmap 2027.png')
  expect(fileNameOf('a/b\\c: "d" <e>|?*', 'svg')).toBe('a b c d e.svg')
  expect(fileNameOf('..', 'png')).toBe('Canvas.png')
  expect(fileNameOf('計画', 'png')).toBe('計画.png')
  expect(fileNameOf('x'.repeat(500), 'png')).toHaveLength(124)
})
