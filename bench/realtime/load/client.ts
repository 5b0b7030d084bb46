import type { Heard, Protocol, Self } from './protocol/protocol.ts'
import { LoadSocket } from './websocket.ts'

/** Where a server is and how it is spoken to. */
export interface Door {
  host: string
  port: number
  protocol: Protocol
}

/** One client of the load: a socket, and no replica. */
export interface Client {
  clientId: number
  /** Resolves when the state is there. @throws Error when it is refused, or the connection ends before */
  joined: Promise<void>
  /** Why the server let it go; null while it has not. */
  lost: string | null
  /** Resolves, with the reason, when the server lets it go. */
  gone: Promise<string>
  /** Sends an own update. @returns its number, from 1 */
  send(update: Uint8Array): number
  move(state: object): void
  bytesRead(): number
  close(): void
}

/** What is to be heard of a connection; `frame` is told the length of each binary message. */
export type Hearing = Partial<Heard> & { frame?(length: number): void }

/** A server that is drowned in joins may take long; one that never answers must not hold up the bench. */
const JOIN_MS = 240_000

/** Connects and joins. `heard` may leave out what it does not want to hear. */
export function connectClient(door: Door, self: Self, heard: Hearing = {}): Client {
  const ignore = (): void => undefined
  let arrived: () => void = ignore
  let failed: (error: Error) => void = ignore
  const joined = new Promise<void>((resolve, reject) => {
    arrived = resolve
    failed = reject
  })
  // Whoever does not wait for it looks at `lost`.
  joined.catch(ignore)
  let letGo: (reason: string) => void = ignore
  const gone = new Promise<string>((resolve) => {
    letGo = resolve
  })
  const timer = setTimeout(() => lose('no answer to the join'), JOIN_MS)
  const lose = (reason: string): void => {
    clearTimeout(timer)
    client.lost ??= reason
    failed(new Error(reason))
    letGo(reason)
  }
  const socket = new LoadSocket(
    { host: door.host, port: door.port, path: door.protocol.path(self.document) },
    {
      open: () => conversation.open(),
      text: (text) => conversation.text(text),
      message(bytes) {
        heard.frame?.(bytes.length)
        conversation.message(bytes)
      },
      part(bytes, offset, length) {
        if (offset === 0) heard.frame?.(length)
        conversation.part(bytes, offset, length)
      },
      closed: lose,
    },
  )
  const conversation = door.protocol.converse(
    self,
    { send: (bytes) => socket.send(bytes), sendText: (text) => socket.sendText(text) },
    {
      state: heard.state ?? ignore,
      update: heard.update ?? ignore,
      acknowledged: heard.acknowledged ?? ignore,
      presence: heard.presence ?? ignore,
      joined() {
        clearTimeout(timer)
        arrived()
        heard.joined?.()
      },
      refused(reason) {
        lose(reason)
        heard.refused?.(reason)
      },
    },
  )
  let number = 0
  const client: Client = {
    clientId: self.clientId,
    joined,
    lost: null,
    gone,
    send(update) {
      number++
      for (const message of conversation.update(number, update)) socket.send(message)
      return number
    },
    move: (state) => socket.send(conversation.presence(state)),
    bytesRead: () => socket.bytesRead,
    close() {
      clearTimeout(timer)
      socket.close()
    },
  }
  return client
}

/** Waits for something that only comes while the server keeps the client. @throws Error when it lets it go before */
export function whileThere<T>(client: Client, work: Promise<T>): Promise<T> {
  const gone = client.gone.then((reason) => {
    throw new Error(`the client was let go: ${reason}`)
  })
  return Promise.race([work, gone])
}

/** Runs `work` for each, at most `width` at a time. */
export async function several<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length)
  let next = 0
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T, index)
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
  return results
}
