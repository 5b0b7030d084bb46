import { Problem } from '@realtime/contracts'
import { dictionary } from '@zxcvbn-ts/language-common'

const common = new Set(dictionary['passwords-common'])

/** Of a word and what stands around it: so few more characters do not make it less common. */
const DECORATION = 4

/**
 * Refuses a password that guessers try first: a common one, one of a common word and a few characters around it, one
 * that repeats or counts, or the own name or address.
 * @throws Problem `invalid-input` with the path of the password
 */
export function assertGoodPassword(password: string, own: { name: string; email: string }): void {
  const message = weaknessOf(password, own)
  if (message === null) return
  const path = 'body.password'
  throw new Problem('invalid-input', `${path}: ${message}`, { errors: [{ path, message }] })
}

/** What is weak about a password, to be told after “the password”; null when nothing is. */
export function weaknessOf(password: string, own: { name: string; email: string }): string | null {
  const plain = password.normalize('NFKC').toLowerCase()
  if (counts(plain) || repeats(plain)) return 'is too easy to guess: it repeats or counts'
  if (isOwn(plain, own)) return 'must not be your name or address'
  if (common.has(plain) || isDecorated(plain)) return 'is one of the most common ones; choose another'
  return null
}

/** One step from each character to the next: 0123456789, zyxwvutsrq, aaaaaaaaaa. */
function counts(text: string): boolean {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0)
  const step = (codes[1] ?? 0) - (codes[0] ?? 0)
  return Math.abs(step) <= 1 && codes.every((code, at) => at === 0 || code - (codes[at - 1] ?? 0) === step)
}

/** A few characters or a common word again and again: abcabcabcabc, passwordpassword. */
function repeats(text: string): boolean {
  for (let length = 1; length <= text.length / 2; length++) {
    const part = text.slice(0, length)
    if (text.length % length === 0 && part.repeat(text.length / length) === text) return length <= 4 || common.has(part)
  }
  return false
}

/** A common word of letters with digits and signs around it: Football2026, !dragon77. */
function isDecorated(text: string): boolean {
  const word = text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  return word.length >= 4 && text.length - word.length <= DECORATION && common.has(word)
}

function isOwn(text: string, { name, email }: { name: string; email: string }): boolean {
  const bare = letters(text)
  const parts = [name, email, email.split('@')[0] ?? ''].map(letters)
  return parts.some((part) => part.length >= 4 && bare === part)
}

/** Letters alone, or all of it where it has none. */
function letters(text: string): string {
  const plain = text.normalize('NFKC').toLowerCase()
  return plain.replace(/[^\p{L}]/gu, '') || plain
}
