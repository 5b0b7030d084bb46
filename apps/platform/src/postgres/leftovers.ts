import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseLog } from '@realtime/kit/database'
import { PostgresFailed } from './failure.ts'
import { gone, processesOf, serves, signal } from './processes.ts'

/** Ends what an earlier, killed program left running on this data folder, and removes a pid file that lies. */
export async function endLeftovers(cluster: string, log: DatabaseLog): Promise<void> {
  if (!existsSync(cluster)) return
  const data = realpathSync(cluster)
  const file = join(data, 'postmaster.pid')
  const pid = postmasterOf(data)
  if (pid !== null && serves(pid, data)) {
    log.info(`Stopping the PostgreSQL (process ${pid}) that an earlier start left running`)
    await end(pid)
  }
  await endOrphans(data)
  rmSync(file, { force: true })
}

/** Ends the children of a server that was killed: they hold its shared memory, and a new server waits for them. */
export async function endOrphans(data: string): Promise<void> {
  const orphans = processesOf(data)
  for (const pid of orphans) signal(pid, 'SIGQUIT')
  if (await gone(orphans, 2000)) return
  for (const pid of orphans) signal(pid, 'SIGKILL')
  await gone(orphans, 2000)
}

/** The process id that `postmaster.pid` names. */
export function postmasterOf(data: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(join(data, 'postmaster.pid'), 'utf8'), 10)
    return pid > 0 ? pid : null
  } catch {
    return null
  }
}

/** Fast shutdown, then immediate, then by force. */
async function end(pid: number): Promise<void> {
  for (const [name, patience] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5000],
    ['SIGKILL', 2000],
  ] as const) {
    signal(pid, name)
    if (await gone([pid], patience)) return
  }
  throw new PostgresFailed(`The PostgreSQL process ${pid} of an earlier start does not end; end it by hand.`)
}
