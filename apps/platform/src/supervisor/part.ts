import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { forgetChild, recordChild } from './leftovers.ts'
import { openLog } from './logfile.ts'
import { type LogLine, readLogLine } from './logline.ts'
import type { Screen } from './screen.ts'

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

export interface PartPlace {
  runDir: string
  logDir: string
  screen: Screen
  /** Told after each change of state. */
  changed?(): void
}

/** A part that is kept running. */
export interface Part {
  name: string
  readonly pid: number | undefined
  readonly ready: boolean
  /** Whether it dies again and again without becoming ready, or was given up, its configuration being wrong. */
  readonly failing: boolean
  /** The last warning it gave, '' when it gave none. */
  readonly complaint: string
  /** Starts it; from now on it is started again whenever it ends. */
  start(): void
  /** Resolves true once it is ready, false when it gave up or `timeoutMs` have passed. */
  untilReady(timeoutMs: number): Promise<boolean>
  /** Ends it and starts it anew. */
  restart(): void
  /** Ends it for good: SIGTERM, and SIGKILL after `patienceMs`. */
  stop(patienceMs: number): Promise<void>
}

const FIRST_BACKOFF_MS = 100
const LONGEST_BACKOFF_MS = 5_000
/** A part that lived this long starts again without waiting longer and longer. */
const STEADY_MS = 10_000
/** Exit status of a part whose configuration is wrong: to start it again would not help. */
const CONFIG_STATUS = 78
const LAST_LINES = 12

/** Keeps one process running: its log, pid file, readiness, and a start after each end, sooner or later. */
export function createPart(spec: PartSpec, place: PartPlace): Part {
  const { name } = spec
  const { screen } = place
  const log = openLog(place.logDir, name)
  let child: ChildProcess | undefined
  let began = 0
  let ready = false
  let everReady = false
  let stopping = false
  let gaveUp = false
  let replacing = false
  let backoff = FIRST_BACKOFF_MS
  let failures = 0
  let timer: NodeJS.Timeout | undefined
  let said = { text: '', at: 0 }
  let tail: string[] = []
  let complaint = ''

  const note = (line: LogLine) => {
    log.write(line.raw)
    tail = [...tail.slice(1 - LAST_LINES), line.text]
    if (!line.warning || stopping) return
    complaint = line.text
    // While all start at once, each misses another for a moment.
    if (!ready) return
    const now = Date.now()
    if (said.text === line.text && now - said.at < 10_000) return
    said = { text: line.text, at: now }
    screen.warn(name, line.text)
  }

  const start = () => {
    if (stopping) return
    timer = undefined
    began = performance.now()
    tail = []
    const running = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: spec.env,
      // A group of its own: Ctrl+C must reach the supervisor alone, which then stops the parts in order.
      detached: true,
      windowsHide: true,
      stdio: [
        spec.lifeline === 'stdin' ? 'pipe' : 'ignore',
        'pipe',
        'pipe',
        ...(spec.lifeline === 'ipc' ? ['ipc' as const] : []),
      ],
    })
    child = running
    running.stdin?.on('error', () => undefined)
    for (const stream of [running.stdout, running.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => note(readLogLine(line)))
    }
    if (running.pid) recordChild(place.runDir, name, running.pid)
    let over = false
    const end = (reason: string, status: number | null) => {
      if (over) return
      over = true
      if (child === running) ended(reason, status)
    }
    running.once('error', (error) => end(error.message, null))
    // `close`, not `exit`: its last words have been read by then. A grandchild that keeps the pipes must not hold us up.
    running.once('close', (code, signal) => end(signal ?? `exit ${code}`, code))
    running.once('exit', (code, signal) => setTimeout(() => end(signal ?? `exit ${code}`, code), 500))
    void watchReadiness(running)
    place.changed?.()
  }

  const watchReadiness = async (running: ChildProcess) => {
    for (let pause = 40; child === running && !stopping; pause = Math.min(pause * 1.2, 250)) {
      if (await answers(spec.readyUrl)) {
        if (child !== running) return
        ready = everReady = true
        failures = 0
        screen.state(name, 'ready', '', performance.now() - began)
        place.changed?.()
        return
      }
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }

  const ended = (reason: string, status: number | null) => {
    const lived = performance.now() - began
    child = undefined
    ready = false
    forgetChild(place.runDir, name)
    place.changed?.()
    if (stopping) return
    if (replacing) {
      replacing = false
      start()
      return
    }
    if (lived > STEADY_MS) backoff = FIRST_BACKOFF_MS
    failures++
    gaveUp = status === CONFIG_STATUS
    const next = gaveUp ? 'not started again' : `again in ${backoff / 1000} s`
    // What dies again and again is not told each time.
    if (gaveUp || failures < 5 || failures % 10 === 0)
      screen.state(name, gaveUp ? 'failed' : 'stopped', `${reason}, ${next}`)
    // Once is an accident, and the log has it; what does not come up or dies again is told in its own words.
    if (gaveUp || failures === 2 || (failures > 2 && failures % 10 === 0) || (failures === 1 && !everReady)) {
      for (const line of tail.filter((text) => !/^\s+at /.test(text))) screen.line(`    ${line}`)
      screen.line(`    (all of it in ${log.path})`)
    }
    if (gaveUp) return
    timer = setTimeout(start, backoff)
    backoff = Math.min(backoff * 2, LONGEST_BACKOFF_MS)
  }

  return {
    name,
    get pid() {
      return child?.pid
    },
    get ready() {
      return ready
    },
    get complaint() {
      return complaint
    },
    get failing() {
      return gaveUp || failures > 2
    },
    start,
    async untilReady(timeoutMs) {
      const until = performance.now() + timeoutMs
      while (!ready && !gaveUp && !stopping && performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      return ready
    },
    restart() {
      if (!child || replacing) return
      replacing = true
      child.kill('SIGTERM')
      const old = child
      setTimeout(() => old === child && signalGroup(old, 'SIGKILL'), 5_000).unref()
    },
    async stop(patienceMs) {
      stopping = true
      clearTimeout(timer)
      const running = child
      if (running) {
        const gone = new Promise<void>((resolve) => {
          if (running.exitCode !== null || running.signalCode !== null) resolve()
          else running.once('exit', () => resolve())
        })
        running.kill('SIGTERM')
        const kill = setTimeout(() => signalGroup(running, 'SIGKILL'), patienceMs)
        await gone
        clearTimeout(kill)
      }
      forgetChild(place.runDir, name)
    },
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000), redirect: 'manual' })
    await response.body?.cancel()
    return response.status < 400
  } catch {
    return false
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid) process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal)
  } catch {
    // It is gone.
  }
}
