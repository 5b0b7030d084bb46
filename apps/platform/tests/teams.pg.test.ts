import { teamApi as api, call, organizationApi, organizationInternal, type Team } from '@realtime/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cast, castOf, organizationOf, problem, refused, remove, setRole } from './organizations.ts'
import { startPeople, type TestPerson } from './people.ts'

let cast: Cast
let id: string
beforeAll(async () => {
  cast = await castOf(await startPeople())
  id = await organizationOf(cast)
})
afterAll(() => cast.people.stop())

const createTeam = (name: string, organization = id, by = cast.admin): Promise<Team> =>
  call(by.caller, api.createTeam, { params: { id: organization }, body: { name } })
const rename = (team: Team, name: string) =>
  call(cast.admin.caller, api.renameTeam, { params: { id, teamId: team.id }, body: { name } })
const put = (team: Team, who: TestPerson, by = cast.admin, organization = id) =>
  call(by.caller, api.addTeamMember, { params: { id: organization, teamId: team.id, userId: who.user.id } })
const take = (team: Team, who: TestPerson, by = cast.admin, organization = id) =>
  call(by.caller, api.removeTeamMember, { params: { id: organization, teamId: team.id, userId: who.user.id } })
const teamsOf = async (who: TestPerson, organization = id) =>
  (await call(who.caller, api.teams, { params: { id: organization } })).teams
const namesIn = async (team: Team, by = cast.member, organization = id) =>
  (await call(by.caller, api.teamMembers, { params: { id: organization, teamId: team.id } })).members.map(
    ({ name }) => name,
  )
const standing = async (who: TestPerson, organizationId = id) => {
  const body = { userIds: [who.user.id] }
  const params = { organizationId }
  return (await call(cast.people.internal, organizationInternal.members, { params, body })).memberships[0]
}
const newest = async () =>
  (await call(cast.people.internal, organizationInternal.changes, { query: { after: Number.MAX_SAFE_INTEGER } })).cursor
const changesAfter = async (after: number) => {
  const { changes } = await call(cast.people.internal, organizationInternal.changes, { query: { after } })
  return changes.map(({ type, subject }) => [type, subject.userId ?? null])
}

