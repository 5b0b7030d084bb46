import { aiFinish, Problem } from '@realtime/contracts'
import { expect, test } from 'vitest'
import { troubleOf } from './words.ts'

test.each(aiFinish.options.filter((finish) => finish !== 'stop'))('an answer that ends by %s says so', (finish) => {
  expect(troubleOf({ how: 'finished', finish }, true)?.text).toBeTruthy()
})

test('a complete answer, and one that was stopped with text, need no words', () => {
  expect(troubleOf({ how: 'finished', finish: 'stop' }, true)).toBeNull()
  expect(troubleOf({ how: 'stopped' }, true)).toBeNull()
  expect(troubleOf({ how: 'stopped' }, false)).toMatchObject({ tone: 'info', again: true })
})

test('used up credits lead to the plans, and are not asked for again', () => {
  const problem = new Problem('plan-limit', 'The AI credits of this organization are used up for this month.')
  expect(troubleOf({ how: 'failed', problem }, false)).toMatchObject({
    text: problem.message,
    link: { href: '/settings/billing' },
    again: false,
  })
})

test('a cut answer tells whether there is something to insert', () => {
  expect(troubleOf({ how: 'cut' }, true)?.text).toMatch(/insert what is there/)
  expect(troubleOf({ how: 'cut' }, false)?.text).not.toMatch(/insert/)
})
