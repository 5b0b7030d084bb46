/** What is told of a message that came in parts. */
export interface LongMessages {
  /**
   * Where the state begins in the message that begins with these bytes; null when it carries none, which makes it be
   * put together. May throw while more bytes are needed.
   */
  stateAt(head: Buffer): number | null
  state(bytes: Buffer): void
  /** All of the state of a message was told. */
  stateEnded(): void
  whole(bytes: Buffer): void
}

/** As many bytes as the head of any message that carries state takes. */
const HEAD_BYTES = 1024

/**
 * Takes long messages in parts: state is handed on as it comes, since hundreds of clients that each collect megabytes
 * would measure the load's memory; all else is put together.
 */
export function longMessages(told: LongMessages): (bytes: Buffer, offset: number, length: number) => void {
  let head: Buffer | null = null
  let whole: Buffer | null = null
  return (bytes, offset, length) => {
    if (offset === 0) {
      head = Buffer.alloc(0)
      whole = null
    }
    const end = offset + bytes.length
    if (whole) {
      bytes.copy(whole, offset)
      if (end === length) told.whole(whole)
      return
    }
    if (!head) {
      told.state(bytes)
      if (end === length) told.stateEnded()
      return
    }
    head = Buffer.concat([head, bytes])
    if (head.length < HEAD_BYTES && end < length) return
    const at = told.stateAt(head)
    if (at === null) {
      whole = Buffer.allocUnsafe(length)
      head.copy(whole)
      if (end === length) told.whole(whole)
      return
    }
    told.state(head.subarray(at))
    head = null
    if (end === length) told.stateEnded()
  }
}
