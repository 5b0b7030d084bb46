import { describe, expect, test } from 'vitest'
import { dice } from './dice.ts'
import { type PlanOptions, planRound } from './plan.ts'

const options: PlanOptions = {
  seed: 5,
  tabs: 4,
  documents: 2,
  roundMs: 60_000,
  editMs: 200,
  faultMs: 300,
  pasteSize: 1_000,
}

describe('a plan', () => {
  test('is the same for the same seed and round, and another for others', () => {
    expect(planRound(3, options)).toEqual(planRound(3, options))
    expect(planRound(4, options)).not.toEqual(planRound(3, options))
    expect(planRound(3, { ...options, seed: 6 })).not.toEqual(planRound(3, options))
  })

  test('is in order, within its time, and has something of everything', () => {
    const planned = [1, 2, 3, 4].flatMap((round) => {
      const one = planRound(round, options)
      expect(one.map(({ at }) => at)).toEqual(one.map(({ at }) => at).sort((a, b) => a - b))
      return one
    })
    expect(planned.every(({ at }) => at >= 0 && at < options.roundMs)).toBe(true)
    const kinds = new Set(planned.map(({ action }) => action.kind))
    expect([...kinds].sort()).toEqual(
      'age betray-tab edit end-backend fault kill kill-backend kill-tab pause pause-backend pause-tab restore strand-tab version'.split(
        ' ',
      ),
    )
    const edits = planned.filter(({ action }) => action.kind === 'edit').length
    // One each 200 ms of four tabs, for four minutes.
    expect(edits).toBeGreaterThan(4_300)
    expect(edits).toBeLessThan(5_300)
    const pauses = planned.flatMap(({ action }) => (action.kind === 'pause' ? [action.ms] : []))
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(200)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(8_000)
  })
})

test('dice throw evenly, and by weight', () => {
  const chance = dice(1, 2)
  const faces = [0, 0, 0, 0]
  const weighed = { a: 0, b: 0 }
  for (let count = 0; count < 8_000; count++) {
    const face = chance.below(4)
    faces[face] = (faces[face] ?? 0) + 1
    weighed[chance.weighted({ a: 1, b: 3 })]++
  }
  expect(weighed.b / 8_000).toBeCloseTo(0.75, 1)
  for (const count of faces) expect(count / 8_000).toBeCloseTo(0.25, 1)
  expect(new Set(Array.from({ length: 100 }, (_, seed) => dice(seed).next())).size).toBe(100)
})
