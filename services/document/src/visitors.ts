import { randomInt } from 'node:crypto'

const HOW = [
  'Quiet',
  'Curious',
  'Gentle',
  'Bright',
  'Swift',
  'Kind',
  'Brave',
  'Merry',
  'Calm',
  'Witty',
  'Lucky',
  'Eager',
]
const WHO = [
  'Otter',
  'Heron',
  'Fox',
  'Lynx',
  'Wren',
  'Badger',
  'Hare',
  'Owl',
  'Seal',
  'Robin',
  'Moth',
  'Beaver',
  'Finch',
  'Hedgehog',
  'Swan',
  'Marten',
]

/** A name for a visitor who gives none. */
export function visitorName(): string {
  return `${HOW[randomInt(HOW.length)]} ${WHO[randomInt(WHO.length)]}`
}
