import { Decoder, Encoder, type Packet, PacketType } from 'socket.io-parser'

/** The one Socket.IO event that carries our binary messages. */
export const BINARY_EVENT = 'b'

/**
 * A Socket.IO parser under which an event `b` with one `Uint8Array` is exactly one binary WebSocket frame, without
 * the JSON header that the default parser sends before each attachment. Control packets stay as Socket.IO's JSON, so
 * a client with the default parser gets as far as our refusal. Needed on both ends.
 */
class WireEncoder extends Encoder {
  override encode(packet: Packet): unknown[] & string[] {
    if (packet.type === PacketType.EVENT && packet.data?.[0] === BINARY_EVENT) return [packet.data[1]] as never
    if (packet.type === PacketType.EVENT || packet.type === PacketType.ACK) return [jsonPacket(packet)]
    return super.encode(packet) as string[]
  }
}

/** A control event as Socket.IO writes it, without its search for binary attachments. */
function jsonPacket(packet: Packet): string {
  const namespace = packet.nsp && packet.nsp !== '/' ? `${packet.nsp},` : ''
  return `${packet.type}${namespace}${packet.id ?? ''}${JSON.stringify(packet.data)}`
}

class WireDecoder extends Decoder {
  /** Control packets, and any before the peer has connected, may be this long, in characters or bytes. */
  #limit = 64 * 1024
  #connected = false
  /** Takes binary messages past Socket.IO's events. */
  onFrame: ((bytes: Uint8Array) => void) | null = null

  override add(frame: unknown): void {
    if (typeof frame === 'string') {
      if (frame.length > this.#limit) throw new Error('the packet is too long')
      if (frame.startsWith('5') || frame.startsWith('6')) throw new Error('attachments are not part of this protocol')
      if (frame.startsWith('0')) this.#connected = true
      super.add(frame)
      return
    }
    const bytes = frame instanceof ArrayBuffer ? new Uint8Array(frame) : frame
    if (!(bytes instanceof Uint8Array)) throw new Error('a frame is neither text nor bytes')
    if (!this.#connected && bytes.length > this.#limit) throw new Error('the first packet is too long')
    if (this.onFrame) this.onFrame(bytes)
    else this.emitReserved('decoded', { type: PacketType.EVENT, nsp: '/', data: [BINARY_EVENT, bytes] })
  }
}

/** Give this to Socket.IO's `parser` option. */
export const wireParser = { Encoder: WireEncoder, Decoder: WireDecoder }

/**
 * Gives the binary messages of a server's socket straight to `take`, in the turn in which they came: half the work of
 * an event, for exactly the version of Socket.IO that is pinned here.
 */
export function listenToFrames(socket: object, take: (bytes: Uint8Array) => void): void {
  const { decoder } = (socket as { client: { decoder: unknown } }).client
  if (!(decoder instanceof WireDecoder)) throw new Error('the socket has another parser')
  decoder.onFrame = take
}
