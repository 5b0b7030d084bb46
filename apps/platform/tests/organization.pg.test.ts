import { openBrowser, signUpPerson } from '@realtime/auth/testing'
import { organizationApi as api, authApi, call, organizationInternal } from '@realtime/contracts'
import { start } from '@realtime/organization'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { create, join, problem, refused, remove, setRole, tokenOf } from './organizations.ts'
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

describe('the own organization', () => {
  it('is there at the first call, once, also with many calls at once', async () => {
    const alan = await people.person('Alan')
    const answers = await Promise.all(Array.from({ length: 12 }, () => call(alan.caller, api.ensurePersonal, {})))
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1)
    expect(answers[0]).toMatchObject({ name: "Alan's workspace", personal: true, role: 'owner' })
    expect((await call(alan.caller, api.list, {})).organizations).toEqual([answers[0]])
  })

  it('cannot be left by its person, not even with another owner in it', async () => {
    const alan = await people.person('Alonzo')
    const { id } = await call(alan.caller, api.ensurePersonal, {})
    await join(alan, grace, id, 'member')
    await setRole(alan, id, grace, 'owner')
    await expect(remove(alan, id, alan)).rejects.toEqual(problem('conflict'))
    await expect(setRole(grace, id, alan, 'member')).rejects.toEqual(problem('conflict'))
    await remove(grace, id, grace)
  })
})

describe('organizations', () => {
  it('are created, listed, read and renamed', async () => {
    const made = await create(ada)
    expect(made).toMatchObject({ name: 'Acme', personal: false, role: 'owner' })
    const params = { id: made.id }
    const renamed = await call(ada.caller, api.update, { params, body: { name: 'Acme & Co' } })
    expect(renamed).toEqual({ ...made, name: 'Acme & Co' })
    expect(await call(ada.caller, api.get, { params })).toEqual(renamed)
    expect((await call(ada.caller, api.list, {})).organizations).toContainEqual(renamed)
  })

  it('refuse bad input', async () => {
    const { id } = await create(ada)
    const authorization = String((await ada.caller.headers?.())?.authorization)
    const send = async (body: string, type = 'application/json') => {
      const headers = { authorization, 'content-type': type }
      const answer = await fetch(`${people.organization.url}/orgs`, { method: 'POST', headers, body })
      return [answer.status, (await answer.json()).type]
    }
    expect(await send('{')).toEqual([400, '/problems/malformed-json'])
    expect(await send('{"name":" "}')).toEqual([400, '/problems/invalid-input'])
    expect(await send('{"name":7}')).toEqual([400, '/problems/invalid-input'])
    expect(await send('{"name":"x","plan":"gold"}')).toEqual([400, '/problems/invalid-input'])
    expect(await send('name=x', 'text/plain')).toEqual([415, '/problems/unsupported-media-type'])
    expect(await send(`{"name":"${'x'.repeat(300_000)}"}`)).toEqual([413, '/problems/payload-too-large'])
    const owner = { role: 'owner' } as unknown as { role: 'admin' }
    await expect(call(ada.caller, api.invite, { params: { id }, body: owner })).rejects.toEqual(
      problem('invalid-input'),
    )
  })
})

