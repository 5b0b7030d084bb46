import Stripe from 'stripe'
import type { Event } from './objects.ts'
import type { State } from './state.ts'

/** How events leave: at once (tried again until received), kept until asked for, or never. */
export type Mode = 'send' | 'hold' | 'drop'

const RETRY_MS = 100
const TRIES = 100

/** Sends signed events to the webhook endpoint. */
export class Delivery {
  mode: Mode = 'hold'
  url = ''
  secret = ''
  /** Copies of each event that are sent in the mode `send`. */
  copies = 1
  delayMs = 0
  readonly #state: State
  readonly #stripe = new Stripe('sk_test_signs_only')

  constructor(state: State) {
    this.#state = state
    state.onEvent = (event) => {
      if (this.mode !== 'send') return
      for (let copy = 0; copy < this.copies; copy++) setTimeout(() => void this.#persist(event, TRIES), this.delayMs)
    }
  }

  /** Sends events by their ids in the order given, one after the other or at once; answers the statuses. */
  async deliver(ids: string[], options: { atOnce?: boolean; signedAgo?: number } = {}): Promise<number[]> {
    const events = ids.map((id) => {
      const event = this.#state.events.find((one) => one.id === id)
      if (!event) throw new Error(`no such event: ${id}`)
      return event
    })
    if (options.atOnce) return Promise.all(events.map((event) => this.#send(event, options.signedAgo)))
    const statuses: number[] = []
    for (const event of events) statuses.push(await this.#send(event, options.signedAgo))
    return statuses
  }

  async #persist(event: Event, left: number): Promise<void> {
    const status = await this.#send(event).catch(() => 0)
    if ((status < 200 || status > 299) && left > 1) setTimeout(() => void this.#persist(event, left - 1), RETRY_MS)
  }

  async #send(event: Event, signedAgo = 0): Promise<number> {
    const payload = JSON.stringify(event, null, 2)
    const timestamp = Math.floor(Date.now() / 1000) - signedAgo
    const signature = this.#stripe.webhooks.generateTestHeaderString({ payload, secret: this.secret, timestamp })
    const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature }
    const response = await fetch(this.url, { method: 'POST', headers, body: payload })
    await response.arrayBuffer()
    return response.status
  }
}
