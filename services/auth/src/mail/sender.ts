import type { Log } from '@realtime/kit'
import type { PrismaClient } from '../database/client.ts'
import { isFinal, type MailServer } from './server.ts'

/** Milliseconds after each failed try until the next; after the last of them a mail is given up. */
const WAITS = [10_000, 60_000, 5 * 60_000, 30 * 60_000, 2 * 60 * 60_000]
/** How long a mail belongs to who tries it: longer than any try; if that process dies, another takes it then. */
const LEASE_MS = 2 * 60_000
/** Longest time without a look, for mails that other processes left. */
const LOOK_MS = 30_000
/** Mails that are handed over at once. */
const AT_ONCE = 4
/** How long a stop waits for mails that are being handed over. */
const SETTLE_MS = 5_000

/** Sends queued mails in the background. */
export interface Sender {
  /** Looks now: a mail was queued. */
  wake(): void
  stop(): Promise<void>
}

interface Claimed {
  id: string
  to: string
  subject: string
  text: string
  html: string
  attempts: number
  goodUntil: Date | null
}

/** Sends what is queued, in this and in other processes, each mail by one of them; what was sent is deleted. */
export function startSender({ db, server, log }: { db: PrismaClient; server: MailServer; log: Log }): Sender {
  const working = new Set<Promise<void>>()
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const wake = (): void => {
    clearTimeout(timer)
    if (stopped || working.size >= AT_ONCE) return
    const work = sendAll().catch((err: unknown) => {
      log.warn({ err }, 'queued mails cannot be read')
      return LOOK_MS
    })
    const settled: Promise<void> = work.then((wait) => {
      working.delete(settled)
      clearTimeout(timer)
      if (!stopped) timer = setTimeout(wake, wait).unref()
    })
    working.add(settled)
  }

  /** Answers after how many milliseconds to look again. */
  async function sendAll(): Promise<number> {
    for (;;) {
      const mail = stopped ? null : await claim(db)
      if (!mail) break
      await send(mail)
    }
    const next = await db.mail.findFirst({ where: { state: 'queued' }, orderBy: { nextAt: 'asc' } })
    return Math.min(LOOK_MS, Math.max(0, (next?.nextAt?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now()))
  }

  async function send(mail: Claimed): Promise<void> {
    try {
      await server.deliver(mail)
    } catch (error) {
      return postpone(mail, error)
    }
    await db.mail.deleteMany({ where: { id: mail.id } })
  }

  async function postpone({ id, attempts, goodUntil }: Claimed, error: unknown): Promise<void> {
    const answer = (error instanceof Error ? error.message : String(error)).slice(0, 500)
    const wait = WAITS[attempts - 1]
    const nextAt = new Date(Date.now() + (wait ?? 0))
    const givenUp = wait === undefined || isFinal(error) || (goodUntil !== null && nextAt > goodUntil)
    log.warn({ mail: id, attempts, answer }, givenUp ? 'a mail was given up' : 'a mail could not be sent yet')
    // What was given up keeps no words: they may hold a link that works.
    const given = { state: 'failed', text: '', html: '', nextAt: null }
    await db.mail.updateMany({ where: { id }, data: { answer, ...(givenUp ? given : { nextAt }) } })
  }

  wake()
  return {
    wake,
    async stop() {
      stopped = true
      clearTimeout(timer)
      const settle = new Promise<void>((resolve) => setTimeout(resolve, SETTLE_MS).unref())
      await Promise.race([Promise.all(working), settle])
    },
  }
}

/** Takes the mail that is due the longest, so that no other process tries it at the same time. */
async function claim(db: PrismaClient): Promise<Claimed | null> {
  const now = new Date()
  const until = new Date(now.getTime() + LEASE_MS)
  const rows = await db.$queryRaw<Claimed[]>`
    UPDATE mails SET attempts = attempts + 1, next_at = ${until}
    WHERE id = (
      SELECT id FROM mails WHERE state = 'queued' AND next_at <= ${now}
      ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING id, "to", subject, text, html, attempts, good_until AS "goodUntil"`
  return rows[0] ?? null
}
