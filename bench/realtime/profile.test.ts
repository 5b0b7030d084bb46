import { expect, test } from 'vitest'
import { hottest } from './profile.ts'

test('time is counted where it was spent, idle time beside it, and the profiler not at all', () => {
  const frame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 4 })
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('(idle)') },
      { id: 2, callFrame: frame('work', 'file:///a/b/c.ts') },
      { id: 3, callFrame: frame('work', 'file:///a/b/c.ts') },
      { id: 4, callFrame: frame('') },
      { id: 5, callFrame: frame('dispatch') },
    ],
    samples: [1, 2, 3, 4, 5],
    timeDeltas: [20, 40, 20, 20, 900],
  }
  expect(hottest(profile, 5)).toEqual({
    busy: 0.8,
    hot: [
      { name: 'work b/c.ts:5', share: 0.75 },
      { name: '(anonymous)', share: 0.25 },
    ],
  })
  expect(hottest(profile, 1).hot).toHaveLength(1)
})
