import { openBrowser, PASSWORD } from '@realtime/auth/testing'
import { organizationApi as api, authApi, call, type Invitation, teamApi } from '@realtime/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accept, create, join, problem, refused, remove, setRole, tokenOf } from './organizations.ts'
import { personIn, startPeople, type TestPeople, type TestPerson } from './people.ts'

let people: TestPeople
let ada: TestPerson
let grace: TestPerson
let eve: TestPerson
beforeAll(async () => {
  people = await startPeople()
  ada = await people.person('Ada')
  grace = await people.person('Grace')
  eve = await people.person('Eve')
})
afterAll(() => people.stop())

type Wanted = Partial<Pick<Invitation, 'email' | 'teams' | 'maxUses'>> & {
  role?: 'admin' | 'member' | 'guest'
  expiresInDays?: number
}
const invite = (id: string, body: Wanted = {}, by = ada) => call(by.caller, api.invite, { params: { id }, body })
const resend = (id: string, invitationId: string, by = ada) =>
  call(by.caller, api.resendInvitation, { params: { id, invitationId } })
const preview = (url: string) =>
  call({ baseUrl: people.organization.url }, api.previewInvitation, { body: { token: tokenOf(url) } })
const listed = async (id: string) => (await call(ada.caller, api.invitations, { params: { id } })).invitations
const nameOf = async (who: TestPerson, id: string) =>
  (await call(who.caller, api.list, {})).organizations.find((one) => one.id === id)?.role

/** Shows that an address is the person's, as the mail of auth does. */
const confirm = (who: TestPerson, confirmed = true) =>
  people.auth.database.sql('UPDATE users SET email_verified = $2 WHERE id = $1', [who.user.id, confirmed])

/** As if the last mail had been sent long ago. */
const forgetMail = (id: string) => people.database.sql('UPDATE invitations SET sent_at = NULL WHERE id = $1', [id])

describe('an invitation for an address', () => {
  it('is for the account that has it and has shown so, once', async () => {
    const { id } = await create(ada, 'Lighthouse')
    await confirm(grace, false)
    const made = await invite(id, { email: 'Grace@Example.com', role: 'member', maxUses: 7 })
    expect(made).toMatchObject({ email: 'grace@example.com', maxUses: 1, uses: 0, sentAt: null, teams: [] })
    expect(await preview(made.url)).toEqual({
      organization: { id, name: 'Lighthouse' },
      role: 'member',
      invitedBy: 'Ada',
      email: 'g…@e….com',
      expiresAt: made.expiresAt,
    })
    // Somebody else learns nothing, whether their own address is confirmed or not.
    for (const confirmed of [false, true]) {
      await confirm(eve, confirmed)
      await expect(accept(eve, made.url)).rejects.toEqual(problem('invalid-token'))
    }
    await expect(accept(grace, made.url)).rejects.toEqual(problem('email-unverified'))
    expect(await nameOf(grace, id)).toBeUndefined()
    // A moment later it holds: nothing of before is remembered.
    await confirm(grace)
    expect(await accept(grace, made.url)).toMatchObject({ id, role: 'member' })
    expect(await accept(grace, made.url)).toMatchObject({ id, role: 'member' })
    expect(await listed(id)).toEqual([])
    // Replayed after a removal it lets nobody in.
    await remove(ada, id, grace)
    await expect(accept(grace, made.url)).rejects.toEqual(problem('invalid-token'))
  })

  it('is no more for whoever gave the address up', async () => {
    const { id } = await create(ada)
    const made = await invite(id, { email: 'grace@example.com' })
    await people.auth.database.sql(`UPDATE users SET email = 'other@example.com' WHERE id = $1`, [grace.user.id])
    await expect(accept(grace, made.url)).rejects.toEqual(problem('invalid-token'))
    await people.auth.database.sql(`UPDATE users SET email = 'grace@example.com' WHERE id = $1`, [grace.user.id])
    expect(await accept(grace, made.url)).toMatchObject({ id })
  })

  it('is one at a time, and can be made anew when it ended', async () => {
    const { id } = await create(ada)
    const first = await invite(id, { email: 'new@example.com' })
    await refused('conflict', [invite(id, { email: 'NEW@example.com' })])
    await call(ada.caller, api.revokeInvitation, { params: { id, invitationId: first.id } })
    const second = await invite(id, { email: 'new@example.com' })
    const results = await Promise.allSettled([1, 2, 3].map(() => invite(id, { email: 'race@example.com' })))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await listed(id)).map((one) => one.email)).toEqual(['race@example.com', 'new@example.com'])
    expect((await listed(id)).at(-1)?.id).toBe(second.id)
    await refused('invalid-input', [invite(id, { email: 'no address' }), invite(id, { email: '' })])
  })

  it('is mailed no more than so often in a day', async () => {
    const { id } = await create(ada)
    await people.database.sql(
      `INSERT INTO invitations (id, organization_id, role, token_hash, created_by, expires_at, email, team_ids)
       SELECT gen_random_uuid(), $1, 'guest', gen_random_uuid(), 'x', now() + interval '1 day', n || '@example.com', '{}'
       FROM generate_series(1, 200) n`,
      [id],
    )
    await refused('rate-limited', [invite(id, { email: 'one-more@example.com' })])
    await expect(invite(id)).resolves.toMatchObject({ email: null })
    await people.database.sql(`UPDATE invitations SET created_at = now() - interval '25 hours' WHERE created_by = 'x'`)
    await expect(invite(id, { email: 'one-more@example.com' })).resolves.toMatchObject({ uses: 0 })
  })
})

