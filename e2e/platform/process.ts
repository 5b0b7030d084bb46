import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The root of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A process of the platform and what it has said. */
export interface Spawned {
  pid: number
  /** Resolves with the first match of `pattern` in the output. @throws when the process ends or the time is over */
  said(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>
  /** Sends a signal to the process alone and waits for its end. */
  end(signal: NodeJS.Signals): Promise<number | null>
  output(): string
  ended: Promise<number | null>
}

/** What a process of ours may inherit; nothing of the test's own settings. */
export function plainEnv(extra: Record<string, string>): NodeJS.ProcessEnv {
  const keep = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'USER'].map((name) => [name, process.env[name]] as const)
  return { ...Object.fromEntries(keep.filter(([, value]) => value !== undefined)), ...extra }
}

/** Starts `node args…` in the root. */
export function spawnNode(args: string[], env: Record<string, string>): Spawned {
  return spawnProgram(process.execPath, args, env, root)
}

/** Starts a program in a folder. */
export function spawnProgram(file: string, args: string[], env: Record<string, string>, cwd: string): Spawned {
  return watch(spawn(file, args, { cwd, env: plainEnv(env), stdio: ['ignore', 'pipe', 'pipe'] }))
}

function watch(child: ChildProcess): Spawned {
  let output = ''
  const waiting = new Set<() => void>()
  const hear = (bytes: Buffer): void => {
    output += bytes.toString()
    for (const check of waiting) check()
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const pid = child.pid
  if (pid === undefined) throw new Error('the process could not be started')
  return {
    pid,
    ended,
    output: () => output,
    said: (pattern, timeoutMs = 240_000) =>
      new Promise((resolve, reject) => {
        const settle = (work: () => void): void => {
          waiting.delete(check)
          clearTimeout(timer)
          work()
        }
        const check = (): void => {
          const match = pattern.exec(output)
          if (match) settle(() => resolve(match))
        }
        const late = (why: string) => settle(() => reject(new Error(`${why} before ${pattern}; it said:\n${output}`)))
        const timer = setTimeout(() => late('no answer'), timeoutMs)
        waiting.add(check)
        check()
        void ended.then(() => late('the process ended'))
      }),
    async end(signal) {
      child.kill(signal)
      return ended
    },
  }
}
