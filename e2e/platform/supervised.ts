import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@realtime/kit/testing'
import { healthy, type PartName, type Platform } from './platform.ts'
import { freePort } from './ports.ts'
import { type Spawned, spawnNode } from './process.ts'

/** Starts the platform by the README's own command, on data of its own. */
export async function startSupervised(env: Record<string, string> = {}): Promise<Platform> {
  const dataDir = env.DATA_DIR ?? mkdtempSync(join(tmpdir(), 'realtime-e2e-'))
  const port = env.PORT ?? String(await freePort())
  const all = { PORT: port, DATA_DIR: dataDir, ...env }
  let running: Spawned
  let url = ''
  let setupLink = ''
  const start = async (): Promise<void> => {
    running = spawnNode(['tools/run.mjs', 'start'], all)
    const up = await running.said(/Up in [\d.]+ s(?:\. Set it up at|:) (http\S+)/)
    const address = new URL(up[1] ?? '')
    url = address.origin
    if (address.pathname === '/setup') setupLink = address.href
    // A part may have been told as not ready yet. The name of the address may be known to browsers alone.
    await eventually(() => healthy(`http://127.0.0.1:${port}`), 60_000)
  }
  await start()
  const pidOf = (part: PartName): number => {
    const file = join(dataDir, 'run', `${part}.json`)
    return (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid
  }
  return {
    mode: 'npm start',
    get url() {
      return url
    },
    get setupLink() {
      return setupLink
    },
    async kill(part) {
      const before = pidOf(part)
      process.kill(before, 'SIGKILL')
      await eventually(() => pidOf(part) !== before, 60_000)
    },
    async killSupervisor() {
      await running.end('SIGKILL')
      await start()
    },
    async restart() {
      await running.end('SIGINT')
      await start()
    },
    async stop() {
      await running.end('SIGINT')
      if (!env.DATA_DIR) rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
