import { z } from 'zod'

/**
 * One line of text for people, trimmed. Control characters and overrides of the writing direction become spaces: a name
 * breaks no line and does not turn around what stands beside it, and PostgreSQL refuses NUL.
 */
export function line() {
  return z.string().overwrite((value) => value.replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]+/gu, ' ').trim())
}
