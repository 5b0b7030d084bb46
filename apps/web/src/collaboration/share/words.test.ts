import type { AccessReason, Member, ShareLink, Team } from '@realtime/contracts'
import { accessSource } from '@realtime/contracts'
import { describe, expect, it } from 'vitest'
import { candidatesOf, matches } from './candidates.ts'
import { givable, linkInWords, ofYou, reasonInWords, whyOver } from './words.ts'

const now = Date.parse('2026-06-17T12:00:00Z')
const link: ShareLink = {
  id: 'l1',
  url: 'http://localhost/s/x',
  level: 'view',
  password: false,
  expiresAt: null,
  maxUses: null,
  uses: 0,
  createdBy: 'user:u1',
  createdAt: '2026-06-01T00:00:00Z',
}

describe('what may be given', () => {
  it('is nothing above one’s own level, and nothing at all without sharing', () => {
    expect(givable('manage')).toEqual(['view', 'comment', 'edit', 'manage'])
    expect(givable('edit')).toEqual(['view', 'comment', 'edit'])
    expect(givable('comment')).toEqual([])
    expect(givable('view')).toEqual([])
  })
})

describe('a link in words', () => {
  it('says its limits and how many came', () => {
    expect(linkInWords(link, now)).toBe('0 visitors')
    expect(linkInWords({ ...link, password: true, uses: 1 }, now)).toBe('with a password · 1 visitor')
    expect(linkInWords({ ...link, maxUses: 5, uses: 2 }, now)).toBe('2 of 5 visitors')
    expect(linkInWords({ ...link, expiresAt: '2026-06-20T12:00:00Z' }, now)).toMatch(/^until .*2026 · 0 visitors$/)
  })
  it('says why it lets nobody in any more', () => {
    expect(whyOver(link, now)).toBeNull()
    expect(whyOver({ ...link, expiresAt: '2026-06-17T12:00:00Z' }, now)).toMatch(/^Expired on/)
    expect(whyOver({ ...link, maxUses: 2, uses: 2 }, now)).toBe('Used up')
    expect(linkInWords({ ...link, expiresAt: '2026-06-01T00:00:00Z' }, now)).not.toContain('until')
  })
})

describe('why somebody has access', () => {
  it('is a sentence for every source, with and without a name', () => {
    for (const source of accessSource.options) {
      const reason: AccessReason = { source, level: 'view', via: '' }
      expect(reasonInWords(reason), source).toMatch(/^(is|was|created|came|uses|has) /)
      expect(reasonInWords(reason), source).not.toMatch(/“”|\s$/)
    }
    expect(ofYou('is in the team “Design”')).toBe('you are in the team “Design”')
    expect(ofYou('created it')).toBe('you created it')
    expect(reasonInWords({ source: 'team', level: 'edit', via: 'Design' })).toBe('is in the team “Design”')
  })
})

describe('whom something can be shared with', () => {
  const person = (userId: string, name: string, email: string): Member => ({
    userId,
    name,
    email,
    image: null,
    role: 'member',
    joinedAt: '2026-01-01T00:00:00Z',
  })
  const team: Team = { id: 't1', name: 'Design', members: 1, mine: false, createdAt: '2026-01-01T00:00:00Z' }
  const people = [
    person('u1', 'Ann Example', 'ann@x.org'),
    person('u2', 'Bob', 'bob@x.org'),
    person('u3', '王小明', 'w@x.org'),
  ]

  it('is everybody but oneself and who is in already', () => {
    const found = candidatesOf(people, [team], [{ type: 'user', id: 'u2' }], 'u1')
    expect(found.map(({ id }) => id)).toEqual(['t1', 'u3'])
    expect(found[0]?.detail).toBe('Team of 1')
  })
  it('is found by beginnings of names, by the address, and anywhere in names of other scripts', () => {
    const found = (typed: string) =>
      candidatesOf(people, [team], [], '')
        .filter((one) => matches(one, typed))
        .map(({ id }) => id)
    expect(found('exa')).toEqual(['u1'])
    expect(found('xample')).toEqual([])
    expect(found('bob@')).toEqual(['u2'])
    expect(found('小明')).toEqual(['u3'])
    expect(found('des')).toEqual(['t1'])
    expect(found('')).toHaveLength(4)
  })
})
