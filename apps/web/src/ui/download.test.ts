import { expect, test } from 'vitest'
import { fileNameOf } from './download.ts'

test('a title becomes a file name that every system takes', () => {
  expect(fileNameOf('Roadmap 2027', 'png', 'Canvas')).toBe('Roadmap 2027.png')
  expect(fileNameOf('a/b\\c: "d" <e>|?*', 'svg', 'Canvas')).toBe('a b c d e.svg')
  expect(fileNameOf('..', 'png', 'Canvas')).toBe('Canvas.png')
  expect(fileNameOf('計画', 'pptx', 'Slides')).toBe('計画.pptx')
  expect(fileNameOf('x'.repeat(500), 'png', 'Canvas')).toHaveLength(124)
  expect(fileNameOf('🎈'.repeat(500), 'png', 'Canvas')).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/)
})
