import { type AccessNews, type Permission, toProblem } from '@realtime/contracts'
import type { Log } from '@realtime/kit'
import type { Room } from './room.ts'
import type { Rooms } from './rooms.ts'
import type { Session } from './session.ts'
import type { Store } from './store.ts'

/** How often everybody's access is asked for while nobody tells of changes, in milliseconds. */
const UNTOLD_MS = 1_000
/** And while changes are told, should one be lost. */
const TOLD_MS = 30_000
const RETRY_MS = 500
/** Actors of one question. */
const MOST_ASKED = 500

/** SPEC J7: keeps to what those in rooms may do, from one second to the next. */
export class Access {
  #rooms: Rooms
  #store: Store
  #log: Log
  #told = false
  #timer: NodeJS.Timeout | undefined
  #asking = new Map<Room, Set<Session>>()
  #stopped = false

  constructor(rooms: Rooms, store: Store, log: Log) {
    this.#rooms = rooms
    this.#store = store
    this.#log = log
    this.#later()
  }

  /** Hears whether changes are told at the moment. */
  listening(told: boolean): void {
    if (told === this.#told) return
    this.#told = told
    // What changed while nobody told is not known.
    if (told) this.heard({})
    this.#later()
  }

  /** Hears whose access may have changed. */
  heard({ id, projectId, organizationId, userId }: AccessNews): void {
    this.#rooms.changes++
    const concerns = (session: Session): boolean =>
      (projectId === undefined || session.projectId === projectId) &&
      (organizationId === undefined || session.organizationId === organizationId) &&
      (userId === undefined || session.userId === userId)
    this.#rooms.each((room) => {
      if (id !== undefined && room.id !== id) return
      const sessions = [...room.authors].filter(concerns)
      if (sessions.length > 0) this.#ask(room, sessions)
    })
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #later(): void {
    clearTimeout(this.#timer)
    if (this.#stopped) return
    this.#timer = setTimeout(
      () => {
        this.#rooms.each((room) => this.#ask(room, room.authors))
        this.#later()
      },
      this.#told ? TOLD_MS : UNTOLD_MS,
    ).unref()
  }

  /** Asks about some sessions of a room; while a question is under way, those that come are asked about next. */
  #ask(room: Room, sessions: Iterable<Session>): void {
    const next = this.#asking.get(room)
    if (next) {
      for (const session of sessions) next.add(session)
      return
    }
    const asked = [...sessions]
    if (asked.length === 0 || room.closed) return
    const waiting = new Set<Session>()
    this.#asking.set(room, waiting)
    this.#settle(room, asked)
      .catch((error: unknown) => {
        const problem = toProblem(error)
        // A part that is away says nothing about access. Without document nothing can be committed either, and without
        // organization no role can change.
        this.#log.debug({ err: problem, document: room.id }, 'access cannot be asked for; trying again')
        for (const session of asked) waiting.add(session)
        return new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      })
      .finally(() => {
        this.#asking.delete(room)
        if (!this.#stopped) {
          const { authors } = room
          this.#ask(
            room,
            [...waiting].filter((session) => authors.has(session)),
          )
        }
      })
  }

  async #settle(room: Room, sessions: Session[]): Promise<void> {
    // By session too: one of somebody's may have been ended, and the others not.
    const actors = [...new Map(sessions.map(({ actor }) => [JSON.stringify(actor), actor]))]
    for (let from = 0; from < actors.length; from += MOST_ASKED) {
      const some = actors.slice(from, from + MOST_ASKED)
      const { permissions, projectId } = await this.#store.access(
        room.id,
        some.map(([, actor]) => actor),
      )
      const found = new Map(some.map(([key], index) => [key, permissions[index] ?? null]))
      const changes = new Map<Session, Permission | null>()
      for (const session of sessions) {
        const permission = found.get(JSON.stringify(session.actor))
        if (permission !== undefined) changes.set(session, permission)
        if (projectId !== null) session.projectId = projectId
      }
      room.permit(changes)
    }
  }
}
