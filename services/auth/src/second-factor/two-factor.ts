import { randomInt } from 'node:crypto'
import { Problem } from '@realtime/contracts'
import { symmetricDecrypt } from 'better-auth/crypto'
import { twoFactor } from 'better-auth/plugins/two-factor'
import type { Context } from '../context.ts'
import type { Prisma } from '../database/client.ts'
import { noteEvent } from '../events.ts'
import { assertOwner } from '../ownership.ts'
import { asking } from '../refusals.ts'
import type { Visit } from '../sessions.ts'
import { matchingStep } from './totp.ts'

/** Neither 0 and o nor 1, i and l: people write these down. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
const RECOVERY_CODES = 10

/** The library's second factor: codes of an app for half a minute, and recovery codes. */
export function secondFactor() {
  return twoFactor({
    // Whoever has no password shows that the account is theirs by having signed in just now (ownership.ts).
    allowPasswordless: true,
    twoFactorCookieMaxAge: 10 * 60,
    trustDeviceMaxAge: 30 * 24 * 60 * 60,
    backupCodeOptions: {
      customBackupCodesGenerate: () => Array.from({ length: RECOVERY_CODES }, newRecoveryCode),
    },
    // Ours count instead: they answer with Retry-After (limits.ts).
    accountLockout: { enabled: false },
  })
}

/**
 * Begins to set up codes of an app: they are asked for once one was confirmed. Again, the last begun holds.
 * @throws Problem `conflict` where they are asked for already, and those of `assertOwner`
 */
export async function beginTwoFactor(ctx: Context, visit: Visit, input: { password?: string | undefined }) {
  await assertOwner(ctx, visit, input.password)
  if (await isOn(ctx, visit.actor.id)) throw new Problem('conflict', 'Codes are asked for already.')
  const { totpURI } = (await asking(
    ctx.identity.api.enableTwoFactor({ body: { ...input, method: 'totp' }, headers: visit.browser.headers }),
  )) as { totpURI: string }
  return { uri: totpURI, secret: new URL(totpURI).searchParams.get('secret') ?? '' }
}

/**
 * Confirms with a code of the app that it is set up: from now on one is asked for.
 * @throws Problem `conflict` (nothing was begun, or it is on), `wrong-credentials`, `rate-limited`
 */
export async function confirmTwoFactor(ctx: Context, { actor, browser }: Visit, { code }: { code: string }) {
  if (await isOn(ctx, actor.id)) throw new Problem('conflict', 'Codes are asked for already.')
  await takeCode(ctx, actor.id, code)
  await ctx.db.$transaction(async (tx) => {
    await tx.twoFactor.update({ where: { userId: actor.id }, data: { verified: true } })
    await tx.user.update({ where: { id: actor.id }, data: { twoFactorEnabled: true } })
    await noteEvent(tx, { userId: actor.id, type: 'two-factor-on', browser })
  })
  return { recoveryCodes: await recoveryCodesOf(ctx, actor.id) }
}

/** New recovery codes instead of the old ones. @throws Problem `conflict` without a second factor, those of `assertOwner` */
export async function renewRecoveryCodes(ctx: Context, visit: Visit, input: { password?: string | undefined }) {
  await assertOwner(ctx, visit, input.password)
  if (!(await isOn(ctx, visit.actor.id))) throw new Problem('conflict', 'No codes are asked for yet.')
  const { backupCodes } = await asking(
    ctx.identity.api.generateBackupCodes({ body: input, headers: visit.browser.headers }),
  )
  await noteEvent(ctx.db, { userId: visit.actor.id, type: 'recovery-codes-renewed', browser: visit.browser })
  return { recoveryCodes: backupCodes }
}

/** Asks for no codes any more, and trusts no device by them. @throws Problem those of `assertOwner` */
export async function endTwoFactor(ctx: Context, visit: Visit, input: { password?: string | undefined }) {
  await assertOwner(ctx, visit, input.password)
  const userId = visit.actor.id
  await ctx.db.$transaction(async (tx) => {
    await tx.twoFactor.deleteMany({ where: { userId } })
    await forgetDevices(tx, userId)
    const { count } = await tx.user.updateMany({
      where: { id: userId, twoFactorEnabled: true },
      data: { twoFactorEnabled: false },
    })
    if (count > 0) await noteEvent(tx, { userId, type: 'two-factor-off', browser: visit.browser })
  })
}

/** Trusts no device of somebody any more, and ends second steps that were begun. */
export async function forgetDevices(tx: Prisma.TransactionClient, userId: string): Promise<void> {
  const begun = ['trust-device-', '2fa-'].map((startsWith) => ({ identifier: { startsWith } }))
  await tx.verification.deleteMany({ where: { value: userId, OR: begun } })
}

/** How many recovery codes are left. */
export async function countRecoveryCodes(ctx: Context, userId: string): Promise<number> {
  return (await isOn(ctx, userId)) ? (await recoveryCodesOf(ctx, userId)).length : 0
}

/**
 * Takes a code of the app, each once.
 * @throws Problem `wrong-credentials`, `rate-limited`, `conflict` where no app was set up
 */
export async function takeCode(ctx: Context, userId: string, code: string): Promise<void> {
  const attempt = await ctx.limits.attempt({ codeAccount: userId })
  const row = await ctx.db.twoFactor.findUnique({ where: { userId } })
  if (!row) throw new Problem('conflict', 'Begin to set up codes first.')
  const { secretConfig } = await ctx.identity.$context
  const secret = await symmetricDecrypt({ key: secretConfig, data: row.secret })
  const step = matchingStep(secret, code, Date.now())
  if (step === null) throw new Problem('wrong-credentials', 'This code is not right.')
  // A code that was seen over a shoulder or on its way opens nothing again.
  const { count } = await ctx.db.twoFactor.updateMany({
    where: { userId, lastStep: { lt: step } },
    data: { lastStep: step },
  })
  if (count === 0) throw new Problem('wrong-credentials', 'This code was used already; wait for the next one.')
  await attempt.succeeded(['codeAccount'])
}

async function isOn(ctx: Context, userId: string): Promise<boolean> {
  return (await ctx.db.user.findUnique({ where: { id: userId } }))?.twoFactorEnabled ?? false
}

async function recoveryCodesOf(ctx: Context, userId: string): Promise<string[]> {
  return (await asking(ctx.identity.api.viewBackupCodes({ body: { userId } }))).backupCodes
}

function newRecoveryCode(): string {
  const letters = Array.from({ length: 10 }, () => LETTERS[randomInt(LETTERS.length)])
  return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`
}

/** A recovery code in the form in which it is kept, however it was typed. */
export function plainRecoveryCode(typed: string): string {
  const letters = typed.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return `${letters.slice(0, 5)}-${letters.slice(5)}`
}
