import { expect, test } from 'vitest'
import { framed, together } from './frames.ts'

test.each([
  [0, [0x82, 0]],
  [125, [0x82, 125]],
  [126, [0x82, 126, 0, 126]],
  [65_535, [0x82, 126, 255, 255]],
  [65_536, [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
])('a message of %i bytes has the head of RFC 6455', (length, head) => {
  const message = new Uint8Array(length).fill(7)
  const frame = framed(message)
  expect([...frame.subarray(0, head.length)]).toEqual(head)
  expect(frame.subarray(head.length).equals(message)).toBe(true)
})

test('frames go one behind the other', () => {
  expect([...together(framed(Uint8Array.of(1)), framed(Uint8Array.of(2)))]).toEqual([0x82, 1, 1, 0x82, 1, 2])
})
