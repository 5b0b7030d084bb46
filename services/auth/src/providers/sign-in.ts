import { Problem } from '@realtime/contracts'
import type { BinaryAnswer } from '@realtime/kit'
import { mailConfirmation } from '../addresses.ts'
import type { Browser } from '../browsers.ts'
import type { Context } from '../context.ts'
import type { User } from '../database/client.ts'
import { noteEvent } from '../events.ts'
import { closeLibrarySession } from '../library-sessions.ts'
import { asking } from '../refusals.ts'
import { type Visit, visitOf } from '../sessions.ts'
import { completeSignIn } from '../sign-in.ts'
import { assertWayIn } from '../ways-in.ts'
import { type Begun, begunWith } from './begun.ts'
import { offeredProviders, providerName } from './offered.ts'
import { FAILED } from './plugin.ts'

/** What the page to sign in says when it did not work, by the words of the library and of providers. */
const reasons: Record<string, string> = {
  access_denied: 'access-denied',
  state_mismatch: 'expired',
  state_not_found: 'expired',
  state_invalid: 'expired',
  account_not_linked: 'email-unverified',
  unable_to_link_account: 'email-unverified',
  account_already_linked_to_different_user: 'already-linked',
  'email-unverified': 'email-unverified',
  'sign-up-closed': 'sign-up-closed',
  'invalid-token': 'sign-up-closed',
  suspended: 'suspended',
  'two-factor-required': 'two-factor-required',
  unavailable: 'unavailable',
}

/** How long a provider is waited for while a browser comes back from it, in milliseconds. */
const ANSWER_MS = 10_000

interface Begin {
  provider: string
  to?: string | undefined
  invitation?: string | undefined
}

/**
 * Where to send a browser to sign in at a provider, or, where somebody is signed in, to link their account there.
 * @throws Problem `not-found` for a provider that is not offered, `email-unverified` (linking earns nothing before the
 * own address is confirmed), `unavailable` where the provider does not answer, `rate-limited`
 */
export async function beginProvider(ctx: Context, browser: Browser, input: Begin): Promise<{ url: string }> {
  const offered = offeredProviders(ctx.config).find(({ id }) => id === input.provider)
  if (!offered) throw new Problem('not-found', 'This provider is not set up here.')
  await ctx.limits.attempt({ signInBegun: browser.network })
  const visit = await visitIfAny(ctx, browser)
  if (visit && !visit.user.emailVerified) {
    throw new Problem('email-unverified', 'Confirm your e-mail address before you link another account.')
  }
  const { to = '/', invitation } = input
  const body = {
    provider: offered.id,
    callbackURL: ctx.config.PUBLIC_URL + to,
    errorCallbackURL: `${ctx.config.PUBLIC_URL}${FAILED}?${new URLSearchParams({ to, ...(visit ? { linking: 'yes' } : {}) })}`,
    disableRedirect: true,
    ...(invitation ? { additionalData: { invitation } } : {}),
  }
  const { api } = ctx.identity
  const question = { body, headers: browser.headers, returnHeaders: true } as const
  const asked = visit ? api.linkSocialAccount(question) : api.signInSocial(question)
  const { headers, response } = await asking<Awaited<typeof asked>>(asked).catch((error: unknown) => {
    if (!(error instanceof Problem) || error.key !== 'not-found') throw error
    throw new Problem('unavailable', `${offered.name} cannot be reached; try again later.`, { cause: error })
  })
  browser.keepCookies(headers)
  if (!response.url) throw new Error(`the provider ${offered.id} gave no address`)
  return { url: response.url }
}

/**
 * Takes a browser that comes back from a provider to where it wanted to go: signed in, or with its account linked. What
 * fails is said on the page to sign in (`error`), or where linking began.
 */
export async function finishProvider(ctx: Context, browser: Browser, input: Finish): Promise<BinaryAnswer> {
  let begun: Begun = { userId: null, told: new URLSearchParams() }
  try {
    begun = await begunWith(ctx, input.query)
    return await finish(ctx, browser, { ...input, began: new Date(), begunBy: begun.userId })
  } catch (error) {
    // A person looks at a page here, not a program at an answer.
    if (!(error instanceof Problem)) ctx.log.error({ err: error }, 'a sign-in by a provider failed')
    begun.told.set('error', error instanceof Problem ? error.key : 'failed')
    return failed(begun.told, begun.userId === null ? null : await visitIfAny(ctx, browser).catch(() => null))
  }
}

interface Finish {
  provider: string
  query: Record<string, string>
}

interface Finishing extends Finish {
  began: Date
  begunBy: string | null
}

