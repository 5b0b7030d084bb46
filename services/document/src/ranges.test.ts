import { expect, test } from 'vitest'
import { fileLinks } from './file-links.ts'
import { partOf } from './ranges.ts'

test.each([
  [undefined, null],
  ['bytes=0-0', [0, 1]],
  ['bytes=0-', [0, 10]],
  ['bytes=3-5', [3, 6]],
  ['bytes=3-99', [3, 10]],
  ['bytes=-3', [7, 10]],
  ['bytes=-99', [0, 10]],
  ['bytes=5-3', null],
  ['bytes=-', null],
  ['bytes=0-1,3-4', null],
  ['lines=0-1', null],
  ['bytes=a-b', null],
])('%s of ten bytes', (header, part) => {
  expect(partOf(header, 10)).toEqual(part && { from: part[0], to: part[1] })
})

test.each(['bytes=10-', 'bytes=10-12', 'bytes=-0'])('%s cannot be had', (header) => {
  const headers = { 'content-range': 'bytes */10' }
  expect(() => partOf(header, 10)).toThrow(expect.objectContaining({ key: 'range-not-satisfiable', headers }))
})

test('an address is the same for some minutes, and holds for an hour at least', () => {
  let now = Date.UTC(2026, 0, 1, 12, 0, 1)
  const links = fileLinks('the secret of the service', () => now)
  const first = links.expiry()
  now += 10 * 60_000
  expect(links.expiry()).toBe(first)
  now += 5 * 60_000
  expect(links.expiry()).toBeGreaterThan(first)
  expect(first * 1000 - now).toBeGreaterThanOrEqual(44 * 60_000)
  const signature = new URL(links.path('a', 'b', first), 'http://x').searchParams.get('signature') ?? ''
  const link = { id: 'a', file: 'b', expires: first, signature }
  links.verify(link)
  const forged = [
    { id: 'c' },
    { file: 'c' },
    { expires: first + 900 },
    { signature: '' },
    { signature: `${signature}AA` },
    { signature: `${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}` },
  ]
  for (const change of forged) expect(() => links.verify({ ...link, ...change })).toThrow('not valid')
  now = first * 1000
  expect(() => links.verify(link)).toThrow('not valid')
  expect(() => fileLinks('another', () => 0).verify(link)).toThrow('not valid')
})
