import { z } from 'zod'
import type { Context } from '../context.ts'
import { FAILED } from './plugin.ts'

/** How a browser set out to a provider that comes back now. */
export interface Begun {
  /** Who was signed in and links an account there. */
  userId: string | null
  /** What the address for failures says. */
  told: URLSearchParams
}

const keptState = z.object({
  errorURL: z.string().optional(),
  link: z.object({ userId: z.string() }).optional(),
})

/** Reads that from the state that the library keeps; it knows nothing of one that is made up, used or over. */
export async function begunWith(ctx: Context, { state }: Record<string, unknown>): Promise<Begun> {
  const { internalAdapter } = await ctx.identity.$context
  const kept = typeof state === 'string' ? await internalAdapter.findVerificationValue(`auth-state:${state}`) : null
  if (!kept) return { userId: null, told: new URLSearchParams() }
  const { errorURL, link } = keptState.parse(JSON.parse(kept.value))
  return { userId: link?.userId ?? null, told: new URL(errorURL ?? FAILED, ctx.config.PUBLIC_URL).searchParams }
}
