import { expect, it } from 'vitest'
import { csvLine } from './csv.ts'

it.each([
  [['a', null, ''], 'a,,'],
  [['a,b', 'say "hi"', 'two\r\nlines'], '"a,b","say ""hi""","two\r\nlines"'],
  [['=1+1', '+1', '-1', '@sum', '\tx'], "'=1+1,'+1,'-1,'@sum,'\tx"],
  [['=HYPERLINK("http://evil.example","x")'], '"\'=HYPERLINK(""http://evil.example"",""x"")"'],
  [['1=1', 'a-b', '名前'], '1=1,a-b,名前'],
])('%j is one line', (cells, line) => {
  expect(csvLine(cells)).toBe(`${line}\r\n`)
})
