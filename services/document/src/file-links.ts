import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { fileApi, Problem, pathOf } from '@realtime/contracts'

/** Shortest life of an address, in seconds. */
const LIFE_SECONDS = 3600
/** Addresses made within this time are the same, so that browsers find what they have fetched. */
const SAME_SECONDS = 900

/** Signs the addresses of files, for pages that can send no token with an image. */
export interface FileLinks {
  /** When addresses made now end, in seconds since 1970. */
  expiry(): number
  /** The address of a file of a resource, from the gateway's root. */
  path(id: string, file: string, expires: number): string
  /** @throws Problem `invalid-token` for an address that was not signed here or has ended */
  verify(link: { id: string; file: string; expires: number; signature: string }): void
}

/** Signs with a key of its own purpose, derived from the secret of the service. */
export function fileLinks(secret: string, now: () => number = Date.now): FileLinks {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'document file links', 32))
  const sign = (id: string, file: string, expires: number): Buffer =>
    createHmac('sha256', key).update(`${id}\n${file}\n${expires}`).digest()
  return {
    expiry: () => (Math.floor(now() / 1000 / SAME_SECONDS) + 1) * SAME_SECONDS + LIFE_SECONDS,
    path: (id, file, expires) =>
      pathOf(fileApi.file, {
        params: { id, file },
        query: { expires, signature: sign(id, file, expires).toString('base64url') },
      }),
    verify({ id, file, expires, signature }) {
      const given = Buffer.from(signature, 'base64url')
      const right = sign(id, file, expires)
      const same = given.length === right.length && timingSafeEqual(given, right)
      if (!same || expires * 1000 <= now()) throw new Problem('invalid-token')
    },
  }
}
