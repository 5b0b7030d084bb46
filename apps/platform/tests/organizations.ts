import {
  organizationApi as api,
  auditApi,
  type Caller,
  call,
  type Organization,
  type Role,
  teamApi,
} from '@realtime/contracts'
import { expect } from 'vitest'
import type { TestPeople, TestPerson } from './people.ts'

/** What a problem of the table looks like. */
export const problem = (key: string) => expect.objectContaining({ key })

/** Expects each of the calls, made at once, to be refused with a problem. */
export async function refused(key: string, calls: Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(calls)
  expect(results).toEqual(calls.map(() => ({ status: 'rejected', reason: problem(key) })))
}

/** Creates an organization. */
export function create(who: TestPerson, name = 'Acme'): Promise<Organization> {
  return call(who.caller, api.create, { body: { name } })
}

/** The secret at the end of an invitation's link. */
export function tokenOf(url: string): string {
  return url.split('/join/')[1] ?? ''
}

/** Uses an invitation by its link. */
export function accept(who: TestPerson, url: string): Promise<Organization> {
  return call(who.caller, api.acceptInvitation, { body: { token: tokenOf(url) } })
}

/** Lets a person join by an invitation. */
export async function join(
  by: TestPerson,
  who: TestPerson,
  id: string,
  role: Exclude<Role, 'owner'> = 'member',
): Promise<void> {
  const { url } = await call(by.caller, api.invite, { params: { id }, body: { role } })
  await accept(who, url)
}

/** Changes the role of a member. */
export function setRole(by: TestPerson, id: string, who: TestPerson, role: Role) {
  return call(by.caller, api.updateMember, { params: { id, userId: who.user.id }, body: { role } })
}

/** Removes a member, or lets them leave. */
export function remove(by: TestPerson, id: string, who: TestPerson): Promise<undefined> {
  return call(by.caller, api.removeMember, { params: { id, userId: who.user.id } })
}

/** An organization of `owner`, with an admin, a member and a guest, and a stranger who has one of their own. */
export interface Cast {
  people: TestPeople
  owner: TestPerson
  admin: TestPerson
  member: TestPerson
  guest: TestPerson
  stranger: TestPerson
}

/** Makes the accounts of a cast. */
export async function castOf(people: TestPeople): Promise<Cast> {
  const [owner, admin, member, guest, stranger] = await Promise.all(
    ['Olga Owner', 'Adam Admin', 'Mia Member', 'Gus Guest', 'Eve Stranger'].map((name) => people.person(name)),
  )
  return { people, owner, admin, member, guest, stranger } as Cast
}

/** An organization with all of a cast in it. */
export async function organizationOf(cast: Cast, name?: string): Promise<string> {
  const { id } = await create(cast.owner, name)
  for (const role of ['admin', 'member', 'guest'] as const) await join(cast.owner, cast[role], id, role)
  return id
}

/** Every route of organizations, teams and the audit log but billing, called with ids that may be anybody's. */
export function everyRoute(caller: Caller, ids: { id: string; userId: string; teamId: string; invitationId: string }) {
  const { id, userId, teamId, invitationId } = ids
  const params = { id }
  const token = 'x'.repeat(43)
  return {
    list: () => call(caller, api.list, {}),
    get: () => call(caller, api.get, { params }),
    members: () => call(caller, api.members, { params }),
    teams: () => call(caller, teamApi.teams, { params }),
    leaveAll: () => call(caller, api.leaveAll, {}),
    waysOut: () => call(caller, api.waysOut, {}),
    ensurePersonal: () => call(caller, api.ensurePersonal, {}),
    create: () => call(caller, api.create, { body: { name: 'x' } }),
    accept: () => call(caller, api.acceptInvitation, { body: { token } }),
    update: () => call(caller, api.update, { params, body: { name: 'Mine' } }),
    delete: () => call(caller, api.delete, { params, body: { name: 'Acme' } }),
    cancelDeletion: () => call(caller, api.cancelDeletion, { params }),
    transfer: () => call(caller, api.transferOwnership, { params, body: { userId } }),
    setRole: () => call(caller, api.updateMember, { params: { id, userId }, body: { role: 'guest' } }),
    remove: () => call(caller, api.removeMember, { params: { id, userId } }),
    invite: () => call(caller, api.invite, { params, body: {} }),
    invitations: () => call(caller, api.invitations, { params }),
    resend: () => call(caller, api.resendInvitation, { params: { id, invitationId } }),
    revoke: () => call(caller, api.revokeInvitation, { params: { id, invitationId } }),
    createTeam: () => call(caller, teamApi.createTeam, { params, body: { name: 'x' } }),
    renameTeam: () => call(caller, teamApi.renameTeam, { params: { id, teamId }, body: { name: 'x' } }),
    deleteTeam: () => call(caller, teamApi.deleteTeam, { params: { id, teamId } }),
    teamMembers: () => call(caller, teamApi.teamMembers, { params: { id, teamId } }),
    addTeamMember: () => call(caller, teamApi.addTeamMember, { params: { id, teamId, userId } }),
    removeTeamMember: () => call(caller, teamApi.removeTeamMember, { params: { id, teamId, userId } }),
    audit: () => call(caller, auditApi.audit, { params, query: {} }),
    exportAudit: () => call(caller, auditApi.exportAudit, { params, query: {} }),
  }
}
