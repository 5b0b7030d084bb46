import type { Server as HttpServer } from 'node:http'
import { listenToFrames, wireParser } from '@realtime/client/wire'
import { controlEvents, Problem, sessionOf, socketLimits, toProblem } from '@realtime/contracts'
import type { Log, UserTokens } from '@realtime/kit'
import { Server, type Socket } from 'socket.io'
import { Connection } from './connection.ts'
import { type AppSocket, renewed, shakeHands } from './handshake.ts'
import type { Joins } from './joins.ts'
import type { Rooms } from './rooms.ts'
import type { Session } from './session.ts'

/** How often it is looked which tokens of live sockets have expired, in milliseconds. */
const SWEEP_MS = 500
/** A connection that is ended and does not say goodbye is cut after this long, in milliseconds. */
const CLOSE_MS = 2_000

const EXPIRED = new Problem('unauthenticated', 'The token has expired.')
const REVOKED = new Problem('unauthenticated', 'The session of this token was ended.')

export interface SocketsOptions {
  tokens: UserTokens
  rooms: Rooms
  joins: Joins
  log: Log
}

/** Takes Socket.IO connections on the public server. */
export class Sockets {
  #io: Server
  #options: SocketsOptions
  #connections = new Set<Connection>()
  #sweeping: NodeJS.Timeout
  #unwatch: () => void

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
      shakeHands(socket as AppSocket, options.tokens).then(
        () => next(),
        (error: unknown) => next(this.#refusal(socket as AppSocket, toProblem(error))),
      )
    })
    this.#io.on('connection', (socket) => this.#connected(socket as AppSocket))
    this.#sweeping = setInterval(() => this.#sweep(), SWEEP_MS).unref()
    this.#unwatch = options.tokens.onRevoked((isRevoked) => this.#endRevoked(isRevoked))
  }

  attach(server: HttpServer): void {
    this.#io.attach(server)
    // Engine.IO has no option for it. Also of those that never get as far as a handshake.
    this.#io.engine.on('connection', ({ transport }: { transport: { socket: { _closeTimeout: number } } }) => {
      transport.socket._closeTimeout = CLOSE_MS
    })
  }

  get count(): number {
    return this.#io.engine?.clientsCount ?? 0
  }

  /** Ends all connections; clients come back to the next process. */
  async stop(): Promise<void> {
    clearInterval(this.#sweeping)
    this.#unwatch()
    this.#io.disconnectSockets(true)
    this.#io.engine?.close()
  }

  #refusal(socket: AppSocket, problem: Problem): Error {
    const { log } = this.#options
    if (problem.status >= 500) log.error({ err: problem.cause ?? problem }, 'handshake failed')
    return Object.assign(new Error(problem.title), { data: problem.toJson(socket.data.requestId ?? '') })
  }

  #connected(socket: AppSocket): void {
    const { joins, log, tokens } = this.#options
    const connection = new Connection(socket, joins, log)
    this.#connections.add(connection)
    // Ended after the handshake looked.
    if (tokens.isRevoked(connection.user.sessionId)) this.#end(connection.session, REVOKED)
    listenToFrames(socket as Socket, (bytes) => connection.receive(bytes))
    const on = (event: string, take: (...given: unknown[]) => void) => void socket.on(event as never, take as never)
    on(controlEvents.token, (token, answer) => {
      const { requestId } = connection.session
      renewed(connection.user, token, tokens).then(
        (user) => {
          connection.user = user
          if (typeof answer === 'function') answer(null)
        },
        (error: unknown) => {
          if (typeof answer === 'function') answer(toProblem(error).toJson(requestId))
        },
      )
    })
    on(controlEvents.alive, (answer) => {
      if (typeof answer === 'function') answer()
    })
    socket.on('disconnect', () => {
      this.#connections.delete(connection)
      connection.leave()
    })
  }

  /** SPEC H4, and what else takes time. */
  #sweep(): void {
    const now = Date.now()
    const clock = performance.now()
    for (const connection of this.#connections) {
      connection.tidy(clock)
      if (connection.user.expiresAt <= now) this.#end(connection.session, EXPIRED)
    }
  }

  /** SPEC H6. */
  #endRevoked(isRevoked: (sessionId: string) => boolean): void {
    for (const { user, session } of this.#connections) if (isRevoked(user.sessionId)) this.#end(session, REVOKED)
    // Of whoever has left, what waits to be committed is not.
    const gone = ({ actor }: Session): boolean => isRevoked(sessionOf(actor) ?? '')
    this.#options.rooms.each((room) => room.end((session) => (gone(session) ? REVOKED : null)))
  }

  #end(session: Session, problem: Problem): void {
    if (session.room) session.room.end((one) => (one === session ? problem : null))
    session.end(problem)
  }
}
