import { type Actor, handshakeAuth, handshakeQuery, invalidInput, PROTOCOL_VERSION, Problem } from '@realtime/contracts'
import { REQUEST_ID_HEADER, readRequestId, type UserTokens, type VerifiedUser } from '@realtime/kit'
import type { Socket } from 'socket.io'

/** What a socket carries from its handshake on. */
export interface Handshake {
  user: VerifiedUser
  document: string
  requestId: string
}

export type AppSocket = Socket<Record<string, never>, Record<string, never>, Record<string, never>, Partial<Handshake>>

/** SPEC H1–H3: reads and checks who connects, and for which document. @throws Problem */
export async function shakeHands(socket: AppSocket, tokens: UserTokens): Promise<void> {
  const { headers, query, auth } = socket.handshake
  socket.data.requestId = readRequestId(headers[REQUEST_ID_HEADER])
  const asked = handshakeQuery.safeParse(query)
  if (!asked.success) throw invalidInput(asked.error, 'query')
  const given = handshakeAuth.safeParse(auth)
  if (Number(asked.data.protocol) !== PROTOCOL_VERSION) throw new Problem('protocol-mismatch')
  if (!given.success) throw new Problem('unauthenticated', 'A token and the protocol version are needed.')
  if (given.data.protocol !== PROTOCOL_VERSION) throw new Problem('protocol-mismatch')
  socket.data.user = await tokens.verify(given.data.token)
  socket.data.document = asked.data.document
}

/** Somebody by what does not change while they stay: visitors may give themselves another name. */
function whoIs(actor: Actor): string {
  return JSON.stringify(actor.type === 'link' ? { ...actor, name: '' } : actor)
}

/** SPEC H4: the user of a newer token for the same live socket. @throws Problem `unauthenticated` */
export async function renewed(before: VerifiedUser, token: unknown, tokens: UserTokens): Promise<VerifiedUser> {
  if (typeof token !== 'string' || token.length > 8192) throw new Problem('unauthenticated', 'A token is needed.')
  const user = await tokens.verify(token)
  if (whoIs(before.actor) !== whoIs(user.actor)) {
    throw new Problem('unauthenticated', 'The token belongs to somebody else.')
  }
  return user
}
