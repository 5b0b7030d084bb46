import { randomUUID } from 'node:crypto'
import { createJwk, type JwtOptions } from 'better-auth/plugins/jwt'
import type { PrismaClient } from './database/client.ts'
import type { Identity } from './identity.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** How long a key signs. */
const ROTATION_MS = 30 * DAY_MS
/** How long a new key is published before it signs: whoever keeps the keys for a while has it by then. */
const LEAD_MS = 5 * 60 * 1000
/** How long a key that signs no more stays published: longer than any token of it lives. */
const GRACE_S = 60 * 60

/** How the library makes, keeps and publishes the keys of user tokens. */
export function keyOptions(db: PrismaClient) {
  return {
    schema: { jwks: { modelName: 'signingKey' } },
    jwks: { keyPairConfig: { alg: 'EdDSA', crv: 'Ed25519' }, gracePeriod: GRACE_S },
    adapter: {
      getJwks: async () => {
        const keys = await db.signingKey.findMany()
        return keys.map(({ alg: _alg, crv: _crv, expiresAt, createdAt, ...key }) => ({
          ...key,
          alg: 'EdDSA' as const,
          crv: 'Ed25519' as const,
          // The library signs with the newest: one that is published too lately counts as the oldest.
          createdAt: Date.now() - createdAt.getTime() < LEAD_MS ? new Date(0) : createdAt,
          ...(expiresAt ? { expiresAt } : {}),
        }))
      },
      createJwk: async (key) => {
        const row = await db.signingKey.create({ data: { ...key, id: randomUUID() } })
        return { ...key, id: row.id }
      },
    },
  } satisfies JwtOptions
}

/**
 * Makes the next key when the newest has signed for long enough. The others sign until it does, and stay published
 * until no token of them lives: nobody is signed out. Of several processes at once one makes it.
 */
export async function rotateSigningKeys(db: PrismaClient, identity: Identity): Promise<void> {
  const context = await identity.$context
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.signing_keys'))`
    const newest = await tx.signingKey.findFirst({ orderBy: { createdAt: 'desc' } })
    if (newest && Date.now() - newest.createdAt.getTime() < ROTATION_MS) return
    await createJwk({ context } as Parameters<typeof createJwk>[0], keyOptions(db))
    if (!newest) return
    const expiresAt = new Date(Date.now() + 2 * LEAD_MS)
    await tx.signingKey.updateMany({ where: { id: newest.id, expiresAt: null }, data: { expiresAt } })
  })
  await db.signingKey.deleteMany({ where: { expiresAt: { lt: new Date(Date.now() - 2 * GRACE_S * 1000) } } })
}