describe('an invitation sent again', () => {
  it('has a new link and a new time; the old link is void', async () => {
    const { id } = await create(ada)
    const made = await invite(id, { role: 'guest', expiresInDays: 30, maxUses: 3 })
    await accept(grace, made.url)
    await people.database.sql(`UPDATE invitations SET expires_at = now() + interval '1 hour' WHERE id = $1`, [made.id])
    const again = await resend(id, made.id)
    expect(again.url).not.toBe(made.url)
    expect(again).toMatchObject({ id: made.id, role: 'guest', maxUses: 3, uses: 1, createdBy: ada.user.id })
    const days = (Date.parse(again.expiresAt) - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(29.9)
    expect(days).toBeLessThan(30.1)
    await refused('invalid-token', [preview(made.url), accept(eve, made.url)])
    expect(await accept(eve, again.url)).toMatchObject({ id, role: 'guest' })
    expect(await listed(id)).toEqual([expect.objectContaining({ id: made.id, uses: 2 })])
  })

  it('comes back to life when it had expired, but not when it was withdrawn or used up', async () => {
    const { id } = await create(ada)
    const expired = await invite(id)
    await people.database.sql('UPDATE invitations SET expires_at = now() WHERE id = $1', [expired.id])
    expect(await listed(id)).toEqual([])
    expect(await accept(grace, (await resend(id, expired.id)).url)).toMatchObject({ id })
    const withdrawn = await invite(id)
    await call(ada.caller, api.revokeInvitation, { params: { id, invitationId: withdrawn.id } })
    await refused('not-found', [resend(id, withdrawn.id), resend(id, 'unknown')])
    const used = await invite(id, { maxUses: 1 })
    await accept(eve, used.url)
    await refused('conflict', [resend(id, used.id)])
  })

  it('lets in once more than it was used, where signing up takes it', async () => {
    const closed = await startPeople('invitation')
    try {
      const browser = openBrowser(closed.auth)
      const admin = { email: 'admin@example.com', password: PASSWORD }
      const { user } = await browser.ask(authApi.signIn, { body: admin })
      const host = await personIn(browser, user, closed.organization.url)
      const { id } = await call(host.caller, api.ensurePersonal, {})
      const made = await call(host.caller, api.invite, { params: { id }, body: { maxUses: 1 } })
      const again = await call(host.caller, api.resendInvitation, { params: { id, invitationId: made.id } })
      const signUp = (name: string, url: string) =>
        openBrowser(closed.auth).ask(authApi.signUp, {
          body: { name, email: `${name}@example.com`, password: PASSWORD, invitation: tokenOf(url) },
        })
      await expect(signUp('old', made.url)).rejects.toEqual(problem('invalid-token'))
      expect((await signUp('new', again.url)).user?.name).toBe('new')
      await expect(signUp('late', again.url)).rejects.toEqual(problem('invalid-token'))
    } finally {
      await closed.stop()
    }
  })

  it('is sent by who may invite to that role', async () => {
    const { id } = await create(ada)
    await join(ada, grace, id, 'admin')
    await join(ada, eve, id, 'member')
    const made = await invite(id, { role: 'admin' })
    expect((await resend(id, made.id, grace)).role).toBe('admin')
    await refused('forbidden', [resend(id, made.id, eve)])
    await setRole(ada, id, grace, 'member')
    await refused('forbidden', [resend(id, made.id, grace)])
  })
})

describe('teams of an invitation', () => {
  it('are joined with the organization; those that are gone are left out', async () => {
    const { id } = await create(ada)
    const params = { id }
    const team = (name: string) => call(ada.caller, teamApi.createTeam, { params, body: { name } })
    const [one, two, gone] = [await team('One'), await team('Two'), await team('Gone')]
    const made = await invite(id, { teams: [one.id, gone.id, one.id] })
    expect(made.teams).toEqual([one.id, gone.id])
    await call(ada.caller, teamApi.deleteTeam, { params: { id, teamId: gone.id } })
    await accept(grace, made.url)
    const teams = (await call(grace.caller, teamApi.teams, { params })).teams
    expect(teams.map(({ id, mine }) => [id, mine])).toEqual([
      [one.id, true],
      [two.id, false],
    ])
  })

  it('belong to the organization', async () => {
    const [mine, other] = [await create(ada), await create(eve)]
    const body = { name: 'Theirs' }
    const theirs = await call(eve.caller, teamApi.createTeam, { params: { id: other.id }, body })
    await refused('not-found', [invite(mine.id, { teams: [theirs.id] }), invite(mine.id, { teams: ['unknown'] })])
    expect(await listed(mine.id)).toEqual([])
  })
})

describe('the mail of an invitation', () => {
  it('is kept in the outbox without a mail server; the link holds all the same', async () => {
    const { id } = await create(ada, 'Lighthouse')
    const made = await invite(id, { email: 'outbox@example.com' })
    expect(made.sentAt).toBeNull()
    const browser = openBrowser(people.auth)
    await browser.ask(authApi.signIn, { body: { email: 'admin@example.com', password: PASSWORD } })
    const { mails } = await browser.ask(authApi.outbox, {})
    const mail = mails.find(({ to }) => to === 'outbox@example.com')
    expect(mail?.subject).toBe('Ada invites you to Lighthouse')
    expect(mail?.text).toContain(made.url)
    expect(mail?.text).toContain('as a member')
    expect((await preview(made.url)).email).toBe('o…@e….com')
  })

  it('is sent where there is a mail server, and again after a pause, with the new link', async () => {
    const sending = await startPeople('open', {}, { SMTP_URL: 'smtp://127.0.0.1:9' })
    try {
      const browser = openBrowser(sending.auth)
      const { user } = await browser.ask(authApi.signIn, { body: { email: 'admin@example.com', password: PASSWORD } })
      const host = await personIn(browser, user, sending.organization.url)
      const params = { id: (await call(host.caller, api.create, { body: { name: 'Acme' } })).id }
      const body = { email: 'new@example.com' }
      const made = await call(host.caller, api.invite, { params, body })
      expect(Math.abs(Date.parse(made.sentAt ?? '') - Date.now())).toBeLessThan(10_000)
      const ask = { params: { ...params, invitationId: made.id } }
      await expect(call(host.caller, api.resendInvitation, ask)).rejects.toEqual(problem('rate-limited'))
      await sending.database.sql(`UPDATE invitations SET sent_at = now() - interval '2 minutes'`)
      const again = await call(host.caller, api.resendInvitation, ask)
      expect(Date.parse(again.sentAt ?? '')).toBeGreaterThan(Date.parse(made.sentAt ?? ''))
      const mails = await sending.auth.database.sql(`SELECT text FROM mails WHERE "to" = 'new@example.com' ORDER BY id`)
      const texts = mails.map(({ text }) => String(text))
      expect(texts.map((text) => [made.url, again.url].map((url) => text.includes(url)))).toEqual([
        [true, false],
        [false, true],
      ])
      const byLink = await call(host.caller, api.invite, { params, body: {} })
      expect(byLink.sentAt).toBeNull()
    } finally {
      await sending.stop()
    }
  })

  it('that is not sent loses nothing: the invitation is there, and can be sent again', async () => {
    const { id } = await create(ada)
    const made = await invite(id, { email: 'grace@example.com' })
    await forgetMail(made.id)
    await confirm(grace)
    const again = await resend(id, made.id)
    await refused('invalid-token', [accept(grace, made.url)])
    expect(await accept(grace, again.url)).toMatchObject({ id, role: 'member' })
  })
})

describe('the last use of an invitation', () => {
  it('is had by one, also where several want it at once and it is sent again meanwhile', async () => {
    const { id } = await create(ada)
    const made = await invite(id, { maxUses: 1 })
    const crowd = await Promise.all(['Uno', 'Due', 'Tre'].map((name) => people.person(name)))
    const results = await Promise.allSettled([
      ...crowd.map((who) => accept(who, made.url)),
      resend(id, made.id).then(({ url }) => accept(grace, url)),
    ])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const { members } = await call(ada.caller, api.members, { params: { id } })
    expect(members).toHaveLength(2)
  })
})
