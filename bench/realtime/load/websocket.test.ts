import { expect, test } from 'vitest'
import { FrameReader, frame, PART_BYTES } from './websocket.ts'

/** A server's frame: as a client's, without a mask. */
function served(opcode: number, payload: Uint8Array, final = true): Buffer {
  const masked = frame(opcode, payload)
  const start = masked.length - payload.length - 4
  const bytes = Buffer.concat([masked.subarray(0, start), masked.subarray(start + 4)])
  bytes[0] = (final ? 0x80 : 0) | opcode
  bytes[1] = (bytes[1] as number) & 0x7f
  return bytes
}

function payload(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => index % 251))
}

test.each([1, 2, 7, 1_000, 70_000, 1_000_000])('frames are told whole, however they are cut (pieces of %i)', (size) => {
  const payloads = [0, 1, 125, 126, 65_535, 65_536, 200_000].map(payload)
  const stream = Buffer.concat(payloads.map((bytes) => served(2, bytes)))
  const told: Buffer[] = []
  const reader = new FrameReader({ message: (_opcode, bytes) => void told.push(Buffer.from(bytes)) })
  for (let at = 0; at < stream.length; at += size) reader.read(stream.subarray(at, at + size))
  expect(told.length).toBe(payloads.length)
  told.forEach((bytes, index) => {
    expect(bytes.equals(payloads[index] as Buffer)).toBe(true)
  })
})

test.each([3, 10_000, 1_000_000])('long ones come in parts where they are asked for (pieces of %i)', (size) => {
  const long = payload(PART_BYTES + 5)
  const stream = Buffer.concat([served(2, payload(3)), served(2, long), served(2, payload(4))])
  const told: number[] = []
  const parts: Buffer[] = []
  const reader = new FrameReader({
    message: (_opcode, bytes) => void told.push(bytes.length),
    part(bytes, offset, length) {
      expect(offset).toBe(parts.reduce((sum, part) => sum + part.length, 0))
      expect(length).toBe(long.length)
      parts.push(Buffer.from(bytes))
    },
  })
  for (let at = 0; at < stream.length; at += size) reader.read(stream.subarray(at, at + size))
  expect(told).toEqual([3, 4])
  expect(Buffer.concat(parts).equals(long)).toBe(true)
})

test('fragments are put together, also around a ping', () => {
  const told: [number, string][] = []
  const reader = new FrameReader({ message: (opcode, bytes) => void told.push([opcode, bytes.toString()]) })
  reader.read(
    Buffer.concat([served(2, Buffer.from('ab'), false), served(9, Buffer.from('p')), served(0, Buffer.from('cd'))]),
  )
  expect(told).toEqual([
    [9, 'p'],
    [2, 'abcd'],
  ])
})

test('a frame of a client is masked by nothing', () => {
  expect([...frame(2, Uint8Array.of(1, 2))]).toEqual([0x82, 0x82, 0, 0, 0, 0, 1, 2])
  expect(frame(2, payload(70_000)).length).toBe(70_000 + 14)
})
