import { authApi, authInternal, call } from '@realtime/contracts'
import { serviceCaller } from '@realtime/kit'
import { eventually } from '@realtime/kit/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { start } from '../index.ts'
import { openBrowser, setUpServer, startAuth, type TestAuth } from '../testing.ts'
import { startMailServer, type TestMailServer } from './testing.ts'

const letter = {
  subject: 'Ada <b>invites</b> you',
  paragraphs: ['Come & see.'],
  button: { label: 'Join', path: '/join/abc' },
  footer: 'Because of Ada.',
}
const problem = (key: string) => expect.objectContaining({ key })

let auth: TestAuth
let server: TestMailServer | undefined
afterEach(async () => {
  await auth.stop()
  await server?.stop()
  server = undefined
})

const caller = (running = auth.running, secret = auth.config.AUTH_SERVICE_SECRET) =>
  serviceCaller({ from: 'organization', to: 'auth', url: running.internalUrl ?? '', secret })
const send = (to: { email: string } | { userId: string }, more = {}) =>
  call(caller(), authInternal.sendMail, { body: { to, ...letter, ...more } })
const queued = () => auth.database.sql(`SELECT * FROM mails WHERE state = 'queued'`)

describe('with a mail server', () => {
  it('sends mails of other services as text and HTML, and keeps nothing of them', async () => {
    server = await startMailServer()
    auth = await startAuth({ SMTP_URL: server.url, MAIL_FROM: 'Our Place <place@example.com>' })
    expect(await call(caller(), authInternal.mailing, {})).toEqual({ mail: 'smtp' })
    expect(await send({ email: 'Grace@Example.com' })).toEqual({ sent: true })
    const mail = await server.mailTo('grace@example.com')
    expect(mail).toMatchObject({ from: 'place@example.com', subject: letter.subject, to: ['grace@example.com'] })
    expect(mail.text).toContain('Come & see.')
    expect(mail.text).toContain('http://localhost:3000/join/abc')
    expect(mail.html).toContain('Come &amp; see.')
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated')
    await eventually(async () => (await auth.database.sql('SELECT 1 FROM mails')).length === 0)
  })

  it('signs in there with the name and password of SMTP_URL', async () => {
    server = await startMailServer({ user: 'robot', password: 'p%40ss' })
    server.url = server.url.replace('p%40ss', encodeURIComponent('p%40ss'))
    auth = await startAuth({ SMTP_URL: server.url })
    await send({ email: 'grace@example.com' })
    expect((await server.mailTo('grace@example.com')).from).toBe('no-reply@localhost')
  })

  it('keeps mails while the server is away, over a restart too, and sends each once', async () => {
    server = await startMailServer()
    const port = Number(new URL(server.url).port)
    await server.stop()
    auth = await startAuth({ SMTP_URL: server.url })
    expect(await send({ email: 'grace@example.com' })).toEqual({ sent: true })
    await send({ email: 'ada@example.com' })
    await eventually(async () => (await queued()).every(({ attempts, answer }) => attempts === 1 && answer !== ''))
    await auth.running.stop()
    expect(await queued()).toHaveLength(2)
    server = await startMailServer({ port })
    // The pause after the failed try is taken away, not waited for.
    await auth.database.sql('UPDATE mails SET next_at = now()')
    const again = await start(auth.config)
    await server.mailTo('grace@example.com')
    await server.mailTo('ada@example.com')
    await eventually(async () => (await auth.database.sql('SELECT 1 FROM mails')).length === 0)
    await again.stop()
    expect(server.received).toHaveLength(2)
  })

  it('sends each once from several processes', async () => {
    server = await startMailServer()
    auth = await startAuth({ SMTP_URL: server.url })
    const other = await start(auth.config)
    const both = [caller(), caller(other)]
    const sends = Array.from({ length: 20 }, (_, at) =>
      call(both[at % 2] ?? caller(), authInternal.sendMail, {
        body: { to: { email: `p${at}@example.com` }, ...letter },
      }),
    )
    await Promise.all(sends)
    await eventually(async () => (await auth.database.sql('SELECT 1 FROM mails')).length === 0)
    await other.stop()
    expect(server.received.map(({ to }) => to[0]).sort()).toEqual(
      Array.from({ length: 20 }, (_, at) => `p${at}@example.com`).sort(),
    )
  })

  it('tries again later what may pass, and gives up what will not, without its words', async () => {
    server = await startMailServer()
    auth = await startAuth({ SMTP_URL: server.url })
    server.refuse({ code: 451, text: 'come back later' })
    await send({ email: 'grace@example.com' })
    const later = await eventually(async () => (await queued()).find(({ answer }) => answer !== ''))
    expect(later).toMatchObject({ state: 'queued', attempts: 1, answer: expect.stringContaining('come back later') })
    expect(new Date(String(later?.next_at)).getTime()).toBeGreaterThan(Date.now() + 5_000)
    server.refuse({ code: 550, text: 'no such mailbox' })
    await auth.database.sql('UPDATE mails SET next_at = now()')
    await send({ email: 'nobody@example.com' })
    await eventually(async () => (await queued()).length === 0)
    const failed = await auth.database.sql('SELECT state, text, html, answer FROM mails')
    expect(failed).toHaveLength(2)
    for (const row of failed) {
      expect(row).toEqual({ state: 'failed', text: '', html: '', answer: expect.stringContaining('no such mailbox') })
    }
  })

  it('gives up after some tries', async () => {
    server = await startMailServer()
    auth = await startAuth({ SMTP_URL: server.url })
    server.refuse({ code: 451, text: 'come back later' })
    await send({ email: 'grace@example.com' })
    await eventually(async () => (await queued()).some(({ answer }) => answer !== ''))
    await auth.database.sql('UPDATE mails SET next_at = now(), attempts = 5')
    await send({ email: 'wake@example.com' })
    await eventually(async () => (await auth.database.sql(`SELECT 1 FROM mails WHERE state = 'failed'`)).length === 1)
  })

  it('does not hold up an answer', async () => {
    server = await startMailServer()
    server.delay(3_000)
    auth = await startAuth({ SMTP_URL: server.url })
    const began = performance.now()
    await send({ email: 'grace@example.com' })
    expect(performance.now() - began).toBeLessThan(1_500)
    await server.mailTo('grace@example.com')
  })

  it('mails people only where their address is confirmed', async () => {
    server = await startMailServer()
    auth = await startAuth({ SMTP_URL: server.url })
    const user = await setUpServer(openBrowser(auth))
    expect(await send({ userId: user.id })).toEqual({ sent: false })
    expect(await send({ userId: 'nobody' })).toEqual({ sent: false })
    await auth.database.sql('UPDATE users SET email_verified = true')
    expect(await send({ userId: user.id })).toEqual({ sent: true })
    expect((await server.mailTo(user.email, 'invites')).text).toContain('Come & see.')
    await auth.database.sql('UPDATE users SET suspended_at = now()')
    expect(await send({ userId: user.id })).toEqual({ sent: false })
  })
})

