import { organizationApi as api, auditApi, call, organizationInternal, teamApi } from '@realtime/contracts'
import { type Authority, bearer, startAuthority } from '@realtime/kit/testing'
import { start } from '@realtime/organization'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cast, castOf, create, everyRoute, join, organizationOf, problem, refused } from './organizations.ts'
import { startPeople, type TestPerson } from './people.ts'

let cast: Cast
beforeAll(async () => {
  cast = await castOf(await startPeople())
})
afterAll(() => cast.people.stop())

type Route = keyof ReturnType<typeof everyRoute>

/** What has no organization in its address. */
const ownRoutes: Route[] = ['list', 'leaveAll', 'waysOut', 'ensurePersonal', 'create', 'accept']

/** The ids of an organization with all of the cast, a team with its member in it, and an invitation. */
async function idsOf(of: Cast, name?: string) {
  const id = await organizationOf(of, name)
  const team = await call(of.owner.caller, teamApi.createTeam, { params: { id }, body: { name: 'Team' } })
  const userId = of.member.user.id
  await call(of.owner.caller, teamApi.addTeamMember, { params: { id, teamId: team.id, userId } })
  const invitation = await call(of.owner.caller, api.invite, { params: { id }, body: {} })
  return { id, userId, teamId: team.id, invitationId: invitation.id }
}

const names = (routes: object, without: Route[] = []) =>
  (Object.keys(routes) as Route[]).filter((name) => !without.includes(name))

describe('every route', () => {
  it('needs a token that is valid here', async () => {
    const ids = { id: 'x', userId: 'y', teamId: 'z', invitationId: 'w' }
    const url = cast.people.organization.url
    for (const caller of [{ baseUrl: url }, bearer(url, 'forged')]) {
      const routes = everyRoute(caller, ids)
      await refused(
        'unauthenticated',
        Object.values(routes).map((ask) => ask()),
      )
    }
  })

  it('is nothing at all to strangers, nor to members with the ids of another organization', async () => {
    const ids = await idsOf(cast)
    const strange = everyRoute(cast.stranger.caller, ids)
    const outside = names(strange, ownRoutes)
    await refused(
      'not-found',
      outside.map((name) => strange[name]()),
    )
    // An owner elsewhere, by the way of their own organization.
    const own = await create(cast.stranger, 'Evil')
    const within = everyRoute(cast.stranger.caller, { ...ids, id: own.id })
    const foreign: Route[] = [
      'setRole',
      'remove',
      'transfer',
      'resend',
      'revoke',
      'renameTeam',
      'deleteTeam',
      'teamMembers',
      'addTeamMember',
      'removeTeamMember',
    ]
    await refused(
      'not-found',
      foreign.map((name) => within[name]()),
    )
    const invite = { params: { id: own.id }, body: { teams: [ids.teamId] } }
    await refused('not-found', [
      call(cast.stranger.caller, api.invite, invite),
      call(cast.stranger.caller, auditApi.audit, {
        params: { id: own.id },
        query: { before: await someEntry(ids.id) },
      }),
    ])
    expect((await call(cast.owner.caller, api.members, { params: { id: ids.id } })).members).toHaveLength(4)
    const [team] = (await call(cast.owner.caller, teamApi.teams, { params: { id: ids.id } })).teams
    expect(team).toMatchObject({ name: 'Team', members: 1 })
  })

  async function someEntry(id: string): Promise<string> {
    const { entries } = await call(cast.owner.caller, auditApi.audit, { params: { id }, query: {} })
    return entries[0]?.id ?? ''
  }

  it.each(['member', 'guest'] as const)('that changes something is refused to a %s', async (role) => {
    const ids = await idsOf(cast)
    const { owner } = cast
    // Somebody else than who asks.
    const routes = everyRoute(cast[role].caller, { ...ids, userId: owner.user.id })
    const reading: Route[] = ['get', 'members', 'teams', 'teamMembers']
    const changing = names(routes, [...ownRoutes, ...reading])
    const results = await Promise.allSettled(changing.map((name) => routes[name]()))
    const answers = changing.map((name, index) => [name, (results[index] as PromiseRejectedResult).reason?.key])
    // Guests are not even told of a team that they are not in.
    const hidden = (name: Route) => role === 'guest' && name === 'removeTeamMember'
    expect(answers).toEqual(changing.map((name) => [name, hidden(name) ? 'not-found' : 'forbidden']))
  })

  it('lets an admin reach no owner', async () => {
    const ids = await idsOf(cast)
    const { admin, owner, member } = cast
    const params = { id: ids.id }
    const role = (userId: string, wanted: 'owner' | 'guest') =>
      call(admin.caller, api.updateMember, { params: { ...params, userId }, body: { role: wanted } })
    await refused('forbidden', [
      role(member.user.id, 'owner'),
      role(admin.user.id, 'owner'),
      role(owner.user.id, 'guest'),
      call(admin.caller, api.removeMember, { params: { ...params, userId: owner.user.id } }),
      call(admin.caller, api.transferOwnership, { params, body: { userId: admin.user.id } }),
      call(admin.caller, api.delete, { params, body: { name: 'Acme' } }),
      call(admin.caller, api.cancelDeletion, { params }),
    ])
    const body = { role: 'owner' } as unknown as { role: 'admin' }
    await refused('invalid-input', [call(admin.caller, api.invite, { params, body })])
    const { members } = await call(owner.caller, api.members, { params })
    expect(members.map(({ role }) => role)).toEqual(['owner', 'admin', 'member', 'guest'])
  })
})

