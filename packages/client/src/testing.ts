import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Permission, PROTOCOL_VERSION, Problem, type ProblemKey } from '@realtime/contracts'
import { Server, type Socket } from 'socket.io'
import { vi } from 'vitest'
import * as Y from 'yjs'
import { createProvider, type Provider, type ProviderOptions } from './provider.ts'
import {
  BINARY_EVENT,
  type ClientMessage,
  createAssembler,
  type PresenceEntry,
  readClientMessage,
  sameDigest,
  stateDigest,
  wireParser,
  write,
} from './wire/index.ts'

/** A small room behind a real Socket.IO server: it speaks the wire format, and what it does can be replaced. */
export interface TestRoom {
  url: string
  doc: Y.Doc
  /** Every message that came, in order, chunks put together. */
  messages: ClientMessage[]
  /** Tokens of all handshakes and renewals. */
  tokens: string[]
  /** Handles a message in place of the room; answers true where it did. */
  handle: (message: ClientMessage, socket: Socket) => boolean
  /** Refuses handshakes while it is set. */
  refuseHandshake: ProblemKey | Problem | null
  /** What whoever joins, and whoever is there, may do; see `allow`. */
  permission: Permission
  epoch: string
  /** Changes what everybody may do from now on, and tells them. */
  allow(permission: Permission): void
  /** How many bytes the answers to joins had. */
  answers: number[]
  send(bytes: Uint8Array): void
  /** Cuts every connection, as a lost network does. */
  cut(): void
  stop(): Promise<void>
}

const NOTHING = new Uint8Array()

/** A refusal as the server sends it. */
export function refusal(number: number, key: ProblemKey): Uint8Array {
  return write.refused(number, new Problem(key).toJson('test'))
}

/** Starts a room on loopback. */
export async function startRoom(): Promise<TestRoom> {
  const server = createServer()
  const io = new Server(server, { transports: ['websocket'], parser: wireParser, serveClient: false })
  const presence = new Map<Socket, PresenceEntry>()
  const others = (socket: Socket, bytes: Uint8Array): void => {
    for (const each of io.sockets.sockets.values()) if (each !== socket) each.emit(BINARY_EVENT, bytes)
  }
  io.use((socket, next) => {
    room.tokens.push(String(socket.handshake.auth.token))
    const refused = room.refuseHandshake
    const problem = refused && (refused instanceof Problem ? refused : new Problem(refused)).toJson('test')
    if (problem) next(Object.assign(new Error(problem.title), { data: problem }))
    else next(Number(socket.handshake.query.protocol) === PROTOCOL_VERSION ? undefined : new Error('protocol'))
  })
  io.on('connection', (socket) => {
    const assembler = createAssembler(64 * 1024 * 1024)
    let clientId = 0
    const act = (message: Exclude<ClientMessage, { type: 'chunk' }>): void => {
      if (message.type === 'join') {
        clientId = message.clientId
        if (message.epoch !== '' && message.epoch !== room.epoch) {
          socket.emit(BINARY_EVENT, refusal(0, 'epoch-changed'))
          return
        }
        const same = sameDigest(message.digest, stateDigest(room.doc))
        const missing = same ? NOTHING : Y.encodeStateAsUpdate(room.doc, message.stateVector)
        const reached = same ? NOTHING : Y.encodeStateVector(room.doc)
        const answer = write.joined(room.epoch, room.permission, reached, missing)
        room.answers.push(answer.length)
        socket.emit(BINARY_EVENT, answer)
        socket.emit(BINARY_EVENT, write.presence(presence.values()))
      } else if (message.type === 'update' && room.permission === 'read') {
        socket.emit(BINARY_EVENT, refusal(message.number, 'read-only'))
      } else if (message.type === 'update') {
        Y.applyUpdate(room.doc, message.update)
        others(socket, write.updates([message.update]))
        socket.emit(BINARY_EVENT, write.ack(message.number))
      } else {
        presence.set(socket, { clientId, json: message.json })
        others(socket, write.presence([{ clientId, json: message.json }]))
      }
    }
    socket.on(BINARY_EVENT, (bytes: Uint8Array) => {
      let message = readClientMessage(new Uint8Array(bytes))
      if (message.type === 'chunk') {
        const whole = assembler.add(message)
        if (!whole) return
        message = readClientMessage(whole)
      }
      room.messages.push(message)
      if (message.type !== 'chunk' && !room.handle(message, socket)) act(message)
    })
    socket.on('token', (token: string) => void room.tokens.push(token))
    socket.on('disconnect', () => {
      presence.delete(socket)
      others(socket, write.presence([{ clientId, json: '' }]))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const room: TestRoom = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    doc: new Y.Doc(),
    messages: [],
    tokens: [],
    handle: () => false,
    refuseHandshake: null,
    permission: 'write',
    epoch: 'e1',
    allow(permission) {
      room.permission = permission
      io.emit(BINARY_EVENT, write.permission(permission))
    },
    answers: [],
    send: (bytes) => void io.emit(BINARY_EVENT, bytes),
    cut: () => {
      for (const socket of io.sockets.sockets.values()) socket.conn.close(true)
    },
    stop: () => io.close(),
  }
  return room
}

/** Waits until `check` does not throw. */
export const until = (check: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 5_000, interval: 5 })

/** Providers of a test, to be closed at its end. */
export function openClients(): { join(room: TestRoom, options?: Partial<ProviderOptions>): Provider; close(): void } {
  const open: Provider[] = []
  return {
    join(room, options = {}) {
      const token = async () => 'token'
      const provider = createProvider({
        url: room.url,
        documentId: 'doc',
        epoch: 'e1',
        doc: new Y.Doc(),
        token,
        ...options,
      })
      open.push(provider)
      return provider
    },
    close() {
      for (const provider of open.splice(0)) provider.destroy()
    },
  }
}
