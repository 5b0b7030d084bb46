import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

/** What a connection tells. Bytes are views that hold only during the call. */
export interface WebSocketHandlers {
  open(): void
  text?(text: string): void
  message(bytes: Buffer): void
  /** Parts of a message longer than `PART_BYTES`, in order; without it such messages come whole to `message`. */
  part?(bytes: Buffer, offset: number, length: number): void
  closed?(reason: string): void
}

/** Messages longer than this need not be put together. */
export const PART_BYTES = 64 * 1024

/** All connections of the process read into the same bytes: what is heard is looked at at once. */
const input = Buffer.allocUnsafe(256 * 1024)

const CONTINUATION = 0
const TEXT = 1
const BINARY = 2
const CLOSE = 8
const PING = 9
const PONG = 10

/**
 * A WebSocket client for load: no extension, no copy of what it reads, so that the clients of a bench cost as little
 * as they can beside the server that is measured. It counts every byte that comes.
 */
export class LoadSocket {
  /** Bytes that came over TCP, frames and handshake included. */
  get bytesRead(): number {
    return this.#socket.bytesRead
  }
  closed = false
  #socket: Socket
  #handlers: WebSocketHandlers
  #reader: FrameReader
  #open = false
  #head: Buffer = Buffer.alloc(0)

  constructor(address: { host: string; port: number; path: string }, handlers: WebSocketHandlers) {
    this.#handlers = handlers
    this.#reader = new FrameReader({
      message: (opcode, bytes) => this.#message(opcode, bytes),
      part: handlers.part?.bind(handlers),
    })
    this.#socket = connect({
      host: address.host,
      port: address.port,
      noDelay: true,
      onread: {
        buffer: input,
        callback: (length, buffer) => {
          this.#read(buffer as Buffer, length)
          return true
        },
      },
    })
    this.#socket.once('connect', () => {
      this.#socket.write(
        `GET ${address.path} HTTP/1.1\r\nHost: ${address.host}:${address.port}\r\nUpgrade: websocket\r\n` +
          `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
      )
    })
    this.#socket.on('error', (error) => this.#end(error.message))
    this.#socket.on('close', () => this.#end('the connection ended'))
  }

  send(payload: Uint8Array): void {
    this.#socket.write(frame(BINARY, payload))
  }

  sendText(text: string): void {
    this.#socket.write(frame(TEXT, Buffer.from(text)))
  }

  close(): void {
    this.closed = true
    this.#socket.destroy()
  }

  #read(buffer: Buffer, length: number): void {
    let bytes = buffer.subarray(0, length)
    if (!this.#open) {
      const head = Buffer.concat([this.#head, bytes])
      const end = head.indexOf('\r\n\r\n')
      if (end === -1) {
        this.#head = head
        return
      }
      const status = head.toString('latin1', 0, head.indexOf('\r\n'))
      if (!status.includes(' 101 ')) {
        this.#end(status)
        this.#socket.destroy()
        return
      }
      this.#open = true
      bytes = head.subarray(end + 4)
      this.#handlers.open()
    }
    if (bytes.length > 0) this.#reader.read(bytes)
  }

  #message(opcode: number, bytes: Buffer): void {
    if (this.closed) return
    if (opcode === BINARY) this.#handlers.message(bytes)
    else if (opcode === TEXT) this.#handlers.text?.(bytes.toString())
    else if (opcode === PING) this.#socket.write(frame(PONG, bytes))
    else if (opcode === CLOSE) {
      this.#end(bytes.length > 2 ? `${bytes.readUInt16BE(0)} ${bytes.toString('utf8', 2)}` : 'closed')
      this.#socket.destroy()
    }
  }

  #end(reason: string): void {
    if (this.closed) return
    this.closed = true
    this.#handlers.closed?.(reason)
  }
}

/** A client's frame. Its mask is zero, which leaves the payload as it is. */
export function frame(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload
  const lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const start = 2 + lengthBytes + 4
  const bytes = Buffer.allocUnsafe(start + length)
  bytes[0] = 0x80 | opcode
  bytes[1] = 0x80 | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127)
  if (lengthBytes === 2) bytes.writeUInt16BE(length, 2)
  if (lengthBytes === 8) bytes.writeBigUInt64BE(BigInt(length), 2)
  bytes.fill(0, start - 4, start)
  bytes.set(payload, start)
  return bytes
}

interface FrameHandlers {
  message(opcode: number, bytes: Buffer): void
  part?: ((bytes: Buffer, offset: number, length: number) => void) | undefined
}

/** Takes bytes as they come and tells of a server's frames. Views are told where a frame came in one piece. */
export class FrameReader {
  #handlers: FrameHandlers
  /** The beginning of a frame whose length is not known yet, or all that came of one that will be told whole. */
  #rest: Buffer | null = null
  /** A frame that comes in pieces: told in parts, or collected in `whole`. */
  #long: { opcode: number; length: number; offset: number; whole: Buffer | null } | null = null
  #fragments: { opcode: number; parts: Buffer[] } | null = null

  constructor(handlers: FrameHandlers) {
    this.#handlers = handlers
  }

  read(chunk: Buffer): void {
    let bytes = chunk
    if (this.#rest) {
      bytes = Buffer.concat([this.#rest, chunk])
      this.#rest = null
    }
    let at = 0
    while (at < bytes.length) {
      if (this.#long) {
        at = this.#continue(bytes, at)
        continue
      }
      const header = headerOf(bytes, at)
      if (!header) {
        this.#rest = Buffer.from(bytes.subarray(at))
        return
      }
      const { opcode, final, start, length } = header
      if (start + length <= bytes.length) {
        const whole = bytes.subarray(start, start + length)
        if (length > PART_BYTES && this.#handlers.part && opcode === BINARY && final)
          this.#handlers.part(whole, 0, length)
        else this.#told(opcode, final, whole)
        at = start + length
        continue
      }
      const parts = length > PART_BYTES && this.#handlers.part && opcode === BINARY && final
      this.#long = {
        opcode: final ? opcode : opcode | 0x80,
        length,
        offset: 0,
        whole: parts ? null : Buffer.allocUnsafe(length),
      }
      at = start
    }
  }

  #continue(bytes: Buffer, at: number): number {
    const long = this.#long
    if (!long) return at
    const part = bytes.subarray(at, Math.min(bytes.length, at + long.length - long.offset))
    if (long.whole) part.copy(long.whole, long.offset)
    else this.#handlers.part?.(part, long.offset, long.length)
    long.offset += part.length
    if (long.offset === long.length) {
      this.#long = null
      if (long.whole) this.#told(long.opcode & 0x7f, (long.opcode & 0x80) === 0, long.whole)
    }
    return at + part.length
  }

  #told(opcode: number, final: boolean, bytes: Buffer): void {
    if (opcode >= CLOSE || (final && opcode !== CONTINUATION)) {
      this.#handlers.message(opcode, bytes)
      return
    }
    if (opcode !== CONTINUATION) this.#fragments = { opcode, parts: [] }
    this.#fragments?.parts.push(Buffer.from(bytes))
    if (!final || !this.#fragments) return
    const { opcode: first, parts } = this.#fragments
    this.#fragments = null
    this.#handlers.message(first, Buffer.concat(parts))
  }
}

function headerOf(bytes: Buffer, at: number): { opcode: number; final: boolean; start: number; length: number } | null {
  if (at + 2 > bytes.length) return null
  const first = bytes[at] as number
  const short = (bytes[at + 1] as number) & 0x7f
  const start = at + (short === 126 ? 4 : short === 127 ? 10 : 2)
  if (start > bytes.length) return null
  const length =
    short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short
  return { opcode: first & 0x0f, final: (first & 0x80) !== 0, start, length }
}
