import { describe, expect, test } from 'vitest'
import { type AppendFrame, decodeAppend, decodeLog, encodeAppend, encodeLog, type LogFrame } from './frames.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

const log: LogFrame[] = [
  { seq: 0, principal: '', origin: 'snapshot', update: bytes() },
  { seq: 127, principal: 'user:a', origin: 'user', update: bytes(0) },
  { seq: 128, principal: 'user:ü👋', origin: 'user', update: bytes(1, 2, 3) },
  { seq: 2 ** 32 + 5, principal: 'link:b', origin: 'restore', update: new Uint8Array(300).fill(255) },
  { seq: Number.MAX_SAFE_INTEGER, principal: 'key:c', origin: 'ai', update: bytes(9) },
]

const appended: AppendFrame[] = [
  { principal: 'user:a', origin: 'user', clientIds: [], update: bytes() },
  { principal: 'service:document', origin: 'import', clientIds: [0, 0xffffffff, 2 ** 40], update: bytes(7, 7) },
]

describe('log frames', () => {
  test('read as they were written', () => {
    expect(decodeLog(encodeLog(log))).toEqual(log)
    expect(decodeLog(encodeLog([]))).toEqual([])
  })

  test('are an error wherever they are cut inside a frame', () => {
    const ends = new Set(log.map((_, index) => encodeLog(log.slice(0, index)).length))
    const whole = encodeLog(log)
    for (let length = 0; length < whole.length; length++) {
      const read = () => decodeLog(whole.subarray(0, length))
      if (ends.has(length)) expect(read()).toEqual(log.slice(0, [...ends].indexOf(length)))
      else expect(read, `cut at ${length}`).toThrow(RangeError)
    }
  })

  test('take no number that JavaScript cannot hold', () => {
    expect(() => decodeLog(bytes(...Array(8).fill(255), 1, 0, 0, 0))).toThrow(RangeError)
    expect(() => decodeLog(bytes(...Array(7).fill(255), 127, 0, 0, 0))).toThrow(RangeError)
    const frame = { principal: '', origin: '', update: bytes() }
    for (const seq of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => encodeLog([{ ...frame, seq }])).toThrow(RangeError)
  })

  test('do not believe a length beyond their end', () => {
    // seq 1, then a principal that claims 2^49 bytes.
    expect(() => decodeLog(bytes(1, 128, 128, 128, 128, 128, 128, 128, 1))).toThrow(RangeError)
  })
})

describe('append frames', () => {
  test('read as they were written', () => {
    expect(decodeAppend(encodeAppend(appended))).toEqual(appended)
    expect(decodeAppend(bytes())).toEqual([])
  })

  test('are an error wherever they are cut inside a frame', () => {
    const first = encodeAppend(appended.slice(0, 1)).length
    const whole = encodeAppend(appended)
    for (let length = 1; length < whole.length; length++) {
      if (length !== first) expect(() => decodeAppend(whole.subarray(0, length)), `at ${length}`).toThrow(RangeError)
    }
  })

  test('do not count client ids that are not there', () => {
    expect(() => decodeAppend(bytes(0, 0, 255, 255, 255, 255, 127, 1, 1, 1))).toThrow(RangeError)
    expect(() => decodeAppend(bytes(0, 0, 5, 1, 1))).toThrow(RangeError)
  })
})
