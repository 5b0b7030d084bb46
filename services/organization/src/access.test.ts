import { type Role, roles } from '@realtime/contracts'
import { describe, expect, it } from 'vitest'
import { type Action, checkRank, leastRole, may, personOf, roleFor } from './access.ts'

const problem = (key: string) => expect.objectContaining({ key })

describe('the policy', () => {
  it.each<[Action, Role[]]>([
    ['organization.read', ['owner', 'admin', 'member', 'guest']],
    ['organization.rename', ['owner', 'admin']],
    ['members.read', ['owner', 'admin', 'member', 'guest']],
    ['members.addresses', ['owner', 'admin', 'member']],
    ['members.change', ['owner', 'admin']],
    ['invitations.manage', ['owner', 'admin']],
    ['billing.read', ['owner', 'admin', 'member', 'guest']],
    ['billing.manage', ['owner', 'admin']],
    ['credits.spend', ['owner', 'admin', 'member']],
  ])('%s is for %s', (action, allowed) => {
    expect(roles.filter((role) => may(role, action))).toEqual(allowed)
  })

  it('names every action above', () => {
    expect(Object.keys(leastRole)).toHaveLength(9)
  })

  it('hides the organization from strangers, and says no to members', () => {
    expect(() => roleFor(null, 'organization.read')).toThrow(problem('not-found'))
    expect(() => roleFor({ role: 'guest' }, 'members.change')).toThrow(problem('forbidden'))
    expect(roleFor({ role: 'admin' }, 'members.change')).toBe('admin')
  })

  it('lets nobody reach above their own role', () => {
    expect(() => checkRank('admin', 'owner')).toThrow(problem('forbidden'))
    expect(() => checkRank('admin', 'admin')).not.toThrow()
    expect(() => checkRank('owner', 'owner')).not.toThrow()
  })

  it('is for people only', () => {
    expect(personOf({ type: 'user', id: 'ada', sessionId: 's' })).toBe('ada')
    expect(() => personOf({ type: 'key', id: 'k', userId: 'ada', scopes: [] })).toThrow(problem('forbidden'))
    expect(() => personOf({ type: 'link', id: 'v', linkId: 'l', documentId: 'd', name: 'Eve' })).toThrow(
      problem('forbidden'),
    )
  })
})
