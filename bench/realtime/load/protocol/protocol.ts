/** What a client of the load hears. Bytes are views that hold only during the call. */
export interface Heard {
  /** A piece of the state that the join brought, in order. */
  state(bytes: Buffer): void
  /** The state is there: from now on updates come. */
  joined(): void
  /** One update of somebody, or an own one echoed. */
  update(update: Buffer): void
  /** Every own update up to this number is confirmed. */
  acknowledged(upTo: number): void
  /** One presence message, telling of so many people. */
  presence(people: number): void
  refused(reason: string): void
}

/** Who a client is and what it has already. */
export interface Self {
  document: string
  clientId: number
  /** Of what it holds; absent for somebody who comes with nothing. */
  known?: { epoch: string; digest: Uint8Array; stateVector: Uint8Array }
}

/** The outgoing side of a socket. */
export interface Line {
  send(bytes: Uint8Array): void
  sendText(text: string): void
}

/** How one server is spoken to over one socket. */
export interface Conversation {
  open(): void
  text(text: string): void
  message(bytes: Buffer): void
  part(bytes: Buffer, offset: number, length: number): void
  /** The messages that carry an own update; numbers rise from 1. */
  update(number: number, update: Uint8Array): Uint8Array[]
  /** The message that carries the own presence. */
  presence(state: object): Uint8Array
}

export interface Protocol {
  /** Path and query of the WebSocket of a document. */
  path(document: string): string
  converse(self: Self, line: Line, heard: Heard): Conversation
}

/** The state vector of an empty document, and the update that brings nothing. */
export const EMPTY_STATE_VECTOR = Uint8Array.of(0)
export const EMPTY_UPDATE = Uint8Array.of(0, 0)

/** Reads numbers and length-prefixed bytes of a message without copying. */
export class Cursor {
  at: number
  readonly bytes: Buffer

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes
    this.at = at
  }

  get done(): boolean {
    return this.at >= this.bytes.length
  }

  number(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const byte = this.bytes[this.at++]
      if (byte === undefined) throw new RangeError('the message is cut')
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
      factor *= 0x80
    }
  }

  block(): Buffer {
    const length = this.number()
    if (this.at + length > this.bytes.length) throw new RangeError('the message is cut')
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  tail(): Buffer {
    return this.bytes.subarray(this.at)
  }
}
