import { type Actor, type AppendFrame, decodeAppend, origin, Problem, principalOf } from '@realtime/contracts'
import * as Y from 'yjs'

/** Reads and checks the body of an append. @throws Problem `invalid-input` or `invalid-update` (with `frame`) */
export function readFrames(body: Uint8Array): AppendFrame[] {
  let frames: AppendFrame[]
  try {
    frames = decodeAppend(body)
  } catch (cause) {
    throw new Problem('invalid-input', 'body: the frames are cut or are none', { cause })
  }
  if (frames.length === 0) throw new Problem('invalid-input', 'body: no frames')
  frames.forEach(check)
  return frames
}

const PRINCIPAL = /^(user|key|link|service):[A-Za-z0-9_-]{1,64}$/

/**
 * The last gate before the log, which keeps what it takes: an update must read as V1, and write under no client id
 * that is not named for checking.
 */
function check(frame: AppendFrame, index: number): void {
  const extra = { frame: index }
  if (!PRINCIPAL.test(frame.principal)) throw new Problem('invalid-input', 'body: no principal', { extra })
  if (!origin.safeParse(frame.origin).success) throw new Problem('invalid-input', 'body: no origin', { extra })
  if (frame.clientIds.some((clientId) => clientId > 0xffffffff)) {
    throw new Problem('invalid-input', 'body: no client id', { extra })
  }
  const named = new Set(frame.clientIds)
  for (const clientId of clientIdsOf(frame.update, index)) {
    if (named.has(clientId)) continue
    throw new Problem('invalid-input', `body: the update writes under ${clientId}, which is not named`, { extra })
  }
}

/** The client ids that an update writes under. @throws Problem `invalid-update` */
export function clientIdsOf(update: Uint8Array, index = 0): Set<number> {
  try {
    return new Set(Y.decodeUpdate(update).structs.map((struct) => struct.id.client))
  } catch (cause) {
    throw new Problem('invalid-update', undefined, { cause, extra: { frame: index } })
  }
}

/**
 * To whom the client ids of a frame belong: to the person for their own edits; for edits that the server makes on
 * somebody's behalf to the service that makes them.
 */
export function ownerOfClientIds(writer: Actor, frame: AppendFrame): string {
  return frame.origin === 'user' ? frame.principal : principalOf(writer)
}
