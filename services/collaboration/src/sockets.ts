import type { Server as HttpServer } from 'node:http'
import {
  BINARY_EVENT,
  type ClientMessage,
  createAssembler,
  MessageByte,
  readClientMessage,
  wireParser,
} from '@realtime/client/wire'
import {
  controlEvents,
  handshakeAuth,
  handshakeQuery,
  invalidInput,
  PROTOCOL_VERSION,
  Problem,
  socketLimits,
  toProblem,
} from '@realtime/contracts'
import {
  type Log,
  REQUEST_ID_HEADER,
  readRequestId,
  type UserTokens,
  type VerifiedUser,
  withRequestId,
} from '@realtime/kit'
import { Server, type Socket } from 'socket.io'
import type { Room } from './room.ts'
import type { Rooms } from './rooms.ts'
import { Session } from './session.ts'
import type { Store } from './store.ts'

/** After a token has run out its socket gets this long to bring a new one, in milliseconds. */
const TOKEN_GRACE_MS = 30_000
/** How often live sockets are compared with the revoked sessions, in milliseconds. */
const REVOCATION_MS = 2_000
/** How often it is asked whether whoever is in a document still may be, in milliseconds. */
const ACCESS_MS = 5_000

export interface SocketsOptions {
  tokens: UserTokens
  rooms: Rooms
  store: Store
  log: Log
}

/** What a socket carries from its handshake on. */
interface SocketData {
  user: VerifiedUser
  document: string
  requestId: string
}

type AppSocket = Socket<Record<string, never>, Record<string, never>, Record<string, never>, SocketData>

/** Takes Socket.IO connections on the public server. */
export class Sockets {
  #io: Server
  #options: SocketsOptions
  #revocations: NodeJS.Timeout

