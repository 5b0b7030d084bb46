import { BINARY_EVENT, write } from '@realtime/client/wire'
import { type Actor, type Permission, type PresenceIdentity, type Problem, principalOf } from '@realtime/contracts'
import type { Socket } from 'socket.io'

/** Bytes that may wait for a slow reader before it is dropped; it comes back and syncs by state vector. */
const MAX_WAITING = 32 * 1024 * 1024

/** One socket that takes part in a document. */
export class Session {
  readonly socket: Socket
  readonly id: string
  readonly requestId: string
  actor: Actor
  principal: string
  clientId = 0
  permission: Permission = 'read'
  identity: PresenceIdentity = { id: '', name: '', color: '', image: null }
  #waiting = 0

  constructor(socket: Socket, actor: Actor, requestId: string) {
    this.socket = socket
    this.id = socket.id
    this.requestId = requestId
    this.actor = actor
    this.principal = principalOf(actor)
    socket.conn.on('drain', () => {
      this.#waiting = 0
    })
  }

  send(bytes: Uint8Array): void {
    if (!this.socket.connected) return
    if (this.#waiting > MAX_WAITING) {
      this.socket.disconnect(true)
      return
    }
    // Counted after the look: a single message above the limit, such as a large document, must get through.
    this.#waiting += bytes.length
    this.socket.emit(BINARY_EVENT, bytes)
  }

  /** Says that an update (or, with 0, the join) is refused, and why. */
  refuse(number: number, problem: Problem): void {
    this.send(write.refused(number, problem.toJson(this.requestId)))
  }
}
