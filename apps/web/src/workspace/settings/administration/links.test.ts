import { expect, test } from 'vitest'
import { piecesOf } from './links.ts'

const origin = 'http://localhost:3000'
const linksOf = (text: string) =>
  piecesOf(text, origin)
    .filter((piece) => piece.link)
    .map((piece) => piece.text)

test('finds links to this server alone', () => {
  expect(linksOf(`Open ${origin}/magic/abc. Or not.`)).toEqual([`${origin}/magic/abc`])
  expect(linksOf(`${origin}/a\n${origin}/b?c=d`)).toEqual([`${origin}/a`, `${origin}/b?c=d`])
  expect(linksOf('https://evil.example/magic/abc')).toEqual([])
  expect(linksOf(`${origin}.evil.example/x`)).toEqual([])
  expect(linksOf(`${origin}@evil.example/x`)).toEqual([])
})

test('loses no letter', () => {
  const text = `A (${origin}/x), b https://other.example c`
  expect(
    piecesOf(text, origin)
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text)
})
