import type { PlanOptions } from './plan/plan.ts'

/** What a run of chaos is given. */
export interface ChaosOptions extends PlanOptions {
  /** Rounds begin until so many are over, or so many minutes. */
  rounds: number
  minutes: number
  /** The first round: each has a plan of its own. */
  from: number
  /** After so many rounds new documents are begun. */
  freshAfter: number
  /** Milliseconds in which everything must be equal and saved after the faults of a round. */
  recoverMs: number
  /** Where logs, notes and plans go; created when missing. */
  folder: string
  /** Told in a line what goes on. */
  say(line: string): void
  /** Further variables of the parts. */
  env: Record<string, string>
}
