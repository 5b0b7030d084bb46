import { type ClientMessage, MessageByte, readClientMessage } from '@realtime/client/wire'
import { Problem, toProblem } from '@realtime/contracts'
import { type Log, type VerifiedUser, withRequestId } from '@realtime/kit'
import type { AppSocket } from './handshake.ts'
import type { Joins } from './joins.ts'
import { Session } from './session.ts'
import { Transfer } from './transfers.ts'

type Join = Extract<ClientMessage, { type: 'join' }>

/** A live socket: what it sends, in order, until it leaves. */
export class Connection {
  readonly session: Session
  /** Whose it is, by their newest token. */
  user: VerifiedUser
  #document: string
  #joins: Joins
  #log: Log
  #transfer: Transfer | null = null
  #joining = false

  constructor(socket: AppSocket, joins: Joins, log: Log) {
    const { user, document, requestId } = socket.data
    if (!user || document === undefined || requestId === undefined) throw new Error('a socket without a handshake')
    this.user = user
    this.#document = document
    this.#joins = joins
    this.#log = log
    this.session = new Session(socket, user.actor, requestId)
    this.session.listen((bytes) => this.#meter(bytes))
  }

  /** Takes one message as it came. Whatever is wrong with it is answered, and the rest goes on. */
  receive(bytes: Uint8Array): void {
    if (this.session.ended) return
    try {
      this.#take(bytes)
    } catch (error) {
      this.#refuse(error)
    }
  }

  /** Looks after what takes time: a transfer that does not come to its end, a reader that reads nothing. */
  tidy(now: number): void {
    this.#transfer?.tidy(now)
    this.session.cutIfStuck(now)
  }

  leave(): void {
    this.#transfer?.drop()
    this.#transfer = null
    if (this.session.room) this.#joins.leave(this.session, this.session.room)
  }

  /** Counts whatever comes, also what is not ours to read. */
  #meter(bytes: number): void {
    const { session } = this
    if (session.ended) return
    const wait = session.admit(bytes)
    if (wait > 0) {
      const extra = { retryAfterMs: wait }
      session.end(new Problem('rate-limited', 'Too much was sent in a short time.', { extra }))
    } else session.cutIfStuck()
  }

  #take(bytes: Uint8Array): void {
    const message = read(bytes)
    const { session } = this
    if (message.type === 'join') {
      withRequestId(session.requestId, () => void this.#join(message).catch((error: unknown) => this.#refuse(error)))
    } else if (message.type === 'chunk') {
      if (!session.room) throw new Problem('conflict', 'Join first.')
      if (session.permission !== 'write') throw new Problem('read-only')
      this.#transfer ??= new Transfer()
      const whole = this.#transfer.add(message)
      if (whole) this.#take(unwrapped(whole))
    } else if (!session.room) throw new Problem('conflict', 'Join first.')
    else if (message.type === 'update') session.room.receive(session, message.number, message.update)
    else session.room.presence.set(session.clientId, message.json, session.identity)
  }

  async #join(message: Join): Promise<void> {
    const { session } = this
    if (this.#joining || session.room) throw new Problem('conflict', 'This socket has joined already.')
    if (message.document !== this.#document) {
      throw new Problem('invalid-input', 'The document is not the one the handshake named.')
    }
    if (message.clientId > 0xffffffff) throw new Problem('invalid-input', 'The client id is too large.')
    this.#joining = true
    try {
      await this.#joins.join(session, message)
    } finally {
      this.#joining = false
    }
    // Whoever left meanwhile has left before the room was known here.
    if (!session.socket.connected) this.leave()
  }

  #refuse(error: unknown): void {
    const problem = error instanceof RangeError ? new Problem('payload-too-large', error.message) : toProblem(error)
    if (problem.key === 'internal') this.#log.error({ err: problem.cause }, 'a message failed')
    this.session.refuse(0, problem)
  }
}

/** Chunks make up a message, never another chunk: each layer would be one more copy of all of it. */
function unwrapped(whole: Uint8Array): Uint8Array {
  if (whole[0] === MessageByte.chunk) throw new Problem('invalid-input', 'A chunk cannot hold a chunk.')
  return whole
}

function read(bytes: Uint8Array): ClientMessage {
  try {
    return readClientMessage(bytes)
  } catch (cause) {
    throw new Problem('invalid-input', 'The message cannot be read.', { cause })
  }
}
