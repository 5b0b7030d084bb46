import { PASSWORD } from '@realtime/auth/testing'
import {
  organizationApi as api,
  auditApi,
  billingApi,
  call,
  DELETION_DAYS,
  documentApi,
  organizationInternal,
  type Role,
  securityApi,
  teamApi,
} from '@realtime/contracts'
import { start as startDocument } from '@realtime/document'
import { freshSchema } from '@realtime/kit/database'
import { eventually } from '@realtime/kit/testing'
import { start } from '@realtime/organization'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accept,
  type Cast,
  castOf,
  create,
  everyRoute,
  join,
  organizationOf,
  problem,
  refused,
  remove,
  setRole,
} from './organizations.ts'
import { documentConfigOf, startPeople, type TestPeople, type TestPerson } from './people.ts'

let people: TestPeople
let cast: Cast
beforeAll(async () => {
  people = await startPeople()
  cast = await castOf(people)
})
afterAll(() => people.stop())

const DAY_MS = 24 * 60 * 60 * 1000

const get = (who: TestPerson, id: string) => call(who.caller, api.get, { params: { id } })
const list = async (who: TestPerson) => (await call(who.caller, api.list, {})).organizations
const rolesIn = async (who: TestPerson, id: string): Promise<Record<string, Role>> => {
  const { members } = await call(who.caller, api.members, { params: { id } })
  return Object.fromEntries(members.map(({ name, role }) => [name, role]))
}
const transfer = (by: TestPerson, id: string, to: TestPerson) =>
  call(by.caller, api.transferOwnership, { params: { id }, body: { userId: to.user.id } })
const askDeletion = (by: TestPerson, id: string, name = 'Acme') =>
  call(by.caller, api.delete, { params: { id }, body: { name } })
const takeBack = (by: TestPerson, id: string) => call(by.caller, api.cancelDeletion, { params: { id } })
const leaveAll = (who: TestPerson) => call(who.caller, api.leaveAll, {})
const waysOut = async (who: TestPerson) => (await call(who.caller, api.waysOut, {})).organizations
const deleteAccount = (who: TestPerson) =>
  who.browser.ask(securityApi.deleteAccount, { body: { password: PASSWORD, email: who.user.email } })
const auditTypes = async (who: TestPerson, id: string) => {
  const { entries } = await call(who.caller, auditApi.audit, { params: { id }, query: {} })
  return entries.map(({ type, by, target, detail }) => ({
    type,
    by: by.principal,
    target: target?.id,
    name: target?.name,
    detail,
  }))
}
/** As if the time of an organization were over. */
const letTimePass = (id: string, days = DELETION_DAYS) =>
  people.database.sql(
    `UPDATE organizations SET deletion_asked_at = deletion_asked_at - $2 * interval '1 day' WHERE id = $1`,
    [id, days],
  )
const exists = async (id: string) =>
  (await people.database.sql('SELECT 1 FROM organizations WHERE id = $1', [id])).length > 0
const standing = async (organizationId: string, ...who: TestPerson[]) => {
  const body = { userIds: who.map(({ user }) => user.id) }
  return (await call(people.internal, organizationInternal.members, { params: { organizationId }, body })).memberships
}
const newest = async () =>
  (await call(people.internal, organizationInternal.changes, { query: { after: Number.MAX_SAFE_INTEGER } })).cursor
const changesOf = async (id: string, after: number) => {
  const { changes } = await call(people.internal, organizationInternal.changes, { query: { after } })
  return changes.filter(({ subject }) => subject.organizationId === id).map(({ type }) => type)
}

