import { randomUUID } from 'node:crypto'
import type { Log } from '@realtime/kit'
import type { AuthConfig } from '../config.ts'
import type { PrismaClient } from '../database/client.ts'
import { type Letter, writeLetter } from './letter.ts'
import { type Sender, startSender } from './sender.ts'
import { openMailServer } from './server.ts'

/** Where mails go: to a mail server, into the administrator's outbox, or nowhere. */
export type MailMode = 'smtp' | 'outbox' | 'none'

/** The way by which all mails leave. */
export interface Post {
  mode: MailMode
  /**
   * Keeps a mail to be sent, in the outbox where there is no mail server, or drops it where there is neither: a table of
   * links that nobody may read is only a risk. Says which. After `goodUntil` it is not tried any more.
   */
  send(to: string, letter: Letter, goodUntil?: Date): Promise<MailMode>
  /** Hands a mail to the server now and answers what it said. @throws Error with its refusal, or without a server */
  sendNow(to: string, letter: Letter): Promise<string>
  /** Does work after the answer, which neither waits for it nor tells by its time what was found; failures are logged. */
  soon(work: () => Promise<unknown>): void
  /** Ends when nothing of it runs any more; what is not sent stays and is sent after the next start. */
  stop(): Promise<void>
}

/** Opens the way out for mails. */
export function openPost({ config, db, log }: { config: AuthConfig; db: PrismaClient; log: Log }): Post {
  const server = openMailServer(config)
  const sender: Sender | null = server && startSender({ db, server, log })
  const mode: MailMode = server ? 'smtp' : onLoopback(config.PUBLIC_URL) ? 'outbox' : 'none'
  const running = new Set<Promise<unknown>>()
  return {
    mode,
    async send(to, letter, goodUntil) {
      if (mode === 'none') log.debug('mail dropped: no mail server, no outbox')
      else {
        const written = { to, ...writeLetter(letter, config.PUBLIC_URL), goodUntil: goodUntil ?? null }
        const state = mode === 'smtp' ? { state: 'queued', nextAt: new Date() } : { state: 'outbox' }
        await db.mail.create({ data: { ...written, ...state } })
        sender?.wake()
      }
      return mode
    },
    async sendNow(to, letter) {
      if (!server) throw new Error('No mail server is set up.')
      return server.deliver({ id: randomUUID(), to, ...writeLetter(letter, config.PUBLIC_URL) })
    },
    soon(work) {
      const run = work()
        .catch((err: unknown) => log.error({ err }, 'a mail could not be written'))
        .finally(() => running.delete(run))
      running.add(run)
    },
    async stop() {
      await Promise.all(running)
      await sender?.stop()
    },
  }
}

function onLoopback(publicUrl: string): boolean {
  const { hostname } = new URL(publicUrl)
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
}
