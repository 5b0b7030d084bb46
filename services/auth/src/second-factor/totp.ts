import { createHmac, timingSafeEqual } from 'node:crypto'

const PERIOD_MS = 30_000

/** The code of RFC 6238 for a step of time: SHA-1, six digits. */
export function totpAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const hmac = createHmac('sha1', secret).update(counter).digest()
  const offset = (hmac.at(-1) ?? 0) & 0xf
  return String((hmac.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0')
}

/** The step of time (30 s) that it is now, in milliseconds since 1970. */
export function stepOf(now: number): number {
  return Math.floor(now / PERIOD_MS)
}

/** The step whose code this is, at most one before or after now (clocks differ); null for a wrong code. */
export function matchingStep(secret: string, code: string, now: number): number | null {
  const given = Buffer.from(code)
  for (const step of [stepOf(now), stepOf(now) - 1, stepOf(now) + 1]) {
    const right = Buffer.from(totpAt(secret, step))
    if (given.length === right.length && timingSafeEqual(given, right)) return step
  }
  return null
}
