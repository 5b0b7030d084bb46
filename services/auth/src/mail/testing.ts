import type { AddressInfo } from 'node:net'
import { eventually } from '@realtime/kit/testing'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/** A mail as it came. */
export interface Received {
  /** Of the envelope. */
  to: string[]
  from: string
  subject: string
  text: string
  html: string
  headers: Map<string, string>
}

/** A mail server of a test's own, which real clients talk to. */
export interface TestMailServer {
  url: string
  received: Received[]
  /** From now on a recipient is answered so: null takes the mail. */
  refuse(answer: { code: number; text: string } | null): void
  /** From now on it takes that long to take a mail, in milliseconds. */
  delay(ms: number): void
  /** The newest mail to an address with this in its subject, as soon as it is here. */
  mailTo(address: string, subject?: string | RegExp): Promise<Received>
  stop(): Promise<void>
}

/** Starts a mail server on loopback that keeps what it gets; with `user` it wants a name and password. */
export async function startMailServer(options: { port?: number; user?: string; password?: string } = {}) {
  const received: Received[] = []
  let refusal: { code: number; text: string } | null = null
  let delayMs = 0
  const server = new SMTPServer({
    disabledCommands: options.user ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
    allowInsecureAuth: true,
    authOptional: !options.user,
    logger: false,
    onAuth({ username, password }, _session, done) {
      const right = username === options.user && password === options.password
      done(right ? null : Object.assign(new Error('no such user'), { responseCode: 535 }), { user: username })
    },
    onRcptTo(_address, _session, done) {
      done(refusal ? Object.assign(new Error(refusal.text), { responseCode: refusal.code }) : null)
    },
    onData(stream, { envelope }, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        setTimeout(async () => {
          const mail = await PostalMime.parse(Buffer.concat(parts))
          received.push({
            to: envelope.rcptTo.map(({ address }) => address),
            from: mail.from?.address ?? '',
            subject: mail.subject ?? '',
            text: mail.text ?? '',
            html: mail.html ?? '',
            headers: new Map(mail.headers.map(({ key, value }) => [key, value])),
          })
          done()
        }, delayMs)
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  const login = options.user ? `${options.user}:${options.password}@` : ''
  const running: TestMailServer = {
    url: `smtp://${login}127.0.0.1:${port}`,
    received,
    refuse: (answer) => {
      refusal = answer
    },
    delay: (ms) => {
      delayMs = ms
    },
    mailTo: (address, subject = '') =>
      eventually(() => {
        const found = received.findLast((mail) => mail.to.includes(address) && mail.subject.match(subject) !== null)
        if (!found) throw new Error(`no such mail to ${address}; there are: ${received.map((mail) => mail.subject)}`)
        return found
      }),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return running
}

/** The path of the button of a mail: the link in its text. */
export function pathIn(mail: { text: string }, publicUrl: string): string {
  const [link = ''] = mail.text.split('\n').filter((line) => line.startsWith(`${publicUrl}/`))
  if (!link) throw new Error(`no link in: ${mail.text}`)
  return link.slice(publicUrl.length)
}

/** The token of the link of a mail. */
export function tokenIn(mail: { text: string }, publicUrl: string): string {
  return new URL(pathIn(mail, publicUrl), publicUrl).pathname.split('/').at(-1) ?? ''
}
