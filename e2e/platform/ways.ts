import type { Platform } from './platform.ts'
import { startSeparate } from './separate.ts'
import { startSupervised } from './supervised.ts'

/** The ways to run the platform; what it promises is the same in each. */
export const ways: [name: string, start: () => Promise<Platform>, supervised: boolean][] = [
  ['npm start', () => startSupervised(), true],
  ['every part its own process, with an external database', startSeparate, false],
]