async function finish(ctx: Context, browser: Browser, input: Finishing): Promise<BinaryAnswer> {
  const answer = await askLibrary(ctx, browser, input)
  const { userId, cookies } = await closeLibrarySession(ctx, answer.headers)
  browser.keepCookies(cookies)
  const target = new URL(answer.headers.get('location') ?? FAILED, ctx.config.PUBLIC_URL)
  if (target.origin !== new URL(ctx.config.PUBLIC_URL).origin || answer.status !== 302) {
    throw new Error(`the library sent a browser to ${target.origin} with status ${answer.status}`)
  }
  if (target.pathname === FAILED) return failed(target.searchParams, await visitIfAny(ctx, browser))
  const to = target.pathname + target.search + target.hash
  const user = await noteDone(ctx, browser, input, userId)
  if (!user) return redirect(to)
  try {
    await completeSignIn(ctx, browser, user, { how: 'provider', detail: providerName(ctx.config, input.provider) })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return failed(new URLSearchParams({ error: error.key, to }), null)
  }
  return redirect(to)
}

/** Notes what the library did, and lets a new account confirm its address. Answers whom it signed in. */
async function noteDone(
  ctx: Context,
  browser: Browser,
  { provider, began, begunBy }: Finishing,
  userId: string | null,
): Promise<User | null> {
  const name = providerName(ctx.config, provider)
  const who = userId ?? begunBy
  if (who !== null) await noteLinked(ctx, browser, { userId: who, provider, name, began })
  if (userId === null) return null
  const user = await ctx.db.user.findUniqueOrThrow({ where: { id: userId } })
  if (user.createdAt < began) return user
  await noteEvent(ctx.db, { userId, type: 'account-created', detail: name, browser })
  if (!user.emailVerified) ctx.post.soon(() => mailConfirmation(ctx, user))
  return user
}

/**
 * Has the library ask the provider who came back. It waits for the provider as long as that takes; here nobody does: a
 * session that it opens later is closed unseen, and an account that it makes or links then is noted all the same.
 * @throws Problem `unavailable` when the provider does not answer in time
 */
async function askLibrary(ctx: Context, browser: Browser, input: Finishing): Promise<Response> {
  const { provider, query } = input
  const asked = ctx.identity.api.callbackOAuth({
    params: { id: provider },
    query,
    headers: browser.headers,
    asResponse: true,
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ANSWER_MS, null)
  })
  const answer = await Promise.race([asked, late]).finally(() => clearTimeout(timer))
  if (answer) return answer
  ctx.log.warn({ provider }, 'a provider did not answer in time')
  asked
    .then(async ({ headers }) => {
      const { userId } = await closeLibrarySession(ctx, headers)
      await noteDone(ctx, browser, input, userId)
    })
    .catch((err: unknown) => ctx.log.warn({ err, provider }, 'a provider that was late failed'))
  throw new Problem('unavailable')
}

/** Signs in by a provider no more. @throws Problem `not-found`, `conflict` for the last way in */
export async function unlinkProvider(ctx: Context, { actor, browser }: Visit, { provider }: { provider: string }) {
  await ctx.db.$transaction(async (tx) => {
    const where = { userId: actor.id, providerId: provider, NOT: { providerId: 'credential' } }
    if ((await tx.account.deleteMany({ where })).count === 0) throw new Problem('not-found')
    await assertWayIn(tx, actor.id)
    const detail = providerName(ctx.config, provider)
    await noteEvent(tx, { userId: actor.id, type: 'provider-unlinked', detail, browser })
  })
}

interface Linked {
  userId: string
  provider: string
  name: string
  began: Date
}

async function noteLinked(ctx: Context, browser: Browser, { userId, provider, name, began }: Linked): Promise<void> {
  const where = { userId, providerId: provider, createdAt: { gte: began } }
  if ((await ctx.db.account.count({ where })) === 0) return
  await noteEvent(ctx.db, { userId, type: 'provider-linked', detail: name, browser })
}

async function visitIfAny(ctx: Context, browser: Browser): Promise<Visit | null> {
  return visitOf(ctx, browser).catch((error: unknown) => {
    if (error instanceof Problem && error.key === 'unauthenticated') return null
    throw error
  })
}

function failed(told: URLSearchParams, visit: Visit | null): BinaryAnswer {
  const linking = told.has('linking')
  const error = linking && !visit ? 'expired' : (reasons[told.get('error') ?? ''] ?? 'failed')
  const to = told.get('to') ?? '/'
  if (!linking || !visit) {
    return redirect(`/sign-in?${new URLSearchParams({ error, ...(to === '/' ? {} : { next: to }) })}`)
  }
  const target = new URL(to, 'http://own.invalid')
  target.searchParams.set('error', error)
  return redirect(target.pathname + target.search + target.hash)
}

/**
 * To a path of this server; the address before it stays out of what the next page sends. Of several slashes at the
 * beginning one is left, since a browser would take what follows them for another server.
 */
function redirect(path: string): BinaryAnswer {
  const location = path.replace(/^[/\\]+/, '/')
  return { body: null, status: 302, headers: { location, 'referrer-policy': 'no-referrer' } }
}
