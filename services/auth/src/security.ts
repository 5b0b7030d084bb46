import { pendingEmail } from './addresses.ts'
import type { Context } from './context.ts'
import { hasPassword } from './ownership.ts'
import { listPasskeys } from './passkeys/passkeys.ts'
import { passkeysWork } from './passkeys/plugin.ts'
import { offeredProviders, providerName } from './providers/offered.ts'
import { countRecoveryCodes } from './second-factor/two-factor.ts'
import type { Visit } from './sessions.ts'

/** Ways to sign in besides a password that this server offers, and whether mails go out or into the outbox. */
export function waysToSignIn({ config, post }: Context) {
  return {
    providers: offeredProviders(config),
    mail: post.mode !== 'none',
    passkeys: passkeysWork(config.PUBLIC_URL),
  }
}

/** How the own account is secured. */
export async function readSecurity(ctx: Context, { actor }: Visit) {
  const linked = await ctx.db.account.findMany({
    where: { userId: actor.id, providerId: { not: 'credential' } },
    orderBy: { createdAt: 'asc' },
  })
  const person = await ctx.db.user.findUniqueOrThrow({ where: { id: actor.id } })
  return {
    password: await hasPassword(ctx, actor.id),
    twoFactor: person.twoFactorEnabled,
    recoveryCodes: await countRecoveryCodes(ctx, actor.id),
    passkeys: await listPasskeys(ctx, actor.id),
    linked: linked.map(({ providerId, createdAt }) => ({
      provider: providerId,
      name: providerName(ctx.config, providerId),
      since: createdAt.toISOString(),
    })),
    pendingEmail: await pendingEmail(ctx, actor.id),
  }
}
