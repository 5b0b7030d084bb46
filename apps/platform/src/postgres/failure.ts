/** PostgreSQL cannot be started or used here; the message is one line for an operator and says what to do. */
export class PostgresFailed extends Error {
  override readonly name = 'PostgresFailed'
}
