import { join } from 'node:path'
import { ConfigError } from '@realtime/kit/config'
import { isSame } from '../supervisor/identity.ts'
import { readHolder } from '../supervisor/lock.ts'
import { readSettings, type Settings } from '../supervisor/settings.ts'
import { readState } from '../supervisor/state.ts'
import { checkDatabase } from './database.ts'
import { type Finding, fail, ok } from './finding.ts'
import { checkDisk, checkPort, checkSecrets } from './machine.ts'
import { checkHealth, checkSocket } from './running.ts'

export type { Finding } from './finding.ts'

/** Looks at the platform as it is configured here, running or not, and tells each finding as it comes. */
export async function* diagnose(env: NodeJS.ProcessEnv): AsyncGenerator<Finding> {
  let settings: Settings
  try {
    settings = readSettings(env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const { name, message, description } of error.issues) yield fail(name, message, description)
    return
  }
  const holder = readHolder(join(settings.dataDir, 'supervisor.lock'))
  const running = holder !== null && isSame(holder.pid, holder.identity)
  const state = running ? readState(settings.dataDir) : null
  yield running
    ? ok('platform', `runs (process ${holder.pid})`)
    : ok('platform', 'does not run; what can be seen without it follows')
  yield await checkPort(settings, state?.url ?? null)
  yield checkSecrets(settings, env)
  yield await checkDisk(settings.dataDir)
  yield* checkDatabase(settings, env, state?.databaseUrl ?? null)
  if (!state) return
  yield* checkHealth(state.url)
  yield await checkSocket(state.url, state.publicUrl)
}