describe('members', () => {
  it('have names from auth; guests see no addresses', async () => {
    const { id } = await create(ada)
    await join(ada, grace, id, 'member')
    await join(ada, eve, id, 'guest')
    const { members } = await call(grace.caller, api.members, { params: { id } })
    expect(members.map(({ name, email, role }) => [name, email, role])).toEqual([
      ['Ada', 'ada@example.com', 'owner'],
      ['Grace', 'grace@example.com', 'member'],
      ['Eve', 'eve@example.com', 'guest'],
    ])
    const seen = await call(eve.caller, api.members, { params: { id } })
    expect(seen.members.map(({ name, email }) => [name, email])).toEqual([
      ['Ada', ''],
      ['Grace', ''],
      ['Eve', ''],
    ])
  })

  it('may do only what their role allows, and grant nothing above it', async () => {
    const { id } = await create(ada)
    const params = { id }
    await join(ada, grace, id, 'member')
    await join(ada, eve, id, 'guest')
    await refused('forbidden', [
      call(grace.caller, api.update, { params, body: { name: 'x' } }),
      call(grace.caller, api.invite, { params, body: {} }),
      call(grace.caller, api.invitations, { params }),
      setRole(grace, id, eve, 'member'),
      setRole(grace, id, grace, 'admin'),
      remove(grace, id, eve),
    ])
    await setRole(ada, id, grace, 'admin')
    expect(await setRole(grace, id, eve, 'admin')).toMatchObject({ userId: eve.user.id, role: 'admin' })
    await refused('forbidden', [
      setRole(grace, id, eve, 'owner'),
      setRole(grace, id, grace, 'owner'),
      setRole(grace, id, ada, 'member'),
      remove(grace, id, ada),
    ])
    await remove(eve, id, eve)
    await expect(call(eve.caller, api.get, { params })).rejects.toEqual(problem('not-found'))
    await expect(setRole(ada, id, eve, 'guest')).rejects.toEqual(problem('not-found'))
  })

  it('always include an owner, even when all leave at once', async () => {
    const { id } = await create(ada)
    await expect(remove(ada, id, ada)).rejects.toEqual(problem('conflict'))
    await expect(setRole(ada, id, ada, 'member')).rejects.toEqual(problem('conflict'))
    await join(ada, grace, id, 'member')
    await join(ada, eve, id, 'member')
    await setRole(ada, id, grace, 'owner')
    await setRole(ada, id, eve, 'owner')
    const results = await Promise.allSettled([
      remove(ada, id, ada),
      setRole(grace, id, grace, 'guest'),
      remove(eve, id, eve),
    ])
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toEqual(problem('conflict'))
  })
})

