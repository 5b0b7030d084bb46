import { createHmac } from 'node:crypto'
import { eventually } from '@realtime/kit/testing'

const PERIOD_MS = 30_000

/** An authenticator app, which was given a key (base32) and shows codes (RFC 6238). */
export interface Authenticator {
  /** A code that was never shown before and holds now; waits for it where the last one is not over. */
  code(): Promise<string>
}

/** Sets an authenticator app up with the key that a page shows. */
export function authenticator(key: string): Authenticator {
  const secret = fromBase32(key)
  let last = 0
  return {
    async code() {
      // Servers take the code of the step that comes next, too: clocks differ.
      await eventually(() => last <= stepNow(), 2 * PERIOD_MS)
      last = Math.max(stepNow(), last + 1)
      return codeOf(secret, last)
    },
  }
}

function stepNow(): number {
  return Math.floor(Date.now() / PERIOD_MS)
}

function codeOf(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const hmac = createHmac('sha1', secret).update(counter).digest()
  const number = hmac.readUInt32BE((hmac.at(-1) ?? 0) & 15) & 0x7fff_ffff
  return String(number % 1_000_000).padStart(6, '0')
}

function fromBase32(key: string): Buffer {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...key.toUpperCase().replace(/[\s=-]/g, '')]
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
