import { createTransport } from 'nodemailer'
import type { AuthConfig } from '../config.ts'
import type { Written } from './letter.ts'

/** A mail with its address; `id` is the same for each try, so that a mailbox shows it once. */
export interface Addressed extends Written {
  id: string
  to: string
}

/** The mail server of SMTP_URL. */
export interface MailServer {
  /** Hands a mail over and answers what the server said. @throws Error with its refusal */
  deliver(mail: Addressed): Promise<string>
}

/** No server is waited for longer than that. */
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 }

/** The mail server of the configuration; null where there is none. */
export function openMailServer(config: AuthConfig): MailServer | null {
  if (!config.SMTP_URL) return null
  const host = new URL(config.PUBLIC_URL).hostname
  const from = config.MAIL_FROM ?? `Realtime Collaborator <no-reply@${host}>`
  // Our mails have no attachments: nothing may be read from a file or fetched for one.
  const sealed = { disableFileAccess: true, disableUrlAccess: true }
  const transport = createTransport({ url: config.SMTP_URL, ...TIMEOUTS, ...sealed }, { from })
  return {
    async deliver({ id, to, subject, text, html }) {
      const answer = await transport.sendMail({
        to: { name: '', address: to },
        subject,
        text,
        html,
        messageId: `<${id}@${host}>`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      })
      return answer.response
    },
  }
}

/** Whether a refusal is for good: the server knows no such mailbox, for instance. Other failures are tried again. */
export function isFinal(error: unknown): boolean {
  const { responseCode, code } = error as { responseCode?: number; code?: string }
  // A wrong password of ours is answered by 535, and put right by the operator.
  return code !== 'EAUTH' && responseCode !== undefined && responseCode >= 500
}
