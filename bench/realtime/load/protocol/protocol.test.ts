import { write } from '@realtime/client/wire'
import { createDecoder, readVarString, readVarUint, readVarUint8Array } from 'lib0/decoding'
import { createEncoder, toUint8Array, writeVarString, writeVarUint, writeVarUint8Array } from 'lib0/encoding'
import { describe, expect, test } from 'vitest'
import { Awareness, applyAwarenessUpdate } from 'y-protocols/awareness'
import { writeSyncStep2, writeUpdate } from 'y-protocols/sync'
import * as Y from 'yjs'
import { hocuspocus } from './hocuspocus.ts'
import { ours } from './ours.ts'
import type { Conversation, Protocol } from './protocol.ts'
import { yWebsocket } from './y-websocket.ts'

/** A conversation and all that it said and heard. */
function converse(protocol: Protocol) {
  const sent: (string | Uint8Array)[] = []
  const heard: unknown[] = []
  const state: Buffer[] = []
  const conversation: Conversation = protocol.converse(
    { document: 'doc', clientId: 7 },
    { send: (bytes) => void sent.push(Uint8Array.from(bytes)), sendText: (text) => void sent.push(text) },
    {
      state: (bytes) => void state.push(Buffer.from(bytes)),
      joined: () => void heard.push('joined'),
      update: (update) => void heard.push([...update]),
      acknowledged: (upTo) => void heard.push(`ack ${upTo}`),
      presence: (people) => void heard.push(`${people} people`),
      refused: (reason) => void heard.push(reason),
    },
  )
  const tell = (bytes: Uint8Array): void => conversation.message(Buffer.from(bytes))
  /** As a socket tells a long message that comes in pieces. */
  const tellInParts = (bytes: Uint8Array, size: number): void => {
    const all = Buffer.from(bytes)
    for (let at = 0; at < all.length; at += size) conversation.part(all.subarray(at, at + size), at, all.length)
  }
  return { conversation, sent, heard, state: () => Buffer.concat(state), tell, tellInParts }
}

const long = Uint8Array.from({ length: 5_000 }, (_, index) => index % 253)

/** A message of y-protocols, behind a name where one is given. */
function message(name: string | null, work: (encoder: ReturnType<typeof createEncoder>) => void): Uint8Array {
  const encoder = createEncoder()
  if (name !== null) writeVarString(encoder, name)
  work(encoder)
  return toUint8Array(encoder)
}

describe('ours', () => {
  test('connects, joins, and reads what the service writes', () => {
    const { conversation, sent, heard, state, tell } = converse(ours(() => 'token'))
    conversation.text('0{"sid":"x"}')
    conversation.text('2')
    conversation.text('40{"sid":"y"}')
    expect(sent.slice(0, 2)).toEqual([expect.stringMatching(/^40\{"token":"token"/), '3'])
    expect(sent[2]).toEqual(write.join('doc', '', 7, new Uint8Array(), Uint8Array.of(0)))
    tell(write.joined('epoch', 'write', Uint8Array.of(1), Uint8Array.of(5, 6)))
    tell(write.updates([Uint8Array.of(1)]))
    tell(write.updates([Uint8Array.of(2), Uint8Array.of(3, 3)]))
    tell(write.ack(300))
    tell(
      write.presence([
        { clientId: 900, json: '{}' },
        { clientId: 901, json: '' },
      ]),
    )
    expect(heard).toEqual(['joined', [1], [2], [3, 3], 'ack 300', '2 people'])
    expect([...state()]).toEqual([5, 6])
  })

  test.each([100, 1_100, 10_000])('state comes in parts of %i, and long updates come whole', (size) => {
    const { heard, state, tellInParts } = converse(ours(() => ''))
    tellInParts(write.joined('epoch', 'write', Uint8Array.of(1), long), size)
    expect(state().equals(Buffer.from(long))).toBe(true)
    tellInParts(write.updates([long, Uint8Array.of(1)]), size)
    expect(heard).toEqual(['joined', [...long], [1]])
  })

  test('state in chunks is state', () => {
    const { heard, state, tell } = converse(ours(() => ''))
    const joined = write.joined('epoch', 'read', new Uint8Array(), long)
    const chunks = [0, 1, 2].map((index) => joined.subarray(index * 2_000, (index + 1) * 2_000))
    chunks.forEach((bytes, index) => {
      tell(write.chunk(4, index, chunks.length, bytes))
    })
    expect(state().equals(Buffer.from(long))).toBe(true)
    expect(heard).toEqual(['joined'])
  })
})

describe.each([
  ['Hocuspocus', hocuspocus, 'doc'],
  ['y-websocket', yWebsocket, null],
] as const)('%s', (_name, protocol, name) => {
  const doc = new Y.Doc()
  doc.getText('t').insert(0, 'a'.repeat(4_000))
  const step2 = message(name, (encoder) => {
    writeVarUint(encoder, 0)
    writeSyncStep2(encoder, doc)
  })

  test('reads what y-protocols writes', () => {
    const { heard, state, tell } = converse(protocol)
    tell(step2)
    const update = message(name, (encoder) => {
      writeVarUint(encoder, 0)
      writeUpdate(encoder, Uint8Array.of(4, 5))
    })
    tell(update)
    expect(heard).toEqual(['joined', [4, 5]])
    expect(state().equals(Buffer.from(Y.encodeStateAsUpdate(doc)))).toBe(true)
  })

  test.each([100, 1_100])('state comes in parts of %i', (size) => {
    const { heard, state, tellInParts } = converse(protocol)
    tellInParts(step2, size)
    expect(heard).toEqual(['joined'])
    expect(state().equals(Buffer.from(Y.encodeStateAsUpdate(doc)))).toBe(true)
  })

  test('its presence is one that awareness takes', () => {
    const { conversation } = converse(protocol)
    const awareness = new Awareness(new Y.Doc())
    for (const at of [1, 2]) {
      const decoder = createDecoder(conversation.presence({ at }))
      if (name !== null) readVarString(decoder)
      expect(readVarUint(decoder)).toBe(1)
      applyAwarenessUpdate(awareness, readVarUint8Array(decoder), null)
      expect(awareness.getStates().get(7)).toEqual({ at })
    }
    awareness.destroy()
  })
})

test('Hocuspocus: confirmations are of own updates, not of what the handshake sent', () => {
  const { heard, tell } = converse(hocuspocus)
  const status = message('doc', (encoder) => {
    writeVarUint(encoder, 8)
    writeVarUint(encoder, 1)
  })
  tell(
    message('doc', (encoder) => {
      writeVarUint(encoder, 0)
      writeVarUint(encoder, 0)
      writeVarUint8Array(encoder, Uint8Array.of(0))
    }),
  )
  tell(status)
  tell(status)
  tell(status)
  expect(heard).toEqual(['ack 1', 'ack 2'])
})
