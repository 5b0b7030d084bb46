import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** Whether servers and load have a core each; else they run wherever the system lets them, and the report says so. */
export const pinned = availableParallelism() > 1 && spawnSync('taskset', ['-V']).status === 0

const SERVER_CORE = '0'
const LOAD_CORE = '1'

/** The command that runs a program on the servers' core. */
export function onServerCore(file: string, args: string[]): [file: string, args: string[]] {
  return pinned ? ['taskset', ['-c', SERVER_CORE, file, ...args]] : [file, args]
}

/** Moves this process with all its threads to the load's core. */
export function moveToLoadCore(): void {
  move(process.pid, LOAD_CORE)
}

/** Moves processes that others started to the servers' core. */
export function moveToServerCore(pids: number[]): void {
  for (const pid of pids) move(pid, SERVER_CORE)
}

function move(pid: number, core: string): void {
  if (pinned) spawnSync('taskset', ['-a', '-c', '-p', core, String(pid)])
}

const AUTOGROUP = '/proc/sys/kernel/sched_autogroup_enabled'

/**
 * Has Linux share a core among processes, not among sessions (each PostgreSQL backend is one): with its automatic groups
 * a backend that was ready to run waited up to 1.4 s for the core beside a busy thread of low priority.
 * @returns what puts it back, and null where it is on and may not be changed
 */
export function withoutAutogroups(): (() => void) | null {
  try {
    if (readFileSync(AUTOGROUP, 'utf8').trim() === '0') return () => undefined
  } catch {
    return () => undefined
  }
  try {
    writeFileSync(AUTOGROUP, '0')
  } catch {
    return null
  }
  return () => writeFileSync(AUTOGROUP, '1')
}
