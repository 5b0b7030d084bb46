import { socketLimits } from '@realtime/contracts'
import type { Pending, PendingMessage } from './pending.ts'

/** Milliseconds between two messages at least: what is typed meanwhile goes in one. */
const PAUSE_MS = 20
/** What may be on its way without an acknowledgement; one message alone may be larger. */
const WINDOW = { messages: 64, bytes: socketLimits.message }

/**
 * Sends the own updates of a session: the first at once, what follows folded together, and never more than a window
 * ahead of the server's watermark, so that a program that edits without a pause stays within the limits of its session.
 */
export class Sending {
  #pending: Pending
  #send: (message: PendingMessage) => void
  #open = false
  #sent = 0
  #onTheWay: { first: number; number: number; bytes: number }[] = []
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(pending: Pending, send: (message: PendingMessage) => void) {
    this.#pending = pending
    this.#send = send
  }

  /** The server takes updates now: everything that waits goes to it again. */
  open(): void {
    this.close()
    this.#open = true
    this.#sent = 0
    this.more()
  }

  close(): void {
    this.#open = false
    this.#onTheWay = []
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** There is more to send. */
  more(): void {
    if (!this.#open || this.#timer) return
    if (!this.#next()) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.more()
    }, PAUSE_MS)
  }

  /** Everything up to `number` is committed. */
  acknowledged(number: number): void {
    const left = this.#onTheWay.findIndex((message) => message.number > number)
    this.#onTheWay.splice(0, left === -1 ? this.#onTheWay.length : left)
    this.more()
  }

  /** The number of the first update in the message that was sent as `number`. */
  firstOf(number: number): number {
    return this.#onTheWay.find((message) => message.number >= number)?.first ?? number
  }

  /** Sends all that the window takes, without pauses: what goes when one leaves. */
  flush(): void {
    while (this.#open && this.#next()) {}
  }

  /** @returns whether a message went */
  #next(): boolean {
    if (this.#onTheWay.length >= WINDOW.messages) return false
    const used = this.#onTheWay.reduce((sum, message) => sum + message.bytes, 0)
    const message = this.#pending.next(this.#sent, WINDOW.bytes - used, this.#onTheWay.length === 0)
    if (!message) return false
    const { first, number, update } = message
    this.#sent = number
    this.#onTheWay.push({ first, number, bytes: update.length })
    this.#send(message)
    return true
  }
}
