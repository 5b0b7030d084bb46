import { type Actor, type Role, roles } from '@realtime/contracts'
import { describe, expect, it } from 'vitest'
import {
  type Action,
  checkRank,
  leastRole,
  may,
  personOf,
  readerOf,
  roleFor,
  type Standing,
  whileEnding,
} from './access.ts'

const problem = (key: string) => expect.objectContaining({ key })
const all: Role[] = ['owner', 'admin', 'member', 'guest']
const managers: Role[] = ['owner', 'admin']
const as = (role: Role, deletionAskedAt: Date | null = null): Standing => ({ role, organization: { deletionAskedAt } })

const table: [Action, Role[]][] = [
  ['organization.read', all],
  ['organization.change', managers],
  ['organization.delete', ['owner']],
  ['organization.transfer', ['owner']],
  ['organization.leave', all],
  ['members.read', all],
  ['members.addresses', ['owner', 'admin', 'member']],
  ['members.change', managers],
  ['teams.read', all],
  ['teams.read-all', ['owner', 'admin', 'member']],
  ['teams.change', managers],
  ['invitations.manage', managers],
  ['audit.read', managers],
  ['billing.read', all],
  ['billing.subscribe', managers],
  ['billing.manage', managers],
  ['credits.spend', ['owner', 'admin', 'member']],
]

describe('the policy', () => {
  it.each(table)('%s is for %s', (action, allowed) => {
    expect(roles.filter((role) => may(role, action))).toEqual(allowed)
    for (const role of roles) {
      if (allowed.includes(role)) expect(roleFor(as(role), action)).toBe(role)
      else expect(() => roleFor(as(role), action)).toThrow(problem('forbidden'))
    }
  })

  it('names every action above', () => {
    expect(Object.keys(leastRole)).toEqual(table.map(([action]) => action))
  })

  it('hides the organization from strangers', () => {
    expect(() => roleFor(null, 'organization.read')).toThrow(problem('not-found'))
  })

  it.each(table.map(([action]) => action))('leaves of one that is to be deleted: %s', (action) => {
    const ending = (role: Role) => () => roleFor(as(role, new Date()), action)
    for (const role of ['admin', 'member', 'guest'] as const) expect(ending(role)).toThrow(problem('not-found'))
    if (whileEnding.has(action)) expect(ending('owner')()).toBe('owner')
    else expect(ending('owner')).toThrow(problem('conflict'))
  })

  it('lets nobody reach above their own role', () => {
    expect(() => checkRank('admin', 'owner')).toThrow(problem('forbidden'))
    expect(() => checkRank('admin', 'admin')).not.toThrow()
    expect(() => checkRank('owner', 'owner')).not.toThrow()
  })

  it('is for people; a key of theirs may read where it is good for that', () => {
    const user: Actor = { type: 'user', id: 'ada', sessionId: 's' }
    const key = (...scopes: string[]): Actor => ({ type: 'key', id: 'k', userId: 'ada', scopes })
    const link: Actor = { type: 'link', id: 'v', linkId: 'l', documentId: 'd', name: 'Eve' }
    const service: Actor = { type: 'service', name: 'ai' }
    expect([personOf(user), readerOf(user), readerOf(key('organizations:read'))]).toEqual(['ada', 'ada', 'ada'])
    for (const other of [key('organizations:read'), key(), link, service]) {
      expect(() => personOf(other)).toThrow(problem('forbidden'))
    }
    for (const other of [key(), key('documents:read', 'documents:write'), link, service]) {
      expect(() => readerOf(other)).toThrow(problem('forbidden'))
    }
  })
})