  constructor(options: SocketsOptions) {
    this.#options = options
    this.#io = new Server({
      path: '/socket.io',
      serveClient: false,
      transports: ['websocket'],
      allowUpgrades: false,
      parser: wireParser,
      perMessageDeflate: false,
      maxHttpBufferSize: socketLimits.message,
      connectTimeout: 10_000,
    })
    this.#io.use((socket, next) => {
      this.#authenticate(socket as AppSocket).then(
        () => next(),
        (error: unknown) => next(this.#refusal(socket as AppSocket, toProblem(error))),
      )
    })
    this.#io.on('connection', (socket) => this.#connected(socket as AppSocket))
    this.#revocations = setInterval(() => this.#dropRevoked(), REVOCATION_MS).unref()
  }

  attach(server: HttpServer): void {
    this.#io.attach(server)
  }

  get count(): number {
    return this.#io.engine?.clientsCount ?? 0
  }

  /** Ends all connections; clients come back to the next process. */
  async stop(): Promise<void> {
    clearInterval(this.#revocations)
    this.#io.disconnectSockets(true)
    this.#io.engine?.close()
  }

  async #authenticate(socket: AppSocket): Promise<void> {
    const { headers, query, auth } = socket.handshake
    socket.data.requestId = readRequestId(headers[REQUEST_ID_HEADER])
    const asked = handshakeQuery.safeParse(query)
    if (!asked.success) throw invalidInput(asked.error, 'query')
    const given = handshakeAuth.safeParse(auth)
    if (Number(asked.data.protocol) !== PROTOCOL_VERSION) throw new Problem('protocol-mismatch')
    if (!given.success) throw new Problem('unauthenticated', 'A token and the protocol version are needed.')
    if (given.data.protocol !== PROTOCOL_VERSION) throw new Problem('protocol-mismatch')
    socket.data.user = await this.#options.tokens.verify(given.data.token)
    socket.data.document = asked.data.document
  }

  #refusal(socket: AppSocket, problem: Problem): Error {
    const { log } = this.#options
    if (problem.status >= 500) log.error({ err: problem.cause ?? problem }, 'handshake failed')
    return Object.assign(new Error(problem.title), { data: problem.toJson(socket.data.requestId ?? '') })
  }

  #connected(socket: AppSocket): void {
    const { log, rooms } = this.#options
    const session = new Session(socket, socket.data.user.actor, socket.data.requestId)
    const assembler = createAssembler(socketLimits.update + 64)
    let room: Room | null = null
    let joining = false
    let expiry = this.#expire(socket)
    const checking = setInterval(() => {
      if (room?.sessions.has(session)) void this.#recheck(session)
    }, ACCESS_MS).unref()
    const leave = (): void => {
      if (!room) return
      room.leave(session)
      rooms.release(room)
    }
    const join = async (message: Extract<ClientMessage, { type: 'join' }>): Promise<void> => {
      if (joining || room) throw new Problem('conflict', 'This socket has joined already.')
      joining = true
      try {
        room = await this.#join(session, message)
      } finally {
        joining = false
      }
      // What a join sends may be too much for a slow reader, who then leaves before the room is known here.
      if (!socket.connected) leave()
    }
    const receive = async (bytes: Uint8Array): Promise<void> => {
      const message = read(bytes)
      if (message.type === 'join') await join(message)
      else if (message.type === 'chunk') {
        const whole = assembler.add(message)
        if (whole) await receive(unwrapped(whole))
      } else if (!room) throw new Problem('conflict', 'Join first.')
      else if (message.type === 'update') room.receive(session, message.number, message.update)
      else room.presence.set(session.clientId, message.json, session.identity)
    }
    socket.on(
      BINARY_EVENT as never,
      ((bytes: unknown) => {
        withRequestId(session.requestId, () => {
          receive(bytes as Uint8Array).catch((error: unknown) => {
            const problem =
              error instanceof RangeError ? new Problem('payload-too-large', error.message) : toProblem(error)
            if (problem.key === 'internal') log.error({ err: problem.cause }, 'a message failed')
            session.refuse(0, problem)
          })
        })
      }) as never,
    )
    socket.on(
      controlEvents.token as never,
      ((token: unknown, answer: unknown) => {
        this.#renew(socket, token).then(
          () => {
            clearTimeout(expiry)
            expiry = this.#expire(socket)
            if (typeof answer === 'function') answer(null)
          },
          (error: unknown) => {
            if (typeof answer === 'function') answer(toProblem(error).toJson(session.requestId))
          },
        )
      }) as never,
    )
    socket.on(
      controlEvents.alive as never,
      ((answer: unknown) => {
        if (typeof answer === 'function') answer()
      }) as never,
    )
    socket.on('disconnect', () => {
      clearTimeout(expiry)
      clearInterval(checking)
      leave()
    })
  }

  /** SPEC J1–J5: access first, then the room, then what the client lacks. */
  async #join(session: Session, message: Extract<ClientMessage, { type: 'join' }>): Promise<Room> {
    const { store, rooms } = this.#options
    if (message.document !== session.socket.data.document) {
      throw new Problem('invalid-input', 'The document is not the one the handshake named.')
    }
    if (message.clientId > 0xffffffff) throw new Problem('invalid-input', 'The client id is too large.')
    const access = await store.join(message.document, session.actor, message.clientId)
    return rooms.with(message.document, async (room) => {
      await room.atLeast(access.seq)
      if (access.epoch !== room.epoch || (message.epoch !== '' && message.epoch !== room.epoch)) {
        throw new Problem('epoch-changed', undefined, { extra: { epoch: room.epoch } })
      }
      session.clientId = message.clientId
      session.permission = access.permission
      session.identity = access.identity
      if (session.socket.connected) room.enter(session, message.digest, message.stateVector)
      return room
    })
  }

  /** SPEC J7: who lost access, or may do something else now, is sent back to join again. */
  async #recheck(session: Session): Promise<void> {
    const { document } = session.socket.data as SocketData
    try {
      const { permission } = await this.#options.store.join(document, session.actor, null)
      if (permission !== session.permission) session.socket.disconnect(true)
    } catch (error) {
      // A part that is away says nothing about access.
      if (toProblem(error).key === 'not-found') session.socket.disconnect(true)
    }
  }

  async #renew(socket: AppSocket, token: unknown): Promise<void> {
    if (typeof token !== 'string' || token.length > 8192) throw new Problem('unauthenticated', 'A token is needed.')
    const user = await this.#options.tokens.verify(token)
    const before = socket.data.user.actor
    const same = before.type === user.actor.type && JSON.stringify(before) === JSON.stringify(user.actor)
    if (!same) throw new Problem('unauthenticated', 'The token belongs to somebody else.')
    socket.data.user = user
  }

  #expire(socket: AppSocket): NodeJS.Timeout {
    const wait = socket.data.user.expiresAt - Date.now() + TOKEN_GRACE_MS
    return setTimeout(() => socket.disconnect(true), Math.max(0, wait)).unref()
  }

  #dropRevoked(): void {
    for (const socket of this.#io.sockets.sockets.values()) {
      if (this.#options.tokens.isRevoked((socket as AppSocket).data.user.sessionId)) socket.disconnect(true)
    }
  }
}

/** Chunks make up a message, never another chunk: each layer would be one more copy of all of it. */
function unwrapped(whole: Uint8Array): Uint8Array {
  if (whole[0] === MessageByte.chunk) throw new Problem('invalid-input', 'A chunk cannot hold a chunk.')
  return whole
}

function read(bytes: Uint8Array): ClientMessage {
  if (!(bytes instanceof Uint8Array)) throw new Problem('invalid-input', 'The message is not binary.')
  try {
    return readClientMessage(bytes)
  } catch (cause) {
    throw new Problem('invalid-input', 'The message cannot be read.', { cause })
  }
}
