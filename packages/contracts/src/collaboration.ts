import { z } from 'zod'

/**
 * Version of the socket protocol (`packages/client/src/wire`, rules in `services/collaboration/SPEC.md`).
 * History: 1 — first version. 2 — digests of states in joins, permission messages.
 */
export const PROTOCOL_VERSION = 2

/**
 * Limits of a socket, in bytes where nothing else is said. Of what has a burst, so much may come at once, and `perSecond`
 * in the long run; whoever sends more is disconnected with `rate-limited` and `retryAfterMs`.
 */
export const socketLimits = {
  /** Of any message before the socket is authenticated. */
  unauthenticated: 64 * 1024,
  /** Of one message; larger updates travel in chunks. */
  message: 1024 * 1024,
  /** Of the bytes of one chunk. */
  chunk: 256 * 1024,
  /** Of one update, however many chunks it takes. */
  update: 16 * 1024 * 1024,
  /** Of one client's presence. */
  presence: 16 * 1024,
  /** Messages of one socket. */
  messages: { perSecond: 200, burst: 2_000 },
  /** Bytes of one socket's messages. */
  bytes: { perSecond: 4 * 1024 * 1024, burst: 32 * 1024 * 1024 },
  /** Joins of one principal. */
  joins: { perSecond: 10, burst: 600 },
} as const

/** What the client puts into Socket.IO's `auth` at the handshake. */
export const handshakeAuth = z.object({ token: z.string().min(1).max(8192), protocol: z.number().int() })

/** What the handshake query carries, for routing only; it is never trusted. */
export const handshakeQuery = z.object({ document: z.string().max(64), protocol: z.string().max(8) })

/**
 * Control events (JSON). `token` renews the user token of a live socket and is acknowledged with null or a problem;
 * `alive` is acknowledged at once; `problem` tells a client why it is let go.
 */
export const controlEvents = { token: 'token', alive: 'alive', problem: 'problem' } as const

/** The colours of people's carets and avatars: 4.5 to 1 below white letters, 3 to 1 on white and on the dark page. */
export const presenceColors = [
  '#e03131',
  '#c2255c',
  '#9c36b5',
  '#7048e8',
  '#3b5bdb',
  '#1971c2',
  '#0b7285',
  '#087f5b',
  '#2b8038',
  '#4d7c0f',
  '#c2410c',
  '#946200',
] as const

/** The colour of a person, the same everywhere and always. */
export function colorOf(key: string): string {
  let hash = 2166136261
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 16777619)
  return presenceColors[(hash >>> 0) % presenceColors.length] ?? presenceColors[0]
}
