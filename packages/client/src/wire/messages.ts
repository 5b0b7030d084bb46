import type { Permission, PresenceIdentity, ProblemJson } from '@realtime/contracts'
import {
  createDecoder,
  hasContent,
  readTailAsUint8Array,
  readUint8,
  readVarString,
  readVarUint,
  readVarUint8Array,
} from 'lib0/decoding'
import {
  createEncoder,
  type Encoder,
  toUint8Array,
  writeUint8,
  writeUint8Array,
  writeVarString,
  writeVarUint,
  writeVarUint8Array,
} from 'lib0/encoding'

/**
 * The binary messages of the socket, protocol version 2. A message is one WebSocket frame: its first byte says what
 * it is, numbers are lib0 varints, strings and byte fields are length-prefixed, and a last field marked `…` takes the
 * rest of the message. All updates are Yjs V1.
 *
 * | byte | from   | message  | fields |
 * | ---- | ------ | -------- | ------ |
 * | 0x01 | client | join     | document, epoch ('' when unknown), client id, digest of the own state, state vector… |
 * | 0x02 | client | update   | number (rising by session), update… |
 * | 0x03 | client | presence | JSON of the own state…; empty when leaving |
 * | 0x04 | both   | chunk    | transfer, index, count, bytes… ; the bytes of all chunks together are one message |
 * | 0x11 | server | joined   | epoch, permission (0 read, 1 write), server's state vector, update that the client lacks… ; both empty for a client whose digest is the server's |
 * | 0x12 | server | update   | update… |
 * | 0x13 | server | updates  | (update)* each length-prefixed |
 * | 0x14 | server | ack      | number: every own update up to it is committed |
 * | 0x15 | server | presence | (client id, JSON)* ; empty JSON when gone |
 * | 0x16 | server | refused  | number of the refused update (0: the join), problem JSON… |
 * | 0x17 | server | permission | permission (0 read, 1 write) from now on |
 */
export const MessageByte = {
  join: 0x01,
  sendUpdate: 0x02,
  sendPresence: 0x03,
  chunk: 0x04,
  joined: 0x11,
  update: 0x12,
  updates: 0x13,
  ack: 0x14,
  presence: 0x15,
  refused: 0x16,
  permission: 0x17,
} as const

export interface Chunk {
  type: 'chunk'
  transfer: number
  index: number
  count: number
  bytes: Uint8Array
}

export type ClientMessage =
  | { type: 'join'; document: string; epoch: string; clientId: number; digest: Uint8Array; stateVector: Uint8Array }
  | { type: 'update'; number: number; update: Uint8Array }
  | { type: 'presence'; json: string }
  | Chunk

export type ServerMessage =
  | { type: 'joined'; epoch: string; permission: Permission; stateVector: Uint8Array; update: Uint8Array }
  | { type: 'updates'; updates: Uint8Array[] }
  | { type: 'ack'; number: number }
  | { type: 'presence'; entries: PresenceEntry[] }
  | { type: 'refused'; number: number; problem: ProblemJson }
  | { type: 'permission'; permission: Permission }
  | Chunk

/** The presence of one client: its own state as JSON, with `user` stamped by the server; empty when gone. */
export interface PresenceEntry {
  clientId: number
  json: string
}

/** The state inside a presence entry. */
export interface PresenceState {
  user: PresenceIdentity
  [field: string]: unknown
}

function message(byte: number, write: (encoder: Encoder) => void): Uint8Array {
  const encoder = createEncoder()
  writeUint8(encoder, byte)
  write(encoder)
  return toUint8Array(encoder)
}

const textBytes = new TextEncoder()
const bytesText = new TextDecoder()

