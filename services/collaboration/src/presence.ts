import { write } from '@realtime/client/wire'
import { type PresenceIdentity, Problem, socketLimits } from '@realtime/contracts'

/** How long changes are collected before one frame tells them, in milliseconds. */
const TICK_MS = 40

/** Who is in a room and where: the latest state of each client, one frame a tick. */
export class Presence {
  #states = new Map<number, string>()
  #changed = new Set<number>()
  #timer: NodeJS.Timeout | undefined
  #broadcast: (bytes: Uint8Array) => void

  constructor(broadcast: (bytes: Uint8Array) => void) {
    this.#broadcast = broadcast
  }

  /** Takes a client's own state; `user` in it is ours to say. @throws Problem `invalid-input`, `payload-too-large` */
  set(clientId: number, json: string, identity: PresenceIdentity): void {
    if (json === '') {
      this.remove(clientId)
      return
    }
    if (json.length > socketLimits.presence) throw new Problem('payload-too-large', 'The presence is too large.')
    let state: unknown
    try {
      state = JSON.parse(json)
    } catch (cause) {
      throw new Problem('malformed-json', 'The presence is not valid JSON.', { cause })
    }
    if (typeof state !== 'object' || state === null || Array.isArray(state)) {
      throw new Problem('invalid-input', 'The presence must be a JSON object.')
    }
    this.#states.set(clientId, JSON.stringify({ ...state, user: identity }))
    this.#tell(clientId)
  }

  remove(clientId: number): void {
    if (this.#states.delete(clientId)) this.#tell(clientId)
  }

  /** Everybody's state as one message, for somebody who joins. */
  all(): Uint8Array {
    return write.presence([...this.#states].map(([clientId, json]) => ({ clientId, json })))
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #tell(clientId: number): void {
    this.#changed.add(clientId)
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      const entries = [...this.#changed].map((id) => ({ clientId: id, json: this.#states.get(id) ?? '' }))
      this.#changed.clear()
      this.#broadcast(write.presence(entries))
    }, TICK_MS)
  }
}
