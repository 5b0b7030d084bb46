import { hash, verify } from '@node-rs/argon2'

/** OWASP's parameters for argon2id (the library's default algorithm): 19 MiB, two passes, one lane; about 25 ms. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** The argon2id hash of a password, in PHC form with its own salt. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST)
}

/** Whether a password belongs to a hash; false for a hash that cannot be read. */
export async function verifyPassword(input: { hash: string; password: string }): Promise<boolean> {
  return verify(input.hash, input.password).catch(() => false)
}

let unmatched: Promise<string> | undefined

/** False, after as long as a comparison takes: whether an account exists is not told by the time of the answer. */
export async function rejectPassword(password: string): Promise<false> {
  unmatched ??= hashPassword('no password of anyone')
  await verifyPassword({ hash: await unmatched, password })
  return false
}
