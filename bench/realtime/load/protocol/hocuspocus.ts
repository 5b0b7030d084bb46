import { type Encoder, writeVarString, writeVarUint } from 'lib0/encoding'
import { longMessages } from './parts.ts'
import { Cursor, EMPTY_STATE_VECTOR, EMPTY_UPDATE, type Protocol } from './protocol.ts'
import {
  AWARENESS,
  hearAwareness,
  hearSync,
  packed,
  STEP_1,
  STEP_2,
  SYNC,
  stateOfSync,
  UPDATE,
  writeAwareness,
  writeSync,
} from './sync.ts'

const AUTH = 2
const TOKEN = 0
const PERMISSION_DENIED = 1
const SYNC_REPLY = 4
const CLOSE = 7
const SYNC_STATUS = 8

/** Speaks to Hocuspocus 3: y-protocols behind the document's name. It confirms each update it has applied in memory. */
export const hocuspocus: Protocol = {
  path: () => '/',
  converse(self, line, heard) {
    let clock = 0
    let confirmed = 0
    /** Confirmations of what the handshake sent, which are nobody's update. */
    let unasked = 0
    const named = (work: (encoder: Encoder) => void): Uint8Array =>
      packed((encoder) => {
        writeVarString(encoder, self.document)
        work(encoder)
      })
    const asked = (): void => {
      unasked++
      line.send(named((encoder) => writeSync(encoder, STEP_2, EMPTY_UPDATE)))
    }
    const message = (bytes: Buffer): void => {
      const cursor = new Cursor(bytes)
      cursor.block()
      const type = cursor.number()
      if (type === SYNC || type === SYNC_REPLY) hearSync(cursor, heard, asked)
      else if (type === AWARENESS) hearAwareness(cursor, heard)
      else if (type === SYNC_STATUS) {
        if (cursor.number() !== 1) heard.refused('an update was not applied')
        else if (unasked > 0) unasked--
        else heard.acknowledged(++confirmed)
      } else if (type === AUTH && cursor.number() === PERMISSION_DENIED) heard.refused('permission denied')
      else if (type === CLOSE) heard.refused(`closed: ${cursor.block().toString()}`)
    }
    return {
      open() {
        line.send(
          named((encoder) => {
            writeVarUint(encoder, AUTH)
            writeVarUint(encoder, TOKEN)
            writeVarString(encoder, 'load')
          }),
        )
        const vector = self.known?.stateVector ?? EMPTY_STATE_VECTOR
        line.send(named((encoder) => writeSync(encoder, STEP_1, vector)))
      },
      text() {},
      message,
      part: longMessages({
        stateAt(head) {
          const cursor = new Cursor(head)
          cursor.block()
          const type = cursor.number()
          return type === SYNC || type === SYNC_REPLY ? stateOfSync(cursor) : null
        },
        state: heard.state,
        stateEnded: heard.joined,
        whole: message,
      }),
      update: (_number, update) => [named((encoder) => writeSync(encoder, UPDATE, update))],
      presence: (state) => named((encoder) => writeAwareness(encoder, self.clientId, ++clock, state)),
    }
  },
}