describe('a team', () => {
  it('is created, renamed, listed by name and deleted', async () => {
    const organization = await organizationOf(cast)
    expect(await teamsOf(cast.member, organization)).toEqual([])
    const writers = await createTeam('writers', organization)
    const editors = await createTeam('Editors', organization, cast.owner)
    expect(writers).toEqual({ id: writers.id, name: 'writers', members: 0, mine: false, createdAt: writers.createdAt })
    expect(await teamsOf(cast.member, organization)).toEqual([editors, writers])
    const params = { id: organization, teamId: writers.id }
    const renamed = await call(cast.owner.caller, api.renameTeam, { params, body: { name: 'Authors' } })
    expect(renamed).toEqual({ ...writers, name: 'Authors' })
    expect((await teamsOf(cast.member, organization)).map(({ name }) => name)).toEqual(['Authors', 'Editors'])
    await call(cast.admin.caller, api.deleteTeam, { params })
    await refused('not-found', [
      call(cast.admin.caller, api.deleteTeam, { params }),
      call(cast.member.caller, api.teamMembers, { params }),
    ])
    expect(await teamsOf(cast.member, organization)).toEqual([editors])
  })

  it('has a name that no other has, without regard to case, also when two want it at once', async () => {
    const team = await createTeam('Design')
    await refused('conflict', [createTeam('design'), createTeam(' DESIGN '), createTeam('Ｄｅｓｉｇｎ')])
    expect((await rename(team, 'DESIGN')).name).toBe('DESIGN')
    const other = await createTeam('Straße')
    await expect(rename(other, 'design')).rejects.toEqual(problem('conflict'))
    const results = await Promise.allSettled(['ops', 'Ops', 'OPS', 'oPs'].map((name) => createTeam(name)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    // A name is taken in its own organization only.
    const elsewhere = await organizationOf(cast)
    expect((await createTeam('Design', elsewhere)).name).toBe('Design')
  })

  it.each([
    ['right-to-left', 'צוות א׳', 'צוות א׳'],
    ['emoji', '🚀 launch 👩🏽‍🚀', '🚀 launch 👩🏽‍🚀'],
    ['with wildcards of SQL', '100%_\\', '100%_\\'],
    ['with control characters', 'a\u0000b\u202E\nc', 'a b c'],
    ['long', 'x'.repeat(60), 'x'.repeat(60)],
  ])('may have a name that is %s', async (_what, name, kept) => {
    expect((await createTeam(name)).name).toBe(kept)
    await expect(createTeam(name)).rejects.toEqual(problem('conflict'))
  })

  it('has no name that is empty or too long', async () => {
    await refused('invalid-input', [createTeam(''), createTeam(' \u0000 '), createTeam('x'.repeat(61))])
  })
})

describe('members of a team', () => {
  it('are put in and taken out, again without a change', async () => {
    const team = await createTeam('Core')
    await put(team, cast.member)
    await put(team, cast.member)
    await put(team, cast.owner)
    expect(await namesIn(team)).toEqual(['Mia Member', 'Olga Owner'])
    expect(await teamsOf(cast.member)).toContainEqual({ ...team, members: 2, mine: true })
    expect(await teamsOf(cast.admin)).toContainEqual({ ...team, members: 2, mine: false })
    expect((await standing(cast.member))?.teams).toEqual([team.id])
    await take(team, cast.member)
    await take(team, cast.member)
    expect(await namesIn(team)).toEqual(['Olga Owner'])
    expect((await standing(cast.member))?.teams).toEqual([])
  })

  it('are members of the organization', async () => {
    const team = await createTeam('Insiders')
    await refused('not-found', [put(team, cast.stranger)])
    expect(await namesIn(team)).toEqual([])
  })

  it('may leave, and change nobody else', async () => {
    const team = await createTeam('Leavers')
    await put(team, cast.member)
    await put(team, cast.guest)
    await refused('forbidden', [
      take(team, cast.guest, cast.member),
      take(team, cast.member, cast.guest),
      put(team, cast.admin, cast.member),
      put(team, cast.admin, cast.guest),
    ])
    await take(team, cast.member, cast.member)
    await take(team, cast.guest, cast.guest)
    expect(await namesIn(team)).toEqual([])
  })

  it('who are guests see their own teams and no others', async () => {
    const [mine, other] = [await createTeam('With guest'), await createTeam('Without guest')]
    await put(mine, cast.guest)
    await put(other, cast.member)
    expect(await teamsOf(cast.guest)).toEqual([{ ...mine, members: 1, mine: true }])
    expect(await namesIn(mine, cast.guest)).toEqual(['Gus Guest'])
    await refused('not-found', [namesIn(other, cast.guest), take(other, cast.member, cast.guest)])
    await refused('not-found', [take(other, cast.guest, cast.guest)])
    expect(await namesIn(other)).toEqual(['Mia Member'])
  })

  it('leave all teams with the organization, and come back into none', async () => {
    const organization = await organizationOf(cast)
    const team = await createTeam('Team', organization)
    await put(team, cast.member, cast.owner, organization)
    await put(team, cast.guest, cast.owner, organization)
    await remove(cast.owner, organization, cast.member)
    await remove(cast.guest, organization, cast.guest)
    expect(await namesIn(team, cast.admin, organization)).toEqual([])
    const { url } = await call(cast.owner.caller, organizationApi.invite, { params: { id: organization }, body: {} })
    const token = url.split('/join/')[1] ?? ''
    await call(cast.member.caller, organizationApi.acceptInvitation, { body: { token } })
    expect((await standing(cast.member, organization))?.teams).toEqual([])
  })

  it('keep their teams when their role changes', async () => {
    const organization = await organizationOf(cast)
    const team = await createTeam('Team', organization)
    await put(team, cast.member, cast.owner, organization)
    await setRole(cast.owner, organization, cast.member, 'guest')
    expect(await standing(cast.member, organization)).toMatchObject({ role: 'guest', teams: [team.id] })
  })
})

describe('other services', () => {
  it('are told whose teams changed, and of names', async () => {
    const team = await createTeam('Told')
    const start = await newest()
    await put(team, cast.member)
    await put(team, cast.member)
    await rename(team, 'Retold')
    await rename(team, 'Retold')
    await put(team, cast.guest)
    await take(team, cast.guest)
    await take(team, cast.guest)
    await call(cast.admin.caller, api.deleteTeam, { params: { id, teamId: team.id } })
    const { member, guest } = cast
    expect(await changesAfter(start)).toEqual([
      ['membership.changed', member.user.id],
      ['organization.changed', null],
      ['membership.changed', guest.user.id],
      ['membership.changed', guest.user.id],
      ['membership.changed', member.user.id],
      ['organization.changed', null],
    ])
  })
})
