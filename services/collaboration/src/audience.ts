import { write } from '@realtime/client/wire'
import * as Y from 'yjs'
import { type Frame, framed, together } from './frames.ts'
import type { Presence } from './presence.ts'
import { type Entry, newsOf } from './queue.ts'
import type { Session } from './session.ts'

/** What the audience knows of its room. */
export interface Stage {
  /** At `seq`, whenever it is asked for. */
  readonly doc: Y.Doc
  readonly seq: number
  readonly presence: Presence
}

/** Those in a room, and how they are told: a frame is made once for all, and who does not read is told nothing. */
export class Audience {
  readonly sessions = new Set<Session>()
  #stage: Stage

  constructor(stage: Stage) {
    this.#stage = stage
  }

  /** Broadcasts a committed batch to all but each update's author, and acknowledges it to the authors. */
  publish(batch: Entry[]): void {
    const news = newsOf(batch)
    const watermarks = new Map<Session, number>()
    for (const { session, number } of batch) watermarks.set(session, number)
    const all = news.length > 0 ? framed(write.updates(news.map(({ checked }) => checked.update))) : null
    for (const session of this.sessions) {
      const watermark = watermarks.get(session)
      if (watermark === undefined) {
        if (all) this.tell(session, all)
        continue
      }
      session.acknowledged = watermark
      const frames = [framed(write.ack(watermark))]
      const others = news.flatMap(({ session: author, checked }) => (author === session ? [] : [checked.update]))
      if (others.length > 0) frames.unshift(framed(write.updates(others)))
      this.tell(session, together(...frames))
    }
  }

  tellAll(frame: Frame): void {
    for (const session of this.sessions) this.tell(session, frame)
  }

  /** Tells something in one turn: who lags after it has all of it on the way. */
  tell(session: Session, ...frames: Frame[]): void {
    for (const frame of frames) session.send(frame)
    if (session.slow && !session.lag) this.#rest(session)
  }

  /**
   * A session whose reader does not keep up is told nothing more until it has read what waits. Then it gets what it
   * lacks in one piece, with its newest acknowledgement and everybody's presence.
   */
  #rest(session: Session): void {
    const { seq } = this.#stage
    const stateVector = Y.encodeStateVector(this.#stage.doc)
    session.lagUntilDrained(() => {
      const { doc } = this.#stage
      if (!this.sessions.has(session)) return
      if (this.#stage.seq > seq) session.send(framed(write.updates([Y.encodeStateAsUpdate(doc, stateVector)])))
      if (session.acknowledged > 0) session.send(framed(write.ack(session.acknowledged)))
      session.send(framed(write.permission(session.permission)))
      this.tell(session, framed(this.#stage.presence.all(true)))
    })
  }
}
