import { expect, test } from 'vitest'
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { follow, followersOf, present, presentersOf } from './presenting.ts'

function someone(id: string, name: string): Awareness {
  const awareness = new Awareness(new Y.Doc())
  awareness.setLocalStateField('user', { id, name, color: '#1971c2', image: null })
  return awareness
}

function tell(from: Awareness, to: Awareness): void {
  applyAwarenessUpdate(to, encodeAwarenessUpdate(from, [from.clientID]), 'test')
}

test('others learn who presents, where, and when it ends', () => {
  const [ann, bob] = [someone('ann', 'Ann'), someone('bob', 'Bob')]
  present(ann, { slide: 'one', since: 5, black: false, laser: { x: 10, y: 20 } })
  tell(ann, bob)
  expect(presentersOf(bob)).toMatchObject([{ person: { name: 'Ann' }, at: { slide: 'one', laser: { x: 10, y: 20 } } }])
  expect(presentersOf(ann)).toEqual([])
  present(ann, null)
  tell(ann, bob)
  expect(presentersOf(bob)).toEqual([])
})

test('somebody with two shows is where they began last', () => {
  const [first, second, bob] = [someone('ann', 'Ann'), someone('ann', 'Ann'), someone('bob', 'Bob')]
  present(first, { slide: 'old', since: 1, black: false, laser: null })
  present(second, { slide: 'new', since: 2, black: false, laser: null })
  for (const one of [first, second]) tell(one, bob)
  expect(presentersOf(bob).map(({ at }) => at.slide)).toEqual(['new'])
})

test('followers are counted once, whatever windows they have', () => {
  const [ann, bob, again] = [someone('ann', 'Ann'), someone('bob', 'Bob'), someone('bob', 'Bob')]
  for (const one of [bob, again]) {
    follow(one, 'ann')
    tell(one, ann)
  }
  expect(followersOf(ann, 'ann').map(({ name }) => name)).toEqual(['Bob'])
  expect(followersOf(ann, 'carl')).toEqual([])
})

const garbage: unknown[] = [
  true,
  'one',
  { slide: 7, since: 1 },
  { slide: 'one' },
  { slide: '', since: 1 },
  { slide: 'one', since: Number.NaN },
  { slide: 'x'.repeat(65), since: 1 },
]

test.each(garbage)('presence that says %j presents nothing', (said) => {
  const [ann, bob] = [someone('ann', 'Ann'), someone('bob', 'Bob')]
  ann.setLocalStateField('presenting', said)
  tell(ann, bob)
  expect(presentersOf(bob)).toEqual([])
})

test('a laser that points beyond the stage is none', () => {
  const [ann, bob] = [someone('ann', 'Ann'), someone('bob', 'Bob')]
  ann.setLocalStateField('presenting', { slide: 'one', since: 1, black: 'yes', laser: { x: 1e9, y: 0 } })
  tell(ann, bob)
  expect(presentersOf(bob)[0]?.at).toEqual({ slide: 'one', since: 1, black: false, laser: null })
})
