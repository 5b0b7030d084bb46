import { Problem } from '@realtime/contracts'
import type { Context } from '../context.ts'

/**
 * Keeps how much an organization uses of what another service holds. The latest measurement wins: one that was made
 * earlier and arrives later changes nothing.
 * @throws Problem `not-found`
 */
export async function reportUsage(
  ctx: Context,
  input: { organizationId: string; storageBytes: number; measuredAt: string },
): Promise<void> {
  const { organizationId, storageBytes } = input
  const known = await ctx.db.organization.findUnique({ where: { id: organizationId }, select: { id: true } })
  if (!known) throw new Problem('not-found')
  await ctx.db.$executeRaw`
    INSERT INTO usage (organization_id, storage_bytes, measured_at)
    VALUES (${organizationId}, ${BigInt(storageBytes)}, ${new Date(input.measuredAt)})
    ON CONFLICT (organization_id) DO UPDATE
    SET storage_bytes = EXCLUDED.storage_bytes, measured_at = EXCLUDED.measured_at
    WHERE usage.measured_at <= EXCLUDED.measured_at`
}
