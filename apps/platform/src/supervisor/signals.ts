import type { Screen } from './screen.ts'

/** Whether and how urgently the supervisor was asked to stop. */
export interface StopSignal {
  readonly asked: boolean
  readonly hurried: boolean
  /** Resolves when the first signal comes. */
  wait: Promise<void>
  /** Resolves when a second signal comes. */
  hurry: Promise<void>
}

/** How often the parent is looked at, in milliseconds. */
const PARENT_MS = 250

/** Listens for signals from now on. */
export function stopSignal(screen: Screen): StopSignal {
  let count = 0
  let first = () => {}
  let second = () => {}
  const wait = new Promise<void>((resolve) => {
    first = resolve
  })
  const hurry = new Promise<void>((resolve) => {
    second = resolve
  })
  let at = 0
  const ask = () => {
    // One Ctrl+C may come twice: from the terminal, and passed on by npm.
    if (count > 0 && Date.now() - at < 400) return
    at = Date.now()
    count++
    if (count === 1) screen.busy('stopping…')
    if (count === 1) first()
    else second()
  }
  // npm passes SIGTERM on to the shell between us, which dies of it and tells us nothing.
  const parent = process.ppid
  if (process.env.npm_lifecycle_event) {
    const watch = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(watch)
      if (count === 0) ask()
    }, PARENT_MS).unref()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, ask)
  }
  return {
    get asked() {
      return count > 0
    },
    get hurried() {
      return count > 1
    },
    wait,
    hurry,
  }
}
