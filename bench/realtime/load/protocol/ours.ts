import { createAssembler, cut, MessageByte, readServerMessage, write } from '@realtime/client/wire'
import { PROTOCOL_VERSION, socketLimits } from '@realtime/contracts'
import { longMessages } from './parts.ts'
import { Cursor, EMPTY_STATE_VECTOR, type Protocol } from './protocol.ts'

const NOTHING = new Uint8Array()

/** Speaks to the collaboration service: `packages/client/src/wire` in Socket.IO's frames. `token` says who a client is. */
export function ours(token: (clientId: number) => string): Protocol {
  return {
    path: (document) =>
      `/socket.io/?EIO=4&transport=websocket&document=${document}&protocol=${String(PROTOCOL_VERSION)}`,
    converse(self, line, heard) {
      const assembler = createAssembler(socketLimits.update + 64 * 1024)
      let transfer = 0
      /** Whether the chunks that come now carry the joined message. */
      let chunkedState = false
      const joined = (bytes: Buffer): void => {
        heard.state(bytes.subarray(stateAt(bytes)))
        heard.joined()
      }
      const chunk = (bytes: Buffer): void => {
        const cursor = new Cursor(bytes, 1)
        const [id, index, count] = [cursor.number(), cursor.number(), cursor.number()]
        const content = cursor.tail()
        if (index === 0) chunkedState = content[0] === MessageByte.joined
        if (chunkedState) {
          heard.state(index === 0 ? content.subarray(stateAt(content)) : content)
          if (index === count - 1) heard.joined()
          return
        }
        const whole = assembler.add({ type: 'chunk', transfer: id, index, count, bytes: Uint8Array.from(content) })
        if (whole) message(Buffer.from(whole.buffer, whole.byteOffset, whole.length))
      }
      const message = (bytes: Buffer): void => {
        switch (bytes[0]) {
          case MessageByte.update:
            heard.update(bytes.subarray(1))
            break
          case MessageByte.updates: {
            const cursor = new Cursor(bytes, 1)
            while (!cursor.done) heard.update(cursor.block())
            break
          }
          case MessageByte.ack:
            heard.acknowledged(new Cursor(bytes, 1).number())
            break
          case MessageByte.presence: {
            const cursor = new Cursor(bytes, 1)
            let people = 0
            for (; !cursor.done; people++) {
              cursor.number()
              cursor.block()
            }
            heard.presence(people)
            break
          }
          case MessageByte.joined:
            joined(bytes)
            break
          case MessageByte.chunk:
            chunk(bytes)
            break
          case MessageByte.refused: {
            const read = readServerMessage(bytes)
            if (read.type === 'refused') heard.refused(`${read.problem.type}: ${read.problem.detail ?? ''}`)
          }
        }
      }
      return {
        open() {},
        text(text) {
          if (text.startsWith('0'))
            line.sendText(`40${JSON.stringify({ token: token(self.clientId), protocol: PROTOCOL_VERSION })}`)
          else if (text === '2') line.sendText('3')
          else if (text.startsWith('40')) {
            const { epoch = '', digest = NOTHING, stateVector = EMPTY_STATE_VECTOR } = self.known ?? {}
            line.send(write.join(self.document, epoch, self.clientId, digest, stateVector))
          } else if (text.startsWith('44') || text.startsWith('41') || text.startsWith('42')) heard.refused(text)
        },
        message,
        part: longMessages({
          stateAt: (head) => (head[0] === MessageByte.joined ? stateAt(head) : null),
          state: heard.state,
          stateEnded: heard.joined,
          whole: message,
        }),
        update: (number, update) =>
          cut(write.sendUpdate(number, update), ++transfer, socketLimits.chunk, socketLimits.chunk),
        presence: (state) => write.sendPresence(JSON.stringify(state)),
      }
    },
  }
}

/** Where the update begins in a joined message. */
function stateAt(bytes: Buffer): number {
  const cursor = new Cursor(bytes, 1)
  cursor.block()
  cursor.number()
  cursor.block()
  return cursor.at
}
