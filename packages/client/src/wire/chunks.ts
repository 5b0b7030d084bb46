import { type Chunk, write } from './messages.ts'

/** Cuts a message into chunk messages when it is longer than `limit` bytes; else it travels as it is. */
export function cut(message: Uint8Array, transfer: number, limit: number, chunkSize: number): Uint8Array[] {
  if (message.length <= limit) return [message]
  const count = Math.ceil(message.length / chunkSize)
  return Array.from({ length: count }, (_, index) =>
    write.chunk(transfer, index, count, message.subarray(index * chunkSize, (index + 1) * chunkSize)),
  )
}

/** Puts chunks together again: they come in order, one transfer at a time. */
export interface Assembler {
  /** The whole message when `chunk` was the last, else null. @throws RangeError when out of order or above the limit */
  add(chunk: Chunk): Uint8Array | null
}

/** More parts, or empty ones, would cost the reader more than their bytes. */
const MAX_PARTS = 4096

/** An assembler for messages of up to `maxBytes`. */
export function createAssembler(maxBytes: number): Assembler {
  let parts: Uint8Array[] = []
  let transfer = -1
  let length = 0
  return {
    add(chunk) {
      if (chunk.index === 0) {
        parts = []
        length = 0
        transfer = chunk.transfer
      }
      if (chunk.transfer !== transfer || chunk.index !== parts.length || chunk.index >= chunk.count) {
        throw new RangeError('a chunk is missing or out of order')
      }
      if (chunk.count > MAX_PARTS || chunk.bytes.length === 0) throw new RangeError('the message has too many chunks')
      length += chunk.bytes.length
      if (length > maxBytes) {
        parts = []
        throw new RangeError(`the message is longer than ${maxBytes} bytes`)
      }
      parts.push(chunk.bytes)
      if (parts.length < chunk.count) return null
      const whole = new Uint8Array(length)
      let offset = 0
      for (const part of parts) {
        whole.set(part, offset)
        offset += part.length
      }
      parts = []
      transfer = -1
      return whole
    },
  }
}
