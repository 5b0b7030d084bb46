import { describe, expect, test } from 'vitest'
import { createAssembler, cut } from './chunks.ts'
import { readClientMessage, readServerMessage, write } from './messages.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

describe('messages', () => {
  test('a client message reads as it was written', () => {
    expect(readClientMessage(write.join('doc', 'e1', 4_000_000_000, bytes(7), bytes(1, 2)))).toEqual({
      type: 'join',
      document: 'doc',
      epoch: 'e1',
      clientId: 4_000_000_000,
      digest: bytes(7),
      stateVector: bytes(1, 2),
    })
    expect(readClientMessage(write.sendUpdate(300, bytes(9)))).toEqual({
      type: 'update',
      number: 300,
      update: bytes(9),
    })
    expect(readClientMessage(write.sendPresence('{"a":"ü"}'))).toEqual({ type: 'presence', json: '{"a":"ü"}' })
  })

  test('a server message reads as it was written', () => {
    expect(readServerMessage(write.joined('e', 'write', bytes(1), bytes(2, 3)))).toEqual({
      type: 'joined',
      epoch: 'e',
      permission: 'write',
      stateVector: bytes(1),
      update: bytes(2, 3),
    })
    expect(readServerMessage(write.updates([bytes(1)]))).toEqual({ type: 'updates', updates: [bytes(1)] })
    expect(readServerMessage(write.updates([bytes(1), bytes(2, 2)]))).toEqual({
      type: 'updates',
      updates: [bytes(1), bytes(2, 2)],
    })
    expect(readServerMessage(write.permission('read'))).toEqual({ type: 'permission', permission: 'read' })
    expect(readServerMessage(write.ack(70_000))).toEqual({ type: 'ack', number: 70_000 })
    const entries = [
      { clientId: 5, json: '{}' },
      { clientId: 6, json: '' },
    ]
    expect(readServerMessage(write.presence(entries))).toEqual({ type: 'presence', entries })
  })

  test('one update costs one byte beyond itself', () => {
    expect(write.updates([new Uint8Array(40)]).length).toBe(41)
  })

  test.each([[bytes()], [bytes(0x01, 200)], [bytes(0x7f, 1)], [bytes(0x12)]])(
    'garbage from a client is an error: %s',
    (garbage) => {
      expect(() => readClientMessage(garbage)).toThrow()
    },
  )
})

describe('chunks', () => {
  test('a long message travels in pieces and comes whole', () => {
    const message = Uint8Array.from({ length: 1_000 }, (_, index) => index % 251)
    const assembler = createAssembler(2_000)
    const parts = cut(message, 7, 300, 300)
    expect(parts.length).toBe(4)
    const results = parts.map((part) => {
      const read = readClientMessage(part)
      return read.type === 'chunk' ? assembler.add(read) : null
    })
    expect(results.slice(0, 3)).toEqual([null, null, null])
    expect(results[3]).toEqual(message)
  })

  test('a short message travels as it is', () => {
    const message = bytes(1, 2, 3)
    expect(cut(message, 1, 300, 300)).toEqual([message])
  })

  test('a missing piece and an oversized message are errors', () => {
    const assembler = createAssembler(10)
    expect(() => assembler.add({ type: 'chunk', transfer: 1, index: 1, count: 2, bytes: bytes(1) })).toThrow(RangeError)
    expect(assembler.add({ type: 'chunk', transfer: 2, index: 0, count: 3, bytes: new Uint8Array(8) })).toBeNull()
    expect(() => assembler.add({ type: 'chunk', transfer: 2, index: 1, count: 3, bytes: new Uint8Array(8) })).toThrow(
      /10 bytes/,
    )
  })
})
