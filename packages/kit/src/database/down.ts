/** SQLSTATEs of a server that goes away, comes up, or cannot take another connection (PostgreSQL, appendix A). */
const STATES = /^(08...|57P0[1-5]|53300)$/
/** Socket errors (Node) and engine errors (Prisma) of a database that cannot be reached. */
const CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2037',
])
const KINDS = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections'])
const MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/

/** Whether an error of pg or Prisma says that the database is away for now, rather than that a query was wrong. */
export function isDatabaseDown(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { code, kind, message, originalCode, cause, meta } = error as Record<string, unknown>
  for (const each of [code, originalCode]) {
    if (typeof each === 'string' && (CODES.has(each) || STATES.test(each))) return true
  }
  if (typeof kind === 'string' && KINDS.has(kind)) return true
  if (typeof message === 'string' && MESSAGES.test(message)) return true
  // Prisma keeps what the driver said out of `cause`.
  const { driverAdapterError } = (meta ?? {}) as { driverAdapterError?: unknown }
  return (cause !== error && isDatabaseDown(cause)) || isDatabaseDown(driverAdapterError)
}
