import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { plainEnv, root } from '../../platform/process.ts'
import type { Edit } from '../plan/edits.ts'
import type { Answer, Look, Order, TabConfig } from './messages.ts'

/** A tab of somebody in a document: a process that is killed and opened again, with its notes and its outbox. */
export interface Tab {
  readonly number: number
  readonly notes: string
  /** Whether there is a process. */
  readonly open: boolean
  make(edit: Edit): void
  /** Kills it, and opens it again after `ms`; `cold`: without loading the state first. */
  kill(ms: number, cold: boolean): void
  pause(ms: number): void
  /** Has it killed when it next says that all is saved; what it kept is forgotten then, and it is opened again. */
  betray(ms: number, cold: boolean): void
  /** Ends a pause, a betrayal that did not come yet, and a wait to be opened again. */
  heal(): void
  /** How it is; null while it does not say. */
  look(): Promise<Look | null>
  /** Writes its state to a file. */
  dump(file: string): Promise<void>
  /** Ends it for good. */
  close(): Promise<void>
}

export interface TabOptions {
  number: number
  folder: string
  /** Everything that stays the same in all of its lives. */
  config: Pick<TabConfig, 'url' | 'publicUrl' | 'documentId' | 'cookie'>
  /** It ended by itself, or the server refused it. */
  onTrouble(text: string): void
  /** It was betrayed: it said that all is saved. */
  onBetrayed(): void
}

const ANSWER_MS = 5_000

/** Opens a tab; its files lie in `folder`. */
export function openTab({ number, folder, config, onTrouble, onBetrayed }: TabOptions): Tab {
  const file = (name: string): string => join(folder, `tab-${number}.${name}`)
  const waiting = new Map<number, (answer: Answer | null) => void>()
  let child: ChildProcess | null = null
  let life = 0
  let asked = 0
  let closing = false
  let again: { timer: NodeJS.Timeout; cold: boolean } | null = null
  let betrayal: { ms: number; cold: boolean } | null = null
  let killed = false
  let pausing: NodeJS.Timeout | undefined

  const order = (what: Order): void => {
    if (child?.connected) child.send(what, () => {})
  }
  const openAgain = (ms: number, cold: boolean): void => {
    again = { timer: setTimeout(() => start(cold), ms), cold }
  }
  const hear = (answer: Answer): void => {
    if (answer.answer === 'refused') onTrouble(`tab ${number} was refused: ${answer.problem}`)
    else waiting.get(answer.id)?.(answer)
  }
  const start = (cold: boolean): void => {
    again = null
    life++
    killed = false
    const given: TabConfig = {
      ...config,
      name: `${number}.${life}`,
      life,
      notes: file('notes'),
      outbox: file('outbox'),
      cold,
    }
    const log = openSync(file('log'), 'a')
    const args = ['--import', 'tsx', 'e2e/chaos/tab/main.ts', JSON.stringify(given)]
    const started = spawn(process.execPath, args, {
      cwd: root,
      env: plainEnv({}),
      stdio: ['ignore', log, log, 'ipc'],
    })
    closeSync(log)
    child = started
    started.on('error', () => {})
    started.on('message', (answer: Answer) => child === started && hear(answer))
    started.once('exit', (code, signal) => ended(code, signal))
  }
  const ended = (code: number | null, signal: NodeJS.Signals | null): void => {
    child = null
    clearTimeout(pausing)
    for (const resolve of waiting.values()) resolve(null)
    if (closing) return
    if (killed) return
    if (betrayal && signal === 'SIGKILL') {
      rmSync(file('outbox'), { force: true })
      onBetrayed()
      openAgain(betrayal.ms, betrayal.cold)
      betrayal = null
      return
    }
    onTrouble(`tab ${number} ended by itself (${signal ?? code}); see ${file('log')}`)
    openAgain(1_000, false)
  }
  const ask = (make: (id: number) => Order): Promise<Answer | null> => {
    if (!child) return Promise.resolve(null)
    const id = ++asked
    return new Promise((resolve) => {
      const settle = (answer: Answer | null): void => {
        clearTimeout(timer)
        waiting.delete(id)
        resolve(answer)
      }
      const timer = setTimeout(() => settle(null), ANSWER_MS)
      waiting.set(id, settle)
      order(make(id))
    })
  }
  const resume = (): void => {
    clearTimeout(pausing)
    child?.kill('SIGCONT')
  }
  start(false)
  return {
    number,
    notes: file('notes'),
    get open() {
      return child !== null
    },
    make: (edit) => order({ order: 'edit', edit }),
    kill(ms, cold) {
      if (!child || killed) return
      killed = true
      betrayal = null
      child.once('exit', () => !closing && openAgain(ms, cold))
      child.kill('SIGKILL')
    },
    pause(ms) {
      clearTimeout(pausing)
      child?.kill('SIGSTOP')
      pausing = setTimeout(resume, ms)
    },
    betray(ms, cold) {
      if (!child || killed) return
      betrayal = { ms, cold }
      order({ order: 'die-saved' })
    },
    heal() {
      resume()
      if (!again) return
      clearTimeout(again.timer)
      start(again.cold)
    },
    async look() {
      const answer = await ask((id) => ({ order: 'look', id }))
      return answer?.answer === 'look' ? answer.look : null
    },
    async dump(to) {
      await ask((id) => ({ order: 'dump', id, file: to }))
    },
    async close() {
      closing = true
      if (again) clearTimeout(again.timer)
      const ending = child
      if (!ending) return
      const gone = new Promise((resolve) => ending.once('exit', resolve))
      ending.kill('SIGKILL')
      await gone
    },
  }
}
