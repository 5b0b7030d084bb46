import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** How a part of the platform is run. */
export interface PartSpec {
  name: string
  command: string
  args: string[]
  /** All of its environment. */
  env: NodeJS.ProcessEnv
  cwd: string
  /** What closes when the supervisor dies: an IPC channel (Node) or standard input (others). */
  lifeline: 'ipc' | 'stdin'
  /** Answers 200 once the part can do its work. */
  readyUrl: string
}

/** Starts a part's process in a group of its own; each line it writes is given to `heard`. */
export function spawnChild(spec: PartSpec, heard: (line: string) => void): ChildProcess {
  const ipc = spec.lifeline === 'ipc'
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: spec.env,
    // Ctrl+C must reach the supervisor alone, which then stops the parts in order.
    detached: true,
    windowsHide: true,
    stdio: ipc ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['pipe', 'pipe', 'pipe'],
  })
  child.stdin?.on('error', () => undefined)
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', heard)
  }
  return child
}

/** Calls `ended` once the process is gone and its last words were heard. */
export function onEnd(child: ChildProcess, ended: (reason: string, status: number | null) => void): void {
  let over = false
  const end = (reason: string, status: number | null) => {
    if (over) return
    over = true
    ended(reason, status)
  }
  child.once('error', (error) => end(error.message, null))
  // `close`, not `exit`: all was read by then. A grandchild that keeps the pipes must not hold us up, though.
  child.once('close', (code, signal) => end(signal ?? `exit ${code}`, code))
  child.once('exit', (code, signal) => setTimeout(() => end(signal ?? `exit ${code}`, code), 500))
}

/** Ends a process by SIGTERM, or with its whole group by SIGKILL after `patienceMs`; resolves when it is gone. */
export async function endChild(child: ChildProcess, patienceMs: number): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || !child.pid) resolve()
    else child.once('exit', () => resolve())
  })
  child.kill('SIGTERM')
  const kill = setTimeout(() => killGroup(child), patienceMs)
  await gone
  clearTimeout(kill)
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid) process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
  } catch {
    // It is gone.
  }
}

/** Whether an address answers well. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000), redirect: 'manual' })
    await response.body?.cancel()
    return response.status < 400
  } catch {
    return false
  }
}
