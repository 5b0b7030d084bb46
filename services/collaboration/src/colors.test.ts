import { colorOf, presenceColors } from '@realtime/contracts'
import { expect, test } from 'vitest'
import { colorFor } from './colors.ts'
import type { Session } from './session.ts'

const person = (id: string, color = ''): Session => ({ identity: { id, name: id, color, image: null } }) as Session

test('P1: one keeps the own colour, also in a second tab, and gives way to who was there', () => {
  const ann = person('ann', colorOf('ann'))
  expect(colorFor(person('ann'), [])).toBe(colorOf('ann'))
  expect(colorFor(person('ann'), [person('ann', '#123456')])).toBe('#123456')
  const twin =
    Array.from({ length: 1_000 }, (_, index) => `p${index}`).find((id) => colorOf(id) === colorOf('ann')) ?? ''
  expect(colorFor(person(twin), [ann])).not.toBe(colorOf('ann'))
})

test('P1: as many people as there are colours all differ; then the rarest is given', () => {
  const room: Session[] = []
  for (let index = 0; index < presenceColors.length * 2; index++) {
    const one = person(`person ${index}`)
    room.push(person(`person ${index}`, colorFor(one, room)))
    const counts = presenceColors.map((color) => room.filter(({ identity }) => identity.color === color).length)
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
  }
})
