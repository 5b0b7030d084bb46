import { BINARY_EVENT, readServerMessage, type ServerMessage, wireParser } from '@realtime/client/wire'
import { PROTOCOL_VERSION, type Problem, problemFrom } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import { io, type Socket } from 'socket.io-client'

export interface RawOptions {
  url: string
  document: string
  auth?: Record<string, unknown>
  query?: Record<string, unknown>
  /** Use Socket.IO's own parser, as a client that knows nothing of ours does. */
  defaultParser?: boolean
}

/** A socket that speaks the wire format by hand, to break rules that the provider keeps. */
export class RawSocket {
  readonly socket: Socket
  readonly messages: ServerMessage[] = []

  constructor({ url, document, auth, query, defaultParser }: RawOptions) {
    this.socket = io(url, {
      path: '/socket.io',
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      query: { document, protocol: PROTOCOL_VERSION, ...query },
      auth: { protocol: PROTOCOL_VERSION, ...auth },
      ...(defaultParser ? {} : { parser: wireParser }),
    })
    this.socket.on(BINARY_EVENT, (bytes: Uint8Array) => void this.messages.push(readServerMessage(bytes)))
  }

  /** Resolves with null once connected, or with the problem of the refusal. */
  connected(): Promise<Problem | null> {
    return new Promise((resolve, reject) => {
      this.socket.once('connect', () => resolve(null))
      this.socket.once('connect_error', (error: Error & { data?: unknown }) => {
        const problem = problemFrom(error.data)
        if (problem) resolve(problem)
        else reject(error)
      })
    })
  }

  send(bytes: Uint8Array): void {
    this.socket.emit(BINARY_EVENT, bytes)
  }

  /** The first message of a type that has come or comes, which `where` accepts. */
  async message<T extends ServerMessage['type']>(
    type: T,
    where: (message: Extract<ServerMessage, { type: T }>) => boolean = () => true,
  ): Promise<Extract<ServerMessage, { type: T }>> {
    type Wanted = Extract<ServerMessage, { type: T }>
    const is = (message: ServerMessage): message is Wanted => message.type === type
    return eventually((): Wanted | false => this.messages.filter(is).find(where) ?? false) as Promise<Wanted>
  }

  /** Every problem that has come, by key. */
  get refusals(): string[] {
    return this.messages.flatMap((message) =>
      message.type === 'refused' ? [message.problem.type.replace('/problems/', '')] : [],
    )
  }

  /** Stops reading from the network; TCP does the rest. */
  stopReading(): void {
    this.#stream.pause()
  }

  readAgain(): void {
    this.#stream.resume()
  }

  /** A ping of the WebSocket itself. */
  ping(): void {
    if (this.#webSocket.readyState === 1) this.#webSocket.ping('x'.repeat(125))
  }

  get #stream(): { pause(): void; resume(): void } {
    return this.#webSocket._socket
  }

  get #webSocket(): { _socket: { pause(): void; resume(): void }; readyState: number; ping(data: string): void } {
    const { transport } = this.socket.io.engine as unknown as { transport: { ws: never } }
    return transport.ws
  }

  close(): void {
    this.socket.disconnect()
  }
}
