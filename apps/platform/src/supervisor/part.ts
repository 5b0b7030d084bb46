import type { ChildProcess } from 'node:child_process'
import { answers, endChild, onEnd, type PartSpec, spawnChild } from './child.ts'
import { forgetChild, recordChild } from './leftovers.ts'
import { openLog } from './logfile.ts'
import { type LogLine, readLogLine } from './logline.ts'
import type { Screen } from './screen.ts'

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
    const running = spawnChild(spec, (line) => note(readLogLine(line)))
    child = running
    if (running.pid) recordChild(place.runDir, name, running.pid)
    onEnd(running, (reason, status) => child === running && ended(reason, status))
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
      void endChild(child, 5_000)
    },
    async stop(patienceMs) {
      stopping = true
      clearTimeout(timer)
      if (child) await endChild(child, patienceMs)
      forgetChild(place.runDir, name)
    },
  }
}
