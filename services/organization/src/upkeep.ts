import type { Change } from '@realtime/contracts'
import { followEvery } from '@realtime/kit'
import { forgetOldEntries } from './audit/entries.ts'
import type { Context } from './context.ts'
import { deleteDue } from './deletion.ts'
import { accountGone } from './departures.ts'

/** Work that goes on by itself while the service runs. */
export interface Upkeep {
  stop(): Promise<void>
}

const SOURCE = 'auth'

/**
 * Follows what auth tells of accounts, none of it left out also after a pause; deletes for good what is due, and
 * forgets old acts, every `ORGANIZATION_UPKEEP_SECONDS` and after an account has gone.
 */
export function startUpkeep(ctx: Context): Upkeep {
  let running: Promise<void> | null = null
  const look = async (): Promise<void> => {
    try {
      await deleteDue(ctx)
      await forgetOldEntries(ctx)
    } catch (err) {
      ctx.log.warn({ err }, 'the upkeep failed; tried again')
    }
  }
  const run = (): void => {
    if (ctx.draining.signal.aborted) return
    running ??= look().finally(() => {
      running = null
    })
  }
  const timer = setInterval(run, ctx.config.ORGANIZATION_UPKEEP_SECONDS * 1000).unref()
  run()
  const follower = followEvery({
    caller: ctx.auth,
    log: ctx.log,
    load: async () => Number((await ctx.db.followed.findUnique({ where: { source: SOURCE } }))?.cursor ?? 0),
    take: async (changes, cursor) => {
      for (const change of changes) await takeChange(ctx, change)
      const place = { cursor: BigInt(cursor) }
      await ctx.db.followed.upsert({ where: { source: SOURCE }, create: { source: SOURCE, ...place }, update: place })
      if (changes.some(({ type }) => type === ACCOUNT_DELETED)) run()
    },
  })
  return {
    async stop() {
      clearInterval(timer)
      await Promise.all([follower.stop(), running])
    },
  }
}

const ACCOUNT_DELETED = 'account.deleted'

async function takeChange(ctx: Context, { type, subject }: Change): Promise<void> {
  if (type === ACCOUNT_DELETED && subject.userId) await accountGone(ctx, subject.userId)
}
