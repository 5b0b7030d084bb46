import { write } from '@realtime/client/wire'
import { type PresenceIdentity, Problem, socketLimits } from '@realtime/contracts'
import { type Frame, framed } from './frames.ts'

/** In larger rooms a frame tells at most so many changes; who moved again meanwhile is told once, in their turn. */
const MOST_TOLD = 64
const LARGE_ROOM = 100
/** How many of those who left last are remembered. */
const MOST_GONE = 500

/** Who is in a room and where: the latest state of each client, one frame a tick. */
export class Presence {
  #states = new Map<number, string>()
  #changed = new Set<number>()
  #gone = new Set<number>()
  #timer: NodeJS.Timeout | undefined
  #tellAll: (frame: Frame) => void
  #size: () => number

  /** `tellAll` sends a frame to everybody in the room, `size` is how many they are. */
  constructor(tellAll: (frame: Frame) => void, size: () => number) {
    this.#tellAll = tellAll
    this.#size = size
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
    if (!this.#states.delete(clientId)) return
    this.#gone.delete(clientId)
    this.#gone.add(clientId)
    const [oldest] = this.#gone
    if (this.#gone.size > MOST_GONE && oldest !== undefined) this.#gone.delete(oldest)
    this.#tell(clientId)
  }

  /** Everybody's state as one message, for somebody who joins; with who has left, for somebody who was not told. */
  all(withGone = false): Uint8Array {
    const entries = [...this.#states].map(([clientId, json]) => ({ clientId, json }))
    const gone = withGone ? [...this.#gone].filter((clientId) => !this.#states.has(clientId)) : []
    return write.presence([...entries, ...gone.map((clientId) => ({ clientId, json: '' }))])
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #tell(clientId: number): void {
    this.#changed.add(clientId)
    this.#timer ??= setTimeout(() => this.#tick(), tickOf(this.#size()))
  }

  #tick(): void {
    this.#timer = undefined
    const most = this.#size() > LARGE_ROOM ? MOST_TOLD : Number.POSITIVE_INFINITY
    const entries: { clientId: number; json: string }[] = []
    for (const clientId of this.#changed) {
      const json = this.#states.get(clientId) ?? ''
      // Who is gone is always told.
      if (json !== '' && entries.length >= most) continue
      entries.push({ clientId, json })
      this.#changed.delete(clientId)
    }
    this.#tellAll(framed(write.presence(entries)))
    const [next] = this.#changed
    if (next !== undefined) this.#tell(next)
  }
}

/** How long changes are collected in a room of so many, in milliseconds: a frame costs as much as there are readers. */
function tickOf(sessions: number): number {
  return sessions <= 50 ? 40 : sessions <= 200 ? 100 : 250
}
