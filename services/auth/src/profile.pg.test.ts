import { authApi, securityApi } from '@realtime/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, PASSWORD, setUpServer, signUpPerson, startAuth, type TestAuth } from './testing.ts'

let auth: TestAuth
beforeAll(async () => {
  auth = await startAuth()
  await setUpServer(openBrowser(auth))
})
afterAll(() => auth.stop())

const problem = (key: string) => expect.objectContaining({ key })
const wrongImage = expect.objectContaining({
  key: 'invalid-input',
  errors: [{ path: 'body.image', message: expect.any(String) }],
})
const dataUrl = (type: string, bytes: Buffer) => `data:image/${type};base64,${bytes.toString('base64')}`

/** The beginnings of pictures of that size, with some bytes after. */
function png(width: number, height: number): Buffer {
  const head = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
  const size = Buffer.alloc(8)
  size.writeUInt32BE(width, 0)
  size.writeUInt32BE(height, 4)
  return Buffer.concat([head, size, Buffer.from('0806000000', 'hex'), Buffer.alloc(20)])
}
function jpeg(width: number, height: number): Buffer {
  const frame = Buffer.from('ffc0001108000000000300', 'hex')
  frame.writeUInt16BE(height, 5)
  frame.writeUInt16BE(width, 7)
  return Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), frame, Buffer.alloc(20)])
}
function webp(width: number, height: number): Buffer {
  const head = Buffer.from('RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0', 'latin1')
  const size = Buffer.alloc(6)
  size.writeUIntLE(width - 1, 0, 3)
  size.writeUIntLE(height - 1, 3, 3)
  return Buffer.concat([head, size, Buffer.alloc(20)])
}

describe('the profile', () => {
  it('has a name and a picture, each changed alone', async () => {
    const browser = openBrowser(auth)
    const user = await signUpPerson(browser, 'Painter')
    const image = dataUrl('png', png(256, 256))
    const update = (body: { name?: string; image?: string | null }) => browser.ask(securityApi.updateProfile, { body })
    expect((await update({ image })).user).toEqual({ ...user, image })
    expect((await update({ name: ' New\nName ' })).user).toEqual({ ...user, name: 'New Name', image })
    expect((await update({})).user).toEqual({ ...user, name: 'New Name', image })
    expect((await browser.ask(authApi.session, {})).user).toEqual({ ...user, name: 'New Name', image })
    expect((await update({ image: null })).user.image).toBeNull()
  })

  it.each([
    ['png', png],
    ['jpeg', jpeg],
    ['webp', webp],
  ])('takes a %s up to 512 pixels, by its bytes', async (type, make) => {
    const browser = openBrowser(auth)
    await signUpPerson(browser, `Takes ${type}`)
    const send = (image: string) => browser.ask(securityApi.updateProfile, { body: { image } })
    await send(dataUrl(type, make(512, 300)))
    await expect(send(dataUrl(type, make(513, 300)))).rejects.toEqual(wrongImage)
    await expect(send(dataUrl(type, make(300, 5000)))).rejects.toEqual(wrongImage)
    await expect(send(dataUrl(type === 'png' ? 'jpeg' : 'png', make(10, 10)))).rejects.toEqual(wrongImage)
    await expect(send(dataUrl(type, make(10, 10).subarray(0, 13)))).rejects.toEqual(wrongImage)
  })

  it('refuses what is no picture, too large, or from elsewhere', async () => {
    const browser = openBrowser(auth)
    await signUpPerson(browser, 'Hacker')
    const bad = [
      'https://evil.example/track.png',
      'data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=',
      dataUrl('png', Buffer.from('<svg onload="alert(1)"></svg><!-- long enough for a head -->')),
      dataUrl('png', png(0, 0)),
      dataUrl('png', Buffer.concat([png(10, 10), Buffer.alloc(151_000)])),
    ]
    for (const image of bad) {
      await expect(browser.ask(securityApi.updateProfile, { body: { image } })).rejects.toEqual(wrongImage)
    }
    for (const name of ['', '   ', 'x'.repeat(81)]) {
      const response = browser.ask(securityApi.updateProfile, { body: { name } })
      await expect(response).rejects.toEqual(problem('invalid-input'))
    }
    const more = await browser.send(securityApi.updateProfile, { body: { administrator: true } })
    expect(more.status).toBe(400)
    const stranger = openBrowser(auth).ask(securityApi.updateProfile, { body: { name: 'x' } })
    await expect(stranger).rejects.toEqual(problem('unauthenticated'))
  })
})

describe('sessions', () => {
  it('say from where and by what they were used last, to the minute', async () => {
    const browser = openBrowser(auth, '192.0.2.1')
    await signUpPerson(browser, 'Traveller')
    const elsewhere = openBrowser(auth, '198.51.100.9')
    for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value)
    const before = (await elsewhere.ask(authApi.session, {})).session
    expect(before).toMatchObject({ address: '192.0.2.1', device: 'Test browser' })
    await auth.database.sql(`UPDATE sessions SET updated_at = now() - interval '61 seconds' WHERE id = $1`, [before.id])
    await elsewhere.send(authApi.session, {}, { 'user-agent': 'Other browser' })
    const { sessions } = await browser.ask(authApi.sessions, {})
    expect(sessions).toMatchObject([{ address: '198.51.100.9', device: 'Other browser', current: true }])
    expect(Date.now() - Date.parse(sessions[0]?.lastUsedAt ?? '')).toBeLessThan(30_000)
  })

  it('end all at once but the own', async () => {
    const [browser, other, third] = [openBrowser(auth), openBrowser(auth), openBrowser(auth)]
    const user = await signUpPerson(browser, 'Many Sessions')
    for (const each of [other, third]) {
      await each.ask(authApi.signIn, { body: { email: user.email, password: PASSWORD } })
    }
    await browser.ask(securityApi.revokeOtherSessions, {})
    expect((await browser.ask(authApi.sessions, {})).sessions).toHaveLength(1)
    for (const each of [other, third]) expect((await each.send(authApi.session, {})).status).toBe(401)
    const { events } = await browser.ask(securityApi.securityEvents, {})
    expect(events[0]).toMatchObject({ type: 'sessions-ended', detail: '2' })
    await expect(openBrowser(auth).ask(securityApi.revokeOtherSessions, {})).rejects.toEqual(problem('unauthenticated'))
  })
})

describe('security events', () => {
  it('are the own ones, newest first, a hundred at most', async () => {
    const browser = openBrowser(auth, '198.51.100.7')
    const user = await signUpPerson(browser, 'Watcher')
    await signUpPerson(openBrowser(auth), 'Somebody Else')
    await openBrowser(auth).ask(authApi.signIn, { body: { email: user.email, password: PASSWORD } })
    const { events } = await browser.ask(securityApi.securityEvents, {})
    expect(events.map(({ type, detail, address }) => [type, detail, address])).toEqual([
      ['signed-in', 'password', '192.0.2.1'],
      ['signed-in', 'sign-up', '198.51.100.7'],
      ['account-created', '', '198.51.100.7'],
    ])
    expect(events[0]?.device).toBe('Test browser')
    await auth.database.sql(
      `INSERT INTO security_events (id, user_id, type, at) SELECT 'old-' || n, $1, 'signed-in', now() - interval '1 day' FROM generate_series(1, 150) n`,
      [user.id],
    )
    const many = (await browser.ask(securityApi.securityEvents, {})).events
    expect([many.length, many[0]?.id]).toEqual([100, events[0]?.id])
    await expect(openBrowser(auth).ask(securityApi.securityEvents, {})).rejects.toEqual(problem('unauthenticated'))
  })
})
