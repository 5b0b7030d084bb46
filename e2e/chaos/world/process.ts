import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { plainEnv, root } from '../../platform/process.ts'

/** A process that runs again whenever it ends, until it is stopped. */
export interface Kept {
  /** Null between two lives. */
  readonly pid: number | null
  kill(): void
  /** Stands still for `ms` milliseconds, or until `resume`. */
  pause(ms: number): void
  resume(): void
  /** Ends it in order, and for good. */
  stop(): Promise<void>
}

/** Milliseconds before a process that ended is started again. */
const AGAIN_MS = 150
/** Milliseconds that a process may take to stop in order before it is killed. */
const STOP_MS = 15_000

/** Runs `node args…` in the root, again after each end; what it says is added to the file `log`. */
export function keepRunning(args: string[], env: Record<string, string>, log: string): Kept {
  let child: ChildProcess | null = null
  let stopping = false
  let again: NodeJS.Timeout | undefined
  let pausing: NodeJS.Timeout | undefined
  const start = (): void => {
    const file = openSync(log, 'a')
    // The channel ends it when the harness dies.
    const started = spawn(process.execPath, args, {
      cwd: root,
      env: plainEnv({ ...env, SUPERVISED: '1' }),
      stdio: ['ignore', file, file, 'ipc'],
    })
    closeSync(file)
    child = started
    started.on('error', () => {})
    started.once('exit', () => {
      child = null
      clearTimeout(pausing)
      if (!stopping) again = setTimeout(start, AGAIN_MS)
    })
  }
  start()
  const resume = (): void => {
    clearTimeout(pausing)
    child?.kill('SIGCONT')
  }
  return {
    get pid() {
      return child?.pid ?? null
    },
    kill: () => void child?.kill('SIGKILL'),
    pause(ms) {
      clearTimeout(pausing)
      child?.kill('SIGSTOP')
      pausing = setTimeout(resume, ms)
    },
    resume,
    async stop() {
      stopping = true
      clearTimeout(again)
      const ending = child
      if (!ending) return
      resume()
      const gone = new Promise<void>((resolve) => ending.once('exit', () => resolve()))
      ending.kill('SIGTERM')
      const late = setTimeout(() => ending.kill('SIGKILL'), STOP_MS)
      await gone
      clearTimeout(late)
    },
  }
}
