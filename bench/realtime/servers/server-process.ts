import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onServerCore } from './cores.ts'
import { cpuOf, resetPeak, residentOf } from './proc.ts'

const PROBE = fileURLToPath(new URL('./probe.mjs', import.meta.url))
const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
/** Milliseconds that a server gets to answer a question; one that is drowned in work may need long. */
const ANSWER_MS = 60_000

/** A server in a process of its own, on the servers' core, with a probe in it. */
export interface ServerProcess {
  name: string
  pid: number
  /** CPU seconds so far. */
  cpu(): number
  /** Resident bytes, now and at most since `resetPeak`. */
  resident(): { now: number; peak: number }
  resetPeak(): void
  /** Starts counting the delay of its loop anew. */
  resetLoop(): Promise<void>
  /** Milliseconds by which its loop was late since then. */
  loop(): Promise<{ p99: number; max: number }>
  /** Bytes in use after a full collection of garbage. */
  memory(): Promise<{ heapUsed: number; external: number }>
  startProfile(): Promise<void>
  stopProfile(file: string): Promise<void>
  /** Resolves when it sends that it listens, as the peers' programs do. @throws Error when it ends before */
  listens: Promise<void>
  /** What it said last; for errors. */
  lastWords(): string
  /** How it ended by itself; null while it runs. */
  ended(): string | null
  /** Ends it at once: nothing that is measured needs a farewell. */
  stop(): Promise<void>
}

let count = 0

/** Starts `node args…` with these variables alone. What it says goes into a file of `folder`. */
export function startServer(name: string, args: string[], env: NodeJS.ProcessEnv, folder: string): ServerProcess {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}-${++count}.log`)
  const descriptor = openSync(file, 'w')
  const [command, all] = onServerCore(process.execPath, ['--import', PROBE, ...args])
  const child = spawn(command, all, { cwd: ROOT, env, stdio: ['ignore', descriptor, descriptor, 'ipc'] })
  closeSync(descriptor)
  const { pid } = child
  if (pid === undefined) throw new Error(`${name} could not be started`)
  let ended: string | null = null
  let stopping = false
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      if (!stopping) ended = `${name} ended (${signal ?? code})`
      resolve()
    })
  })
  const listens = new Promise<void>((resolve, reject) => {
    child.on('message', (message) => {
      if (message === 'listens') resolve()
    })
    child.once('exit', () => reject(new Error(`${name} ended: ${readFileSync(file, 'utf8').slice(-500)}`)))
  })
  listens.catch(() => undefined)
  const ask = asking(name, child)
  return {
    name,
    pid,
    cpu: () => cpuOf(pid),
    resident: () => residentOf(pid),
    resetPeak: () => resetPeak(pid),
    resetLoop: () => ask('reset') as Promise<void>,
    loop: () => ask('loop') as Promise<{ p99: number; max: number }>,
    memory: () => ask('memory') as Promise<{ heapUsed: number; external: number }>,
    startProfile: () => ask('startProfile') as Promise<void>,
    stopProfile: (to) => ask('stopProfile', to) as Promise<void>,
    listens,
    lastWords: () => readFileSync(file, 'utf8').slice(-2_000),
    ended: () => ended,
    async stop() {
      stopping = true
      child.kill('SIGKILL')
      await gone
    },
  }
}

function asking(name: string, child: ChildProcess): (probe: string, input?: unknown) => Promise<unknown> {
  const waiting = new Map<number, (answer: unknown) => void>()
  let id = 0
  child.on('message', (message: { probe?: string; id: number; answer: unknown }) => {
    waiting.get(message.id)?.(message.answer)
    waiting.delete(message.id)
  })
  return (probe, input) =>
    new Promise((resolve, reject) => {
      const own = ++id
      const timer = setTimeout(() => reject(new Error(`${name} does not answer`)), ANSWER_MS)
      child.once('exit', () => reject(new Error(`${name} ended`)))
      waiting.set(own, (answer) => {
        clearTimeout(timer)
        resolve(answer)
      })
      child.setMaxListeners(0)
      child.send({ probe, id: own, input }, (error) => {
        if (error) reject(error)
      })
    })
}