describe('invitations', () => {
  it('show their link once, tell what they invite to, and let in', async () => {
    const { id } = await create(ada, 'Lighthouse')
    const body = { role: 'member', expiresInDays: 3 } as const
    const { url, ...made } = await call(ada.caller, api.invite, { params: { id }, body })
    expect(url).toMatch(/^http:\/\/localhost:3000\/join\/[A-Za-z0-9_-]{43}$/)
    expect(made).toMatchObject({ role: 'member', createdBy: ada.user.id, maxUses: null, uses: 0 })
    const token = tokenOf(url)
    const nobody = { baseUrl: people.organization.url }
    expect(await call(nobody, api.previewInvitation, { body: { token } })).toEqual({
      organization: { id, name: 'Lighthouse' },
      role: 'member',
      invitedBy: 'Ada',
      email: null,
      expiresAt: made.expiresAt,
    })
    const joined = await call(grace.caller, api.acceptInvitation, { body: { token } })
    expect(joined).toMatchObject({ id, name: 'Lighthouse', role: 'member' })
    expect(await call(grace.caller, api.acceptInvitation, { body: { token } })).toEqual(joined)
    const { invitations } = await call(ada.caller, api.invitations, { params: { id } })
    expect(invitations).toEqual([{ ...made, uses: 1 }])
    const stored = JSON.stringify(await people.database.sql('SELECT * FROM invitations'))
    expect(stored).not.toContain(token)
  })

  it('never lower a role, and may raise it', async () => {
    const { id } = await create(ada)
    await join(ada, grace, id, 'guest')
    expect((await call(grace.caller, api.get, { params: { id } })).role).toBe('guest')
    await join(ada, grace, id, 'admin')
    await join(ada, grace, id, 'guest')
    await join(ada, ada, id, 'guest')
    expect((await call(grace.caller, api.get, { params: { id } })).role).toBe('admin')
    expect((await call(ada.caller, api.get, { params: { id } })).role).toBe('owner')
  })

  it('end when withdrawn, expired, used up or unknown', async () => {
    const { id } = await create(ada)
    const params = { id }
    const ended = async (token: string) => {
      const nobody = { baseUrl: people.organization.url }
      await expect(call(nobody, api.previewInvitation, { body: { token } })).rejects.toEqual(problem('invalid-token'))
      await expect(call(eve.caller, api.acceptInvitation, { body: { token } })).rejects.toEqual(
        problem('invalid-token'),
      )
    }
    await ended('x'.repeat(43))
    const withdrawn = await call(ada.caller, api.invite, { params, body: {} })
    const revoke = () => call(ada.caller, api.revokeInvitation, { params: { id, invitationId: withdrawn.id } })
    await revoke()
    await revoke()
    await ended(tokenOf(withdrawn.url))
    const expired = await call(ada.caller, api.invite, { params, body: {} })
    await people.database.sql('UPDATE invitations SET expires_at = now() WHERE id = $1', [expired.id])
    await ended(tokenOf(expired.url))
    const once = await call(ada.caller, api.invite, { params, body: { maxUses: 1 } })
    await call(grace.caller, api.acceptInvitation, { body: { token: tokenOf(once.url) } })
    await ended(tokenOf(once.url))
    expect((await call(ada.caller, api.invitations, { params })).invitations).toEqual([])
    const other = await create(ada)
    const unknown = { id: other.id, invitationId: once.id }
    await expect(call(ada.caller, api.revokeInvitation, { params: unknown })).rejects.toEqual(problem('not-found'))
  })

  it('are used no more often than allowed, also at once', async () => {
    const { id } = await create(ada)
    const { url } = await call(ada.caller, api.invite, { params: { id }, body: { maxUses: 2 } })
    const crowd = await Promise.all(['One', 'Two', 'Three', 'Four'].map((name) => people.person(name)))
    const results = await Promise.allSettled(
      crowd.map((who) => call(who.caller, api.acceptInvitation, { body: { token: tokenOf(url) } })),
    )
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(2)
    expect((await call(ada.caller, api.members, { params: { id } })).members).toHaveLength(3)
  })

  it('do not bring back who was removed, nor outlive the right to invite', async () => {
    const { id } = await create(ada)
    const { url } = await call(ada.caller, api.invite, { params: { id }, body: { role: 'admin' } })
    const accept = (who: TestPerson, link: string) =>
      call(who.caller, api.acceptInvitation, { body: { token: tokenOf(link) } })
    await accept(grace, url)
    const own = await call(grace.caller, api.invite, { params: { id }, body: {} })
    await remove(ada, id, grace)
    await expect(accept(grace, url)).rejects.toEqual(problem('invalid-token'))
    await expect(accept(grace, own.url)).rejects.toEqual(problem('invalid-token'))
    await accept(eve, url)
    const hers = await call(eve.caller, api.invite, { params: { id }, body: {} })
    await setRole(ada, id, eve, 'member')
    await expect(accept(grace, hers.url)).rejects.toEqual(problem('invalid-token'))
  })

  it('let people sign up where that takes an invitation', async () => {
    const closed = await startPeople('invitation')
    try {
      const browser = openBrowser(closed.auth)
      const admin = { email: 'admin@example.com', password: 'correct horse battery' }
      const { user } = await browser.ask(authApi.signIn, { body: admin })
      const host = await personIn(browser, user, closed.organization.url)
      const { id } = await call(host.caller, api.ensurePersonal, {})
      const first = await call(host.caller, api.invite, { params: { id }, body: {} })
      const guestBrowser = openBrowser(closed.auth)
      await expect(signUpPerson(guestBrowser, 'Guest')).rejects.toEqual(problem('sign-up-closed'))
      const guest = await signUpPerson(guestBrowser, 'Guest', tokenOf(first.url))
      const { caller } = await personIn(guestBrowser, guest, closed.organization.url)
      await call(caller, api.acceptInvitation, { body: { token: tokenOf(first.url) } })
      await call(host.caller, api.revokeInvitation, { params: { id, invitationId: first.id } })
      await expect(signUpPerson(openBrowser(closed.auth), 'Late', tokenOf(first.url))).rejects.toEqual(
        problem('invalid-token'),
      )
    } finally {
      await closed.stop()
    }
  })
})