describe('an API key and a link', () => {
  let authority: Authority
  let other: Awaited<ReturnType<typeof start>>
  let ids: Awaited<ReturnType<typeof idsOf>>
  beforeAll(async () => {
    // A process beside the first, which believes tokens of an issuer of this test: any actor can be had there.
    authority = await startAuthority(cast.people.config.PUBLIC_URL)
    other = await start({ ...cast.people.config, AUTH_URL: authority.url })
    ids = await idsOf(cast)
  })
  afterAll(async () => {
    await other.stop()
    await authority.stop()
  })

  const keyOf = async (who: TestPerson, scope: string) =>
    bearer(other.url, await authority.token(who.user.id, { claims: { act: 'key', sid: 'k1', scope } }))

  it('reads what its person may, where it is good for that, and does nothing else', async () => {
    const routes = everyRoute(await keyOf(cast.owner, 'organizations:read'), ids)
    const reading: Route[] = ['list', 'get', 'members', 'teams']
    const [list, get, members, teams] = await Promise.all([
      routes.list(),
      routes.get(),
      routes.members(),
      routes.teams(),
    ])
    expect(list.organizations).toContainEqual(get)
    expect(get).toMatchObject({ id: ids.id, role: 'owner' })
    expect(members.members.map(({ email }) => email)).toContain(cast.member.user.email)
    expect(teams.teams.map(({ name }) => name)).toEqual(['Team'])
    await refused(
      'forbidden',
      names(routes, reading).map((name) => routes[name]()),
    )
    const ofGuest = everyRoute(await keyOf(cast.guest, 'organizations:read'), ids)
    expect((await ofGuest.members()).members.map(({ email }) => email)).toEqual(['', '', '', ''])
    expect(await ofGuest.teams()).toEqual({ teams: [] })
    const ofStranger = everyRoute(await keyOf(cast.stranger, 'organizations:read'), ids)
    await refused('not-found', [ofStranger.get(), ofStranger.members(), ofStranger.teams()])
  })

  it('are good for nothing here with other scopes, or from a link', async () => {
    const claims = { act: 'link', sid: 'l1', scope: 'document:d1', name: 'Visitor' }
    const link = bearer(other.url, await authority.token('v1', { claims }))
    const key = await keyOf(cast.owner, 'documents:read documents:write')
    for (const caller of [link, key]) {
      const routes = everyRoute(caller, ids)
      await refused(
        'forbidden',
        names(routes).map((name) => routes[name]()),
      )
    }
    const { members } = await call(cast.owner.caller, api.members, { params: { id: ids.id } })
    expect(members).toHaveLength(4)
  })
})

describe('internal routes', () => {
  it('need the service secret', async () => {
    const params = { organizationId: 'x' }
    const caller = { ...cast.owner.caller, baseUrl: cast.people.internal.baseUrl }
    await refused('unauthenticated', [
      call(caller, organizationInternal.teams, { params, body: { ids: [] } }),
      call({ baseUrl: caller.baseUrl }, organizationInternal.teams, { params, body: { ids: [] } }),
      call(caller, organizationInternal.standing, { params }),
      call(caller, organizationInternal.roster, { params }),
    ])
  })

  it('tell teams of one organization only', async () => {
    const one = await idsOf(cast)
    const two = await idsOf(cast, 'Other')
    const params = { organizationId: one.id }
    const body = { ids: [two.teamId, 'unknown', one.teamId] }
    const { teams } = await call(cast.people.internal, organizationInternal.teams, { params, body })
    expect(teams).toEqual([{ id: one.teamId, name: 'Team', userIds: [cast.member.user.id] }])
    const found = await call(cast.people.internal, organizationInternal.members, {
      params,
      body: { userIds: [cast.member.user.id, cast.owner.user.id] },
    })
    expect(found.memberships.map((each) => each?.teams)).toEqual([[one.teamId], []])
  })

  it('tell who is in an organization: nobody when it is to be deleted', async () => {
    const id = await organizationOf(cast)
    const { owner, admin, member, guest } = cast
    const roster = async (organizationId: string) =>
      (await call(cast.people.internal, organizationInternal.roster, { params: { organizationId } })).people
    const people = [owner, admin, member, guest].map(({ user }) => ({ id: user.id, name: user.name }))
    expect(await roster(id)).toEqual(people)
    expect(await roster('unknown')).toEqual([])
    await refused('invalid-input', [roster('no id!')])
    await call(owner.caller, api.delete, { params: { id }, body: { name: 'Acme' } })
    expect(await roster(id)).toEqual([])
  })

  it('tell whether an organization is there: not when it is to be deleted', async () => {
    const { id } = await create(cast.owner)
    const there = async (organizationId: string) =>
      (await call(cast.people.internal, organizationInternal.standing, { params: { organizationId } })).there
    expect([await there(id), await there('unknown')]).toEqual([true, false])
    await call(cast.owner.caller, api.delete, { params: { id }, body: { name: 'Acme' } })
    expect(await there(id)).toBe(false)
    await call(cast.owner.caller, api.cancelDeletion, { params: { id } })
    expect(await there(id)).toBe(true)
  })
})

it('an owner who was made admin again reaches owners no more', async () => {
  const { owner, admin } = cast
  const id = await organizationOf(cast)
  const params = { id, userId: admin.user.id }
  await call(owner.caller, api.updateMember, { params, body: { role: 'owner' } })
  await call(owner.caller, api.updateMember, { params, body: { role: 'admin' } })
  await expect(join(admin, cast.stranger, id, 'admin')).resolves.toBeUndefined()
  await expect(call(admin.caller, api.updateMember, { params, body: { role: 'owner' } })).rejects.toEqual(
    problem('forbidden'),
  )
})
