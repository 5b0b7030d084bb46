import { invalidInput, type Passkey, Problem, type User } from '@realtime/contracts'
import { z } from 'zod'
import type { Browser } from '../browsers.ts'
import type { Context } from '../context.ts'
import { noteEvent } from '../events.ts'
import { closeLibrarySession, withoutSession } from '../library-sessions.ts'
import { asking } from '../refusals.ts'
import type { Visit } from '../sessions.ts'
import { completeSignIn } from '../sign-in.ts'
import { assertWayIn } from '../ways-in.ts'
import { passkeysWork } from './plugin.ts'

/** Most passkeys of one person. */
const MOST = 30

const bytes = z.base64url().min(1).max(20_000)
const credential = {
  id: bytes.max(2_000),
  rawId: bytes.max(2_000),
  type: z.literal('public-key'),
  clientExtensionResults: z.looseObject({}).default({}),
}
/** What the library reads of a browser's answer, in the words of WebAuthn. */
const made = z.looseObject({
  ...credential,
  response: z.looseObject({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: z.array(z.string().max(30)).max(10).optional(),
  }),
})
const used = z.looseObject({
  ...credential,
  response: z.looseObject({ clientDataJSON: bytes, authenticatorData: bytes, signature: bytes }),
})

/** The own passkeys, oldest first. */
export async function listPasskeys(ctx: Context, userId: string): Promise<Passkey[]> {
  const rows = await ctx.db.passkey.findMany({ where: { userId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })
  return rows.map(passkeyView)
}

/**
 * What a browser needs to make a passkey; it holds for five minutes.
 * @throws Problem `conflict` where passkeys cannot be, `fresh-sign-in-required` after a day
 */
export async function passkeyOptions(ctx: Context, { actor, browser }: Visit): Promise<Record<string, unknown>> {
  assertPossible(ctx)
  if ((await ctx.db.passkey.count({ where: { userId: actor.id } })) >= MOST) {
    throw new Problem('conflict', `There are ${MOST} passkeys already; remove one first.`)
  }
  const { headers, response } = await asking(
    ctx.identity.api.generatePasskeyRegistrationOptions({ headers: browser.headers, returnHeaders: true }),
  )
  browser.keepCookies(headers)
  return { ...response }
}

/**
 * Keeps a passkey that the browser made.
 * @throws Problem `invalid-input` for one that does not verify, `invalid-token` where the options do not hold any more,
 * `fresh-sign-in-required`
 */
export async function addPasskey(
  ctx: Context,
  { actor, browser }: Visit,
  input: { name: string; response: Record<string, unknown> },
): Promise<Passkey> {
  assertPossible(ctx)
  const response = read(made, input.response)
  const { id } = await asking(
    ctx.identity.api.verifyPasskeyRegistration({ body: { ...input, response }, headers: browser.headers }),
  )
  await noteEvent(ctx.db, { userId: actor.id, type: 'passkey-added', detail: input.name, browser })
  return passkeyView(await ctx.db.passkey.findUniqueOrThrow({ where: { id } }))
}

/** Renames an own passkey. @throws Problem `not-found` */
export async function renamePasskey(ctx: Context, { actor }: Visit, input: { id: string; name: string }) {
  const { id, name } = input
  const { count } = await ctx.db.passkey.updateMany({ where: { id, userId: actor.id }, data: { name } })
  if (count === 0) throw new Problem('not-found')
  return passkeyView(await ctx.db.passkey.findUniqueOrThrow({ where: { id } }))
}

/** Forgets an own passkey. @throws Problem `not-found`, `conflict` for the last way in */
export async function removePasskey(ctx: Context, { actor, browser }: Visit, { id }: { id: string }): Promise<void> {
  await ctx.db.$transaction(async (tx) => {
    const row = await tx.passkey.findFirst({ where: { id, userId: actor.id } })
    if (!row || (await tx.passkey.deleteMany({ where: { id } })).count === 0) throw new Problem('not-found')
    await assertWayIn(tx, actor.id)
    await noteEvent(tx, { userId: actor.id, type: 'passkey-removed', detail: row.name ?? '', browser })
  })
}

/** What a browser needs to sign in with a passkey. @throws Problem `conflict` where they cannot be, `rate-limited` */
export async function passkeySignInOptions(ctx: Context, browser: Browser): Promise<Record<string, unknown>> {
  assertPossible(ctx)
  await ctx.limits.attempt({ signInBegun: browser.network })
  const headers = await withoutSession(ctx, browser)
  const answer = await asking(ctx.identity.api.generatePasskeyAuthenticationOptions({ headers, returnHeaders: true }))
  browser.keepCookies(answer.headers)
  return { ...answer.response, userVerification: 'required' }
}

/**
 * Signs in with a passkey.
 * @throws Problem `wrong-credentials` for one that is not known or does not verify, `invalid-token` where the options do
 * not hold any more, `suspended`, `rate-limited`
 */
export async function signInWithPasskey(
  ctx: Context,
  browser: Browser,
  input: { response: Record<string, unknown> },
): Promise<{ user: User }> {
  assertPossible(ctx)
  const response = read(used, input.response)
  const attempt = await ctx.limits.attempt({ signInAddress: browser.network })
  const headers = await withoutSession(ctx, browser)
  const answer = await asking(
    ctx.identity.api.verifyPasskeyAuthentication({ body: { response }, headers, returnHeaders: true }),
  )
  await attempt.succeeded()
  const { userId, cookies } = await closeLibrarySession(ctx, answer.headers)
  browser.keepCookies(cookies)
  const user = await ctx.db.user.findUniqueOrThrow({ where: { id: userId ?? '' } })
  return { user: await completeSignIn(ctx, browser, user, { how: 'passkey' }) }
}

function assertPossible(ctx: Context): void {
  if (passkeysWork(ctx.config.PUBLIC_URL)) return
  throw new Problem('conflict', 'Passkeys need https and a name, or localhost: PUBLIC_URL of this server has neither.')
}

function read<T extends z.ZodType>(schema: T, response: Record<string, unknown>): z.output<T> {
  const parsed = schema.safeParse(response)
  if (!parsed.success) throw invalidInput(parsed.error, 'body.response')
  return parsed.data
}

interface PasskeyRow {
  id: string
  name: string | null
  createdAt: Date | null
  backedUp: boolean
}

function passkeyView({ id, name, createdAt, backedUp }: PasskeyRow): Passkey {
  return { id, name: name ?? '', createdAt: (createdAt ?? new Date(0)).toISOString(), synced: backedUp }
}