describe('handing an organization over', () => {
  it('makes another member owner, and the owner admin', async () => {
    const id = await organizationOf(cast)
    expect(await transfer(cast.owner, id, cast.member)).toMatchObject({ id, role: 'admin' })
    expect(await rolesIn(cast.member, id)).toEqual({
      'Olga Owner': 'admin',
      'Adam Admin': 'admin',
      'Mia Member': 'owner',
      'Gus Guest': 'guest',
    })
    await refused('forbidden', [transfer(cast.owner, id, cast.owner), setRole(cast.owner, id, cast.owner, 'owner')])
    expect((await transfer(cast.member, id, cast.guest)).role).toBe('admin')
    expect((await get(cast.guest, id)).role).toBe('owner')
  })

  it('is for owners, to members, and not of an own workspace', async () => {
    const id = await organizationOf(cast)
    await refused('forbidden', [
      transfer(cast.admin, id, cast.admin),
      transfer(cast.member, id, cast.member),
      transfer(cast.guest, id, cast.guest),
    ])
    await refused('not-found', [transfer(cast.owner, id, cast.stranger)])
    await refused('conflict', [transfer(cast.owner, id, cast.owner)])
    const own = (await call(cast.owner.caller, api.ensurePersonal, {})).id
    await join(cast.owner, cast.member, own)
    await refused('conflict', [transfer(cast.owner, own, cast.member)])
    expect((await rolesIn(cast.owner, id))['Olga Owner']).toBe('owner')
  })

  it('leaves one owner where two hand over at once', async () => {
    const id = await organizationOf(cast)
    const results = await Promise.allSettled([
      transfer(cast.owner, id, cast.admin),
      transfer(cast.owner, id, cast.member),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const roles = Object.values(await rolesIn(cast.owner, id))
    expect(roles.filter((role) => role === 'owner')).toHaveLength(1)
  })
})

it('of two owners who leave at once, one stays', async () => {
  for (let round = 0; round < 5; round++) {
    const id = await organizationOf(cast)
    await setRole(cast.owner, id, cast.admin, 'owner')
    const results = await Promise.allSettled([remove(cast.owner, id, cast.owner), remove(cast.admin, id, cast.admin)])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toEqual(problem('conflict'))
    expect(Object.values(await rolesIn(cast.member, id)).filter((role) => role === 'owner')).toHaveLength(1)
  }
})

describe('deleting an organization', () => {
  it('is for its owner, who repeats its name', async () => {
    const id = await organizationOf(cast)
    await refused('forbidden', [askDeletion(cast.admin, id), askDeletion(cast.member, id), askDeletion(cast.guest, id)])
    await refused('invalid-input', [askDeletion(cast.owner, id, 'acme'), askDeletion(cast.owner, id, '')])
    const own = await call(cast.owner.caller, api.ensurePersonal, {})
    await refused('conflict', [askDeletion(cast.owner, own.id, own.name)])
    expect((await get(cast.owner, id)).deletedAt).toBeNull()
  })

  it('takes it from everybody at once, but lets its owner see it and take that back', async () => {
    const id = await organizationOf(cast)
    const { owner, admin, member, guest } = cast
    const params = { id }
    const { url } = await call(owner.caller, api.invite, { params, body: {} })
    const team = await call(owner.caller, teamApi.createTeam, { params, body: { name: 'Team' } })
    const start = await newest()
    const asked = await askDeletion(owner, id)
    const left = Date.parse(asked.deletedAt ?? '') - Date.now()
    expect(Math.abs(left - DELETION_DAYS * DAY_MS)).toBeLessThan(60_000)
    expect(await askDeletion(owner, id)).toEqual(asked)
    expect(await changesOf(id, start)).toEqual(['organization.changed'])

    expect(await standing(id, owner, admin, member, guest)).toEqual([null, null, null, null])
    // Taken back they are what they were: nobody may forget them meanwhile.
    const ofBoth = { userIds: [owner, guest].map(({ user }) => user.id), ending: true }
    const meanwhile = await call(people.internal, organizationInternal.members, {
      params: { organizationId: id },
      body: ofBoth,
    })
    expect(meanwhile.memberships.map((one) => one?.role)).toEqual(['owner', 'guest'])
    const query = { user: owner.user.id }
    const { memberships } = await call(people.internal, organizationInternal.memberships, { query })
    expect(memberships).not.toContainEqual(expect.objectContaining({ organizationId: id }))
    const body = { ids: [team.id] }
    expect(await call(people.internal, organizationInternal.teams, { params: { organizationId: id }, body })).toEqual({
      teams: [],
    })
    const kept = { params: { organizationId: id }, body: { ids: [team.id], ending: true } }
    expect((await call(people.internal, organizationInternal.teams, kept)).teams).toMatchObject([{ name: 'Team' }])
    for (const who of [admin, member, guest]) {
      await refused('not-found', [get(who, id), call(who.caller, teamApi.teams, { params })])
      expect(await list(who)).not.toContainEqual(expect.objectContaining({ id }))
    }
    await refused('not-found', [takeBack(admin, id), askDeletion(admin, id)])
    await refused('invalid-token', [accept(cast.stranger, url)])

    expect(await list(owner)).toContainEqual(asked)
    const ids = { id, userId: member.user.id, teamId: team.id, invitationId: 'x' }
    const routes = everyRoute(owner.caller, ids)
    await refused('conflict', [
      routes.update(),
      routes.transfer(),
      routes.setRole(),
      routes.remove(),
      routes.invite(),
      routes.createTeam(),
      routes.addTeamMember(),
      call(owner.caller, billingApi.spendCredit, { params, body: { request: 'r1' } }),
    ])
    expect((await routes.members()).members).toHaveLength(4)

    expect(await takeBack(owner, id)).toEqual({ ...asked, deletedAt: null })
    expect((await takeBack(owner, id)).deletedAt).toBeNull()
    expect((await standing(id, member, guest)).map((each) => each?.role)).toEqual(['member', 'guest'])
    expect(await accept(cast.stranger, url)).toMatchObject({ id })
    expect((await auditTypes(owner, id)).map(({ type }) => type).slice(0, 3)).toEqual([
      'member.joined',
      'organization.deletion-cancelled',
      'organization.deletion-requested',
    ])
  })

  it('is for good when the time is over, and tells other services', async () => {
    const id = await organizationOf(cast)
    await call(cast.owner.caller, api.update, { params: { id }, body: { slug: 'gone-soon' } })
    const start = await newest()
    await askDeletion(cast.owner, id)
    await letTimePass(id, DELETION_DAYS - 1)
    expect((await get(cast.owner, id)).deletedAt).not.toBeNull()
    await letTimePass(id, 1)
    await eventually(async () => !(await exists(id)))
    await refused('not-found', [get(cast.owner, id), takeBack(cast.owner, id)])
    expect(await changesOf(id, start)).toEqual(['organization.changed', 'organization.deleted'])
    const rows = ['memberships', 'invitations', 'teams', 'team_members'].map((table) =>
      people.database.sql(`SELECT 1 FROM ${table} WHERE organization_id = $1`, [id]),
    )
    expect(await Promise.all(rows)).toEqual([[], [], [], []])
    const other = await create(cast.owner)
    const freed = { params: { id: other.id }, body: { slug: 'gone-soon' } }
    expect((await call(cast.owner.caller, api.update, freed)).slug).toBe('gone-soon')
  })

  it('cannot be taken back when the time is over', async () => {
    const id = await organizationOf(cast)
    await askDeletion(cast.owner, id)
    // In one statement: the next look of the service comes within a second.
    await letTimePass(id)
    const answer = await takeBack(cast.owner, id).catch((error: unknown) => error)
    expect([problem('conflict'), problem('not-found')]).toContainEqual(answer)
    await eventually(async () => !(await exists(id)))
  })

  it('is known to documents within a second, both ways', async () => {
    const database = freshSchema('document')
    const document = await startDocument(documentConfigOf(people, database))
    try {
      const id = await organizationOf(cast)
      const at = (who: TestPerson) => ({ ...who.caller, baseUrl: document.url })
      const projects = (who: TestPerson) => call(at(who), documentApi.projects, { query: { organization: id } })
      const name = (await call(at(cast.member), documentApi.ensureFirstProject, { query: { organization: id } })).name
      const named = [expect.objectContaining({ name })]
      for (const who of [cast.owner, cast.member]) expect((await projects(who)).projects).toEqual(named)
      await askDeletion(cast.owner, id)
      await eventually(async () => {
        await refused('not-found', [projects(cast.owner), projects(cast.member)])
        return true
      }, 1_000)
      await takeBack(cast.owner, id)
      await eventually(async () => expect((await projects(cast.member)).projects).toEqual(named), 1_000)
    } finally {
      await document.stop()
      await database.drop()
    }
  })
})

describe('leaving all', () => {
  it('leaves what has other owners, and asks for the deletion of what has nobody else', async () => {
    const leaver = await people.person('Lea Leaver')
    const own = await call(leaver.caller, api.ensurePersonal, {})
    const alone = await create(leaver, 'Alone')
    const joined = await organizationOf(cast)
    await join(cast.owner, leaver, joined, 'admin')
    // What would become of each is told before, of the own workspace with others in it as well.
    await join(leaver, cast.member, own.id)
    expect(await waysOut(leaver)).toEqual([
      { id: own.id, name: own.name, personal: true, others: 1, way: 'delete' },
      { id: alone.id, name: 'Alone', personal: false, others: 0, way: 'delete' },
      { id: joined, name: 'Acme', personal: false, others: 4, way: 'leave' },
    ])
    expect((await waysOut(cast.member)).map(({ id }) => id)).not.toContain(alone.id)
    const { url } = await call(leaver.caller, api.invite, { params: { id: joined }, body: {} })
    await leaveAll(leaver)
    const left = await list(leaver)
    expect(left.map(({ id, deletedAt }) => [id, deletedAt !== null])).toEqual([
      [own.id, true],
      [alone.id, true],
    ])
    expect(await standing(joined, leaver)).toEqual([null])
    await refused('invalid-token', [accept(cast.stranger, url)])
    expect((await auditTypes(cast.owner, joined))[0]).toMatchObject({ type: 'member.left', target: leaver.user.id })
    // Nothing is lost to whoever thinks better of it.
    await leaveAll(leaver)
    const revived = await Promise.all([1, 2].map(() => call(leaver.caller, api.ensurePersonal, {})))
    expect(revived).toEqual([own, own])
    expect((await takeBack(leaver, alone.id)).deletedAt).toBeNull()
  })

  it('changes nothing while one is the last owner of some with others in them', async () => {
    const leaver = await people.person('Leo Last')
    const joined = await organizationOf(cast)
    await join(cast.owner, leaver, joined)
    const [one, two] = [await create(leaver, 'One'), await create(leaver, 'Two')]
    for (const { id } of [one, two]) await join(leaver, cast.member, id, 'guest')
    const told = (await waysOut(leaver)).map(({ name, way }) => [name, way])
    expect(told).toEqual([
      ['Acme', 'leave'],
      ['One', 'last-owner'],
      ['Two', 'last-owner'],
    ])
    await expect(leaveAll(leaver)).rejects.toMatchObject({
      key: 'conflict',
      extra: { organizations: ['One', 'Two'] },
    })
    expect((await list(leaver)).map(({ name, deletedAt }) => [name, deletedAt])).toEqual([
      ['Acme', null],
      ['One', null],
      ['Two', null],
    ])
    await transfer(leaver, one.id, cast.member)
    await askDeletion(leaver, two.id, 'Two')
    expect((await waysOut(leaver)).map(({ way }) => way)).toEqual(['leave', 'leave', 'delete'])
    await leaveAll(leaver)
    expect((await list(leaver)).map(({ name }) => name)).toEqual(['Two'])
  })

  it('lets of two owners one go, when both go at once', async () => {
    const id = await organizationOf(cast)
    const [one, two] = await Promise.all([people.person('Ona One'), people.person('Tom Two')])
    for (const who of [one, two]) {
      await join(cast.owner, who, id)
      await setRole(cast.owner, id, who, 'owner')
    }
    await remove(cast.owner, id, cast.owner)
    const results = await Promise.allSettled([leaveAll(one), leaveAll(two)])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(Object.values(await rolesIn(cast.member, id)).filter((role) => role === 'owner')).toHaveLength(1)
  })
})

describe('an account that is deleted', () => {
  it('leaves everything: its own workspace goes, and what it alone owned gets the longest-standing admin', async () => {
    const gone = await people.person('Gil Gone')
    const own = await call(gone.caller, api.ensurePersonal, {})
    const alone = await create(gone, 'Alone')
    const { id } = await create(gone)
    const params = { id }
    for (const who of [cast.guest, cast.member, cast.admin, cast.owner]) await join(gone, who, id)
    await setRole(gone, id, cast.owner, 'admin')
    await setRole(gone, id, cast.admin, 'admin')
    await setRole(gone, id, cast.guest, 'guest')
    const team = await call(gone.caller, teamApi.createTeam, { params, body: { name: 'Team' } })
    const seat = { id, teamId: team.id, userId: gone.user.id }
    await call(gone.caller, teamApi.addTeamMember, { params: seat })
    const { url } = await call(gone.caller, api.invite, { params, body: { role: 'admin' } })
    const start = await newest()
    await deleteAccount(gone)

    await eventually(async () => expect((await get(cast.admin, id)).role).toBe('owner'))
    expect(await rolesIn(cast.admin, id)).toEqual({
      'Gus Guest': 'guest',
      'Mia Member': 'member',
      'Adam Admin': 'owner',
      'Olga Owner': 'admin',
    })
    await refused('invalid-token', [accept(cast.stranger, url)])
    const { members } = await call(cast.member.caller, api.members, { params })
    expect(members).toHaveLength(4)
    expect((await call(cast.member.caller, teamApi.teams, { params })).teams[0]?.members).toBe(0)
    await eventually(async () => !(await exists(own.id)) && !(await exists(alone.id)))
    expect(await changesOf(own.id, start)).toContain('organization.deleted')
    expect(await auditTypes(cast.admin, id)).toEqual(
      expect.arrayContaining([
        {
          type: 'organization.ownership-transferred',
          by: 'service:organization',
          target: cast.admin.user.id,
          name: 'Adam Admin',
          detail: { reason: 'the account of the last owner was deleted', 'role before': 'admin' },
        },
        expect.objectContaining({ type: 'member.left', target: gone.user.id }),
      ]),
    )
  })

  it('is followed where the service was away; a member follows where there is no admin, and guests never do', async () => {
    const gone = await people.person('Ann Away')
    const [small, guests] = [await create(gone, 'Small'), await create(gone, 'Guests')]
    await join(gone, cast.guest, small.id, 'guest')
    await join(gone, cast.stranger, small.id)
    await join(gone, cast.member, small.id)
    await join(gone, cast.guest, guests.id, 'guest')
    await people.organization.stop()
    await deleteAccount(gone)
    people.organization = await start({ ...people.config, ...addressesOf(people) })
    await eventually(async () => expect((await get(cast.stranger, small.id)).role).toBe('owner'))
    expect((await get(cast.guest, small.id)).role).toBe('guest')
    const asked = () =>
      people.database.sql('SELECT deletion_asked_at IS NOT NULL AS asked FROM organizations WHERE id = $1', [guests.id])
    await eventually(async () => expect(await asked()).toEqual([{ asked: true }]))
    await refused('not-found', [get(cast.guest, guests.id)])
  })

  it('after leaving all takes with it what was to be deleted', async () => {
    const gone = await people.person('Zoe Zero')
    const own = await call(gone.caller, api.ensurePersonal, {})
    const alone = await create(gone, 'Alone')
    await leaveAll(gone)
    expect([await exists(own.id), await exists(alone.id)]).toEqual([true, true])
    await deleteAccount(gone)
    await eventually(async () => !(await exists(own.id)) && !(await exists(alone.id)))
  })
})

/** Where the service listened, so that its callers find it again. */
function addressesOf({ organization }: TestPeople) {
  return {
    ORGANIZATION_LISTEN: new URL(organization.url).host,
    ORGANIZATION_INTERNAL_LISTEN: new URL(organization.internalUrl ?? '').host,
  }
}