describe('without a mail server', () => {
  it('keeps mails in the outbox on loopback, and none elsewhere', async () => {
    auth = await startAuth()
    const admin = openBrowser(auth)
    const user = await setUpServer(admin)
    expect(await call(caller(), authInternal.mailing, {})).toEqual({ mail: 'outbox' })
    expect(await send({ userId: user.id })).toEqual({ sent: false })
    const { mails } = await admin.ask(authApi.outbox, {})
    expect(mails[0]).toMatchObject({
      to: user.email,
      subject: letter.subject,
      html: expect.stringContaining('/join/abc'),
    })
    await auth.stop()
    auth = await startAuth({ PUBLIC_URL: 'https://collab.example.com' })
    expect(await call(caller(), authInternal.mailing, {})).toEqual({ mail: 'none' })
    expect(await send({ email: 'grace@example.com' })).toEqual({ sent: false })
    expect(await auth.database.sql('SELECT 1 FROM mails')).toEqual([])
  })
})

it('refuses what is no mail, and who is no service', async () => {
  auth = await startAuth()
  await expect(send({ email: 'not an address' })).rejects.toEqual(problem('invalid-input'))
  await expect(send({ email: 'a@example.com\r\nBcc: b@example.com' })).rejects.toEqual(problem('invalid-input'))
  for (const path of ['https://evil.example', '//evil.example', '/\\evil.example', 'join']) {
    await expect(send({ email: 'a@example.com' }, { button: { label: 'x', path } })).rejects.toEqual(
      problem('invalid-input'),
    )
  }
  const forged = caller(auth.running, 'another secret, also long enough to be one')
  const body = { to: { email: 'a@example.com' }, ...letter }
  await expect(call(forged, authInternal.sendMail, { body })).rejects.toEqual(problem('unauthenticated'))
  await expect(call(forged, authInternal.mailing, {})).rejects.toEqual(problem('unauthenticated'))
  const outside = await fetch(`${auth.running.url}/internal/mails`, { method: 'POST' })
  expect(outside.status).toBe(404)
})