/** Writes messages; see the table above. */
export const write = {
  join: (document: string, epoch: string, clientId: number, digest: Uint8Array, stateVector: Uint8Array) =>
    message(MessageByte.join, (encoder) => {
      writeVarString(encoder, document)
      writeVarString(encoder, epoch)
      writeVarUint(encoder, clientId)
      writeVarUint8Array(encoder, digest)
      writeUint8Array(encoder, stateVector)
    }),
  sendUpdate: (number: number, update: Uint8Array) =>
    message(MessageByte.sendUpdate, (encoder) => {
      writeVarUint(encoder, number)
      writeUint8Array(encoder, update)
    }),
  sendPresence: (json: string) =>
    message(MessageByte.sendPresence, (encoder) => writeUint8Array(encoder, textBytes.encode(json))),
  chunk: (transfer: number, index: number, count: number, bytes: Uint8Array) =>
    message(MessageByte.chunk, (encoder) => {
      writeVarUint(encoder, transfer)
      writeVarUint(encoder, index)
      writeVarUint(encoder, count)
      writeUint8Array(encoder, bytes)
    }),
  joined: (epoch: string, permission: Permission, stateVector: Uint8Array, update: Uint8Array) =>
    message(MessageByte.joined, (encoder) => {
      writeVarString(encoder, epoch)
      writeUint8(encoder, permission === 'write' ? 1 : 0)
      writeVarUint8Array(encoder, stateVector)
      writeUint8Array(encoder, update)
    }),
  updates: (updates: Uint8Array[]) => {
    const [only] = updates
    if (only && updates.length === 1) return message(MessageByte.update, (encoder) => writeUint8Array(encoder, only))
    return message(MessageByte.updates, (encoder) => {
      for (const update of updates) writeVarUint8Array(encoder, update)
    })
  },
  ack: (number: number) => message(MessageByte.ack, (encoder) => writeVarUint(encoder, number)),
  presence: (entries: Iterable<PresenceEntry>) =>
    message(MessageByte.presence, (encoder) => {
      for (const entry of entries) {
        writeVarUint(encoder, entry.clientId)
        writeVarString(encoder, entry.json)
      }
    }),
  refused: (number: number, problem: ProblemJson) =>
    message(MessageByte.refused, (encoder) => {
      writeVarUint(encoder, number)
      writeUint8Array(encoder, textBytes.encode(JSON.stringify(problem)))
    }),
  permission: (permission: Permission) =>
    message(MessageByte.permission, (encoder) => writeUint8(encoder, permission === 'write' ? 1 : 0)),
}

/** Reads a client's message. @throws Error when the bytes are none */
export function readClientMessage(bytes: Uint8Array): ClientMessage {
  const decoder = createDecoder(bytes)
  const byte = readUint8(decoder)
  switch (byte) {
    case MessageByte.join:
      return {
        type: 'join',
        document: readVarString(decoder),
        epoch: readVarString(decoder),
        clientId: readVarUint(decoder),
        digest: readVarUint8Array(decoder),
        stateVector: readTailAsUint8Array(decoder),
      }
    case MessageByte.sendUpdate:
      return { type: 'update', number: readVarUint(decoder), update: readTailAsUint8Array(decoder) }
    case MessageByte.sendPresence:
      return { type: 'presence', json: bytesText.decode(readTailAsUint8Array(decoder)) }
    case MessageByte.chunk:
      return readChunk(decoder)
    default:
      throw new Error(`no client message begins with ${byte}`)
  }
}

/** Reads a server's message. @throws Error when the bytes are none */
export function readServerMessage(bytes: Uint8Array): ServerMessage {
  const decoder = createDecoder(bytes)
  const byte = readUint8(decoder)
  switch (byte) {
    case MessageByte.joined:
      return {
        type: 'joined',
        epoch: readVarString(decoder),
        permission: readUint8(decoder) === 1 ? 'write' : 'read',
        stateVector: readVarUint8Array(decoder),
        update: readTailAsUint8Array(decoder),
      }
    case MessageByte.update:
      return { type: 'updates', updates: [readTailAsUint8Array(decoder)] }
    case MessageByte.updates: {
      const updates: Uint8Array[] = []
      while (hasContent(decoder)) updates.push(readVarUint8Array(decoder))
      return { type: 'updates', updates }
    }
    case MessageByte.ack:
      return { type: 'ack', number: readVarUint(decoder) }
    case MessageByte.presence: {
      const entries: PresenceEntry[] = []
      while (hasContent(decoder)) entries.push({ clientId: readVarUint(decoder), json: readVarString(decoder) })
      return { type: 'presence', entries }
    }
    case MessageByte.refused:
      return {
        type: 'refused',
        number: readVarUint(decoder),
        problem: JSON.parse(bytesText.decode(readTailAsUint8Array(decoder))) as ProblemJson,
      }
    case MessageByte.permission:
      return { type: 'permission', permission: readUint8(decoder) === 1 ? 'write' : 'read' }
    case MessageByte.chunk:
      return readChunk(decoder)
    default:
      throw new Error(`no server message begins with ${byte}`)
  }
}

function readChunk(decoder: ReturnType<typeof createDecoder>): Chunk {
  return {
    type: 'chunk',
    transfer: readVarUint(decoder),
    index: readVarUint(decoder),
    count: readVarUint(decoder),
    bytes: readTailAsUint8Array(decoder),
  }
}