describe('other services', () => {
  it('learn memberships and names', async () => {
    const { id } = await create(ada)
    await join(ada, grace, id, 'guest')
    const find = (userIds: string[], organizationId = id) =>
      call(people.internal, organizationInternal.members, { params: { organizationId }, body: { userIds } })
    const own = { role: 'owner', name: 'Ada', image: null, teams: [] }
    const other = { role: 'guest', name: 'Grace', image: null, teams: [] }
    const asked = [ada.user.id, eve.user.id, grace.user.id, 'nobody', ada.user.id]
    expect(await find(asked)).toEqual({ memberships: [own, null, other, null, own] })
    expect(await find([eve.user.id])).toEqual({ memberships: [null] })
    expect(await find([ada.user.id], 'nowhere')).toEqual({ memberships: [null] })
    const crowd = Array.from({ length: 1000 }, (_, index) => (index === 999 ? ada.user.id : `nobody${index}`))
    expect((await find(crowd)).memberships.indexOf(null)).toBe(0)
    expect((await find(crowd)).memberships.at(-1)).toEqual(own)
    await refused('invalid-input', [find([]), find([...crowd, 'more']), find(['no id!']), find(['x'], 'no id!')])
    const { memberships } = await call(people.internal, organizationInternal.memberships, {
      query: { user: grace.user.id },
    })
    expect(memberships).toContainEqual({ organizationId: id, role: 'guest' })
  })

  it('need the service secret', async () => {
    const params = { organizationId: 'x' }
    const body = { userIds: ['y'] }
    const tries = [
      call({ ...ada.caller, baseUrl: people.internal.baseUrl }, organizationInternal.members, { params, body }),
      call({ baseUrl: people.internal.baseUrl }, organizationInternal.memberships, { query: { user: 'x' } }),
      call({ baseUrl: people.internal.baseUrl }, organizationInternal.changes, { query: {} }),
    ]
    await refused('unauthenticated', tries)
  })

  it('are told of each change, at once while they wait', async () => {
    const read = (query: { after?: number; wait?: number; limit?: number }) =>
      call(people.internal, organizationInternal.changes, { query })
    const began = performance.now()
    const { cursor, changes } = await read({ after: Number.MAX_SAFE_INTEGER, wait: 10 })
    expect([changes, performance.now() - began < 1_000]).toEqual([[], true])
    const waiting = read({ after: cursor, wait: 10 })
    const { id } = await create(ada)
    const told = await waiting
    const subject = { organizationId: id, userId: ada.user.id }
    expect(told.changes).toEqual([expect.objectContaining({ type: 'membership.changed', subject })])
    expect(performance.now() - began).toBeLessThan(5_000)
    await call(ada.caller, api.update, { params: { id }, body: { name: 'New' } })
    await join(ada, grace, id, 'member')
    await setRole(ada, id, grace, 'admin')
    await remove(ada, id, grace)
    const rest = await read({ after: told.cursor })
    expect(rest.changes.map((change) => change.type)).toEqual([
      'organization.changed',
      'membership.changed',
      'membership.changed',
      'membership.changed',
    ])
    expect(rest.cursor).toBe(rest.changes.at(-1)?.cursor)
    expect((await read({ after: told.cursor, limit: 1 })).changes).toEqual(rest.changes.slice(0, 1))
    expect(await read({ after: rest.cursor, wait: 1 })).toEqual({ changes: [], cursor: rest.cursor })
  })

  it('see every change in order while many are made at once', async () => {
    const { cursor: first } = await call(people.internal, organizationInternal.changes, {
      query: { after: Number.MAX_SAFE_INTEGER },
    })
    let made = 0
    const making = Promise.all(Array.from({ length: 40 }, () => create(ada).then(() => made++)))
    const seen: number[] = []
    for (let after = first; seen.length < 40; ) {
      const { changes, cursor } = await call(people.internal, organizationInternal.changes, {
        query: { after, wait: 5 },
      })
      if (changes.length === 0 && made === 40) break
      seen.push(...changes.map((change) => change.cursor))
      after = cursor
    }
    await making
    const rows = await people.database.sql('SELECT cursor::int AS cursor FROM changes WHERE cursor > $1 ORDER BY 1', [
      first,
    ])
    expect(seen).toEqual(rows.map((row) => row.cursor))
    expect(seen).toHaveLength(40)
  })

  it('are let go at once when the service stops', async () => {
    const other = await start(people.config)
    const caller = { ...people.internal, baseUrl: other.internalUrl ?? '' }
    const { cursor } = await call(caller, organizationInternal.changes, { query: { after: Number.MAX_SAFE_INTEGER } })
    const began = performance.now()
    const waiting = call(caller, organizationInternal.changes, { query: { after: cursor, wait: 25 } })
    // A second request that was answered shows that the first one has arrived.
    expect((await fetch(`${other.internalUrl}/ready`)).status).toBe(200)
    await other.stop()
    expect(await waiting).toEqual({ changes: [], cursor })
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})

describe('while auth is away', () => {
  it('names that were known are given, and an invitation is refused rather than half made', async () => {
    const lone = await startPeople()
    try {
      const host = await lone.person('Host')
      const { id } = await call(host.caller, api.ensurePersonal, {})
      await call(host.caller, api.members, { params: { id } })
      await lone.auth.running.stop()
      const { members } = await call(host.caller, api.members, { params: { id } })
      expect(members[0]?.name).toBe('Host')
      await expect(call(host.caller, api.invite, { params: { id }, body: {} })).rejects.toEqual(problem('unavailable'))
      expect(await lone.database.sql('SELECT 1 FROM invitations')).toEqual([])
    } finally {
      await lone.stop()
    }
  })
})
