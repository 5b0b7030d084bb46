import { type Dice, dice } from './dice.ts'
import { type Edit, throwEdit } from './edits.ts'

/** The processes that are killed and paused. */
export const parts = ['collaboration', 'document', 'gateway', 'auth', 'organization'] as const
export type PartName = (typeof parts)[number]

/** What a connection through a link may suffer: see `world/link.ts`. */
export const faults = [
  'cut',
  'reset',
  'half-up',
  'half-down',
  'hole',
  'stall',
  'stall-up',
  'stall-down',
  'delay',
  'slow',
  'refuse',
] as const
export type Fault = (typeof faults)[number]

/** Where a link is: before a tab (by its number), or before what a service calls. */
export type LinkName = number | 'document' | 'database'

/** Something that is done to the platform or to those who use it. Durations in milliseconds. */
export type Action =
  | { kind: 'edit'; tab: number; edit: Edit }
  | { kind: 'kill'; part: PartName | 'postgres' }
  | { kind: 'pause'; part: PartName | 'postgres'; ms: number }
  /** One process of PostgreSQL that serves a connection; `which` is a fraction of them. */
  | { kind: 'kill-backend'; which: number }
  | { kind: 'pause-backend'; which: number; ms: number }
  | { kind: 'end-backend'; which: number }
  | { kind: 'fault'; link: LinkName; fault: Fault; ms: number }
  /** Opened again after `ms`; `cold`: without loading the state first. */
  | { kind: 'kill-tab'; tab: number; ms: number; cold: boolean }
  /** Cut off, so that it keeps what it can neither send nor hear confirmed; after `ms` killed, and opened again. */
  | { kind: 'strand-tab'; tab: number; fault: Fault; ms: number; cold: boolean }
  | { kind: 'pause-tab'; tab: number; ms: number }
  /** Killed in the moment in which it next says that all is saved, and what it kept is forgotten. */
  | { kind: 'betray-tab'; tab: number; ms: number; cold: boolean }
  | { kind: 'version'; document: number }
  | { kind: 'restore'; document: number; which: number }
  /** Hours pass for all that was written: logs are compacted then. */
  | { kind: 'age' }

/** An action and when it is done, in milliseconds since the round began. */
export interface Planned {
  at: number
  action: Action
}

export interface PlanOptions {
  seed: number
  tabs: number
  documents: number
  /** How long faults and edits go on, in milliseconds. */
  roundMs: number
  /** Mean milliseconds between two edits of a tab, and between two faults of any kind. */
  editMs: number
  faultMs: number
  /** Most characters of a paste. */
  pasteSize: number
}

const FAULT_WEIGHTS: Record<Exclude<Action['kind'], 'edit'>, number> = {
  kill: 7,
  pause: 7,
  'kill-backend': 1,
  'pause-backend': 2,
  'end-backend': 2,
  fault: 14,
  'kill-tab': 6,
  'strand-tab': 5,
  'pause-tab': 2,
  'betray-tab': 4,
  version: 1.5,
  restore: 1.5,
  age: 1.5,
}

/** Collaboration and document, where edits are on their way, are hit most. */
const VICTIMS: Record<PartName | 'postgres', number> = {
  collaboration: 6,
  document: 6,
  gateway: 3,
  postgres: 3,
  auth: 1,
  organization: 1,
}

/** Everything that is done in one round, in order; the same for the same seed, round and options. */
export function planRound(round: number, options: PlanOptions): Planned[] {
  const planned: Planned[] = []
  const times = (chance: Dice, meanMs: number, act: () => Action): void => {
    // Now and then many at once, as people type and as accidents come together.
    for (let at = gap(chance, meanMs); at < options.roundMs; at += gap(chance, meanMs))
      planned.push({ at, action: act() })
  }
  for (let tab = 0; tab < options.tabs; tab++) {
    const chance = dice(options.seed, round, tab)
    times(chance, options.editMs, () => ({ kind: 'edit', tab, edit: throwEdit(chance, options.pasteSize) }))
  }
  const chance = dice(options.seed, round, 1_000)
  times(chance, options.faultMs, () => throwFault(chance, options))
  return planned.sort((a, b) => a.at - b.at)
}

/** Exponential: short ones are frequent. */
function gap(chance: Dice, meanMs: number): number {
  return Math.ceil(-Math.log(1 - chance.next()) * meanMs)
}

function throwFault(chance: Dice, { tabs, documents }: PlanOptions): Action {
  const kind = chance.weighted(FAULT_WEIGHTS)
  const tab = chance.below(tabs)
  switch (kind) {
    case 'kill':
      return { kind, part: chance.weighted(VICTIMS) }
    case 'pause':
      return { kind, part: chance.weighted(VICTIMS), ms: pauseOf(chance) }
    case 'kill-backend':
    case 'end-backend':
      return { kind, which: chance.next() }
    case 'pause-backend':
      return { kind, which: chance.next(), ms: pauseOf(chance) }
    case 'fault': {
      const link = chance.weighted({ tab: 10, document: 4, database: 2 })
      return { kind, link: link === 'tab' ? tab : link, fault: chance.pick(faults), ms: pauseOf(chance) }
    }
    case 'kill-tab':
    case 'betray-tab':
      return { kind, tab, ms: chance.between(0, 2_000), cold: chance.chance(0.3) }
    case 'strand-tab': {
      const fault = chance.pick(['stall', 'stall-up', 'stall-down', 'hole', 'refuse'] as const)
      return { kind, tab, fault, ms: chance.between(300, 3_000), cold: chance.chance(0.3) }
    }
    case 'pause-tab':
      return { kind, tab, ms: pauseOf(chance) }
    case 'version':
      return { kind, document: chance.below(documents) }
    case 'restore':
      return { kind, document: chance.below(documents), which: chance.next() }
    case 'age':
      return { kind }
  }
}

/** From 0.2 to 8 seconds, short ones more often. */
function pauseOf(chance: Dice): number {
  return Math.round(200 * 40 ** chance.next())
}
