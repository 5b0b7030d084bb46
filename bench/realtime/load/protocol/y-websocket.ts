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

/** Speaks to y-websocket's server. It confirms nothing. */
export const yWebsocket: Protocol = {
  path: (document) => `/${document}`,
  converse(self, line, heard) {
    let clock = 0
    const asked = (): void => line.send(packed((encoder) => writeSync(encoder, STEP_2, EMPTY_UPDATE)))
    const message = (bytes: Buffer): void => {
      const cursor = new Cursor(bytes)
      const type = cursor.number()
      if (type === SYNC) hearSync(cursor, heard, asked)
      else if (type === AWARENESS) hearAwareness(cursor, heard)
    }
    return {
      open() {
        const vector = self.known?.stateVector ?? EMPTY_STATE_VECTOR
        line.send(packed((encoder) => writeSync(encoder, STEP_1, vector)))
      },
      text() {},
      message,
      part: longMessages({
        stateAt: (head) => (head[0] === SYNC ? stateOfSync(new Cursor(head, 1)) : null),
        state: heard.state,
        stateEnded: heard.joined,
        whole: message,
      }),
      update: (_number, update) => [packed((encoder) => writeSync(encoder, UPDATE, update))],
      presence: (state) => packed((encoder) => writeAwareness(encoder, self.clientId, ++clock, state)),
    }
  },
}
