import type { Notification } from '@realtime/contracts'
import { describe, expect, it } from 'vitest'
import { findEmoji } from './emoji/emoji.ts'
import { sectionsOf } from './inbox-words.ts'
import { staleAfter } from './news.ts'
import { fitting } from './palette/actions.ts'
import { ageOf, inDays } from './time.ts'

const noon = new Date(2026, 5, 17, 12).getTime()
const ago = (hours: number) => new Date(noon - hours * 3_600_000).toISOString()

describe('times in words', () => {
  it('say when something goes', () => {
    expect(inDays(new Date(noon + 5 * 60_000).toISOString(), noon)).toBe('today')
    expect(inDays(new Date(noon + 25 * 3_600_000).toISOString(), noon)).toBe('in a day')
    expect(inDays(new Date(noon + 29.5 * 86_400_000).toISOString(), noon)).toBe('in 29 days')
    expect(inDays(new Date(noon - 86_400_000).toISOString(), noon)).toBe('today')
  })
  it('put what happened into its day', () => {
    expect([1, 11, 13, 35, 37, 24 * 5, 24 * 9].map((hours) => ageOf(ago(hours), noon))).toEqual([
      'Today',
      'Today',
      'Yesterday',
      'Yesterday',
      'This week',
      'This week',
      'Earlier',
    ])
  })
  it('group the inbox without changing its order', () => {
    const one = (id: string, hours: number) => ({ id, at: ago(hours) }) as Notification
    const sections = sectionsOf([one('a', 1), one('b', 2), one('c', 14), one('d', 300)], noon)
    expect(sections.map(({ age, notifications }) => [age, notifications.map(({ id }) => id)])).toEqual([
      ['Today', ['a', 'b']],
      ['Yesterday', ['c']],
      ['Earlier', ['d']],
    ])
  })
})

describe('actions of the palette', () => {
  const all = [{ words: 'Go home' }, { words: 'New document create' }, { words: 'Theme Dark' }]
  it('are all there before anything is typed, then those in which every word occurs, best first', () => {
    expect(fitting(all, ' ')).toHaveLength(3)
    expect(fitting(all, 'doc new')).toEqual([{ words: 'New document create' }])
    expect(
      fitting([{ words: 'Renew' }, { words: 'A new one' }, { words: 'New' }], 'new').map(({ words }) => words),
    ).toEqual(['New', 'A new one', 'Renew'])
    expect(fitting(all, '文档')).toEqual([])
  })
})

describe('emoji', () => {
  it('are found by their names first, then by other words for them', () => {
    expect(findEmoji('rocket')[0]?.emoji).toBe('🚀')
    expect(findEmoji('launch').map(({ emoji }) => emoji)).toContain('🚀')
    expect(findEmoji('red heart')[0]?.emoji).toBe('❤️')
    expect(findEmoji('🚀')[0]?.emoji).toBe('🚀')
    expect(findEmoji('  ')).toEqual([])
    expect(findEmoji('zzzz')).toEqual([])
  })
})

describe('news', () => {
  const said = (news: Parameters<typeof staleAfter>[0]) => staleAfter(news, 'o1').map((key) => key.join('/'))
  it('of versions, of comments and of the inbox leave the tree alone', () => {
    expect(said({ type: 'versions.changed', id: 'd1' })).toEqual(['versions'])
    expect(said({ type: 'inbox.changed' })).toEqual(['inbox'])
    expect(said({ type: 'comments.changed', id: 'd1', projectId: 'p1' })).toEqual(['comments/d1'])
    expect(said({ type: 'comments.changed' })).toEqual(['comments'])
  })
  it('of a document concern its project, the one it went out of, and itself', () => {
    const keys = said({ type: 'document.changed', id: 'd1', projectId: 'p1', from: 'p2' })
    expect(keys).toEqual(expect.arrayContaining(['documents/o1/branch/p1', 'documents/o1/branch/p2', 'document/d1']))
    expect(keys).not.toContain('documents/o1')
    expect(keys).not.toContain('projects/o1')
  })
  it('of access, of projects, of who knows what, and a gap concern everything in sight', () => {
    for (const news of [
      { type: 'access.changed', id: 'd1' },
      { type: 'project.changed' },
      { type: 'document.changed' },
      null,
    ])
      expect(said(news)).toEqual(
        expect.arrayContaining(['documents/o1', 'projects/o1', 'document', 'shares', 'comments']),
      )
    expect(said(null)).toContain('inbox')
  })
})
