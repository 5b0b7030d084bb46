import type { roles } from '@realtime/contracts'
import { describe, expect, test } from 'vitest'
import { closedTo, sectionGroups, sectionNames, sectionOfTab } from './sections.ts'

const open = (role: (typeof roles)[number] | undefined, administrator = false) =>
  sectionNames.filter((name) => closedTo(name, { role, administrator }) === null)

test('every section stands in one group', () => {
  expect(sectionGroups.flatMap(({ names }) => names)).toEqual([...sectionNames])
})

describe('whom a section is for', () => {
  const everyone = ['account', 'security', 'keys', 'organization', 'members']
  test('guests do not see teams', () => expect(open('guest')).toEqual([...everyone, 'billing']))
  test('members do not invite', () => expect(open('member')).toEqual([...everyone, 'teams', 'billing']))
  test.each(['owner', 'admin'] as const)('%s sees all of the organization', (role) =>
    expect(open(role)).toEqual([...everyone, 'teams', 'invitations', 'audit', 'billing']),
  )
  test('the administrator sees the server', () =>
    expect(open('guest', true)).toEqual([...everyone, 'billing', 'administration', 'outbox']))
  test('nothing of the organization is refused while it is loading', () => expect(open(undefined)).toContain('audit'))
})

test('addresses of old lead on', () => {
  expect(sectionOfTab('billing')).toBe('billing')
  expect(sectionOfTab('mail')).toBe('outbox')
  expect(sectionOfTab('organization')).toBe('organization')
  expect(sectionOfTab('../x')).toBe('account')
})
