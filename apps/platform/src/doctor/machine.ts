import { existsSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { explainPort, holderOf } from '../supervisor/ports.ts'
import { readSecrets, requireSecrets } from '../supervisor/secrets.ts'
import type { Settings } from '../supervisor/settings.ts'
import { partVariables } from '../supervisor/wiring.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

/** The public port: held by the platform when it runs (at `url`), else free. */
export async function checkPort(settings: Settings, url: string | null): Promise<Finding> {
  const { host } = settings
  const running = url !== null
  const port = running ? Number(new URL(url).port || 80) : settings.port
  const about = `port ${port}`
  const trouble = await explainPort(host, port)
  if (!running) return trouble ? fail(about, trouble, `PORT=${port + 1} npm start`) : ok(about, 'is free')
  if (trouble) return ok(about, `is taken${holderOf(port) ? ` by ${holderOf(port)}` : ''}, as it should be`)
  return fail(about, 'is free, though the platform runs', 'The end of DATA_DIR/logs/gateway.log says why.')
}

/** The secrets: in a file that only its owner may read, or all in the environment. */
export function checkSecrets(settings: Settings, env: NodeJS.ProcessEnv): Finding {
  const about = 'secrets'
  try {
    if (settings.databaseUrl) {
      const read = new Set(Object.values(partVariables()).flat())
      requireSecrets(env, (name) => read.has(name))
      return ok(about, 'are all in the environment')
    }
    const file = join(settings.dataDir, 'secrets.json')
    if (!existsSync(file)) return ok(about, 'are made at the first start')
    const count = Object.keys(readSecrets(file)).length
    const mode = statSync(file).mode & 0o777
    if (process.platform !== 'win32' && mode & 0o077) {
      return fail(about, `${file} can be read by others (mode ${mode.toString(8)})`, `chmod 600 ${file}`)
    }
    return ok(about, `${count} in ${file}, readable by its owner only`)
  } catch (error) {
    const [text = '', ...mend] = (error as Error).message.split('\n')
    return fail(about, text, mend.join(' ') || 'Restore it from a backup.')
  }
}

const GIGABYTE = 1024 ** 3

/** Room for the database and its log. */
export async function checkDisk(dataDir: string): Promise<Finding> {
  let folder = dataDir
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  const { bavail, bsize } = await statfs(folder)
  const free = (bavail * bsize) / GIGABYTE
  const text = `${free.toFixed(1)} GB free for ${dataDir}`
  if (free < 0.2) return fail('disk', text, 'Free some space: PostgreSQL stops when the disk is full.')
  return free < 2 ? warn('disk', text, 'Free some space before it runs out.') : ok('disk', text)
}
