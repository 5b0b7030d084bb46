import { useEffect, useState } from 'react'
import { z } from 'zod'

const stored = z.object({ before: z.number().nonnegative(), since: z.number().nullable() })
type Stored = z.infer<typeof stored>

/** Time that runs, with what is kept of it in this window, so that a reload goes on. */
export interface Stopwatch {
  /** In milliseconds. */
  elapsed: number
  running: boolean
  toggle(): void
  reset(): void
}

/** A stopwatch that runs from the first time it is shown in a window. */
export function useStopwatch(key: string): Stopwatch {
  const [state, setState] = useState<Stored>(() => read(key) ?? { before: 0, since: Date.now() })
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    try {
      sessionStorage.setItem(key, JSON.stringify(state))
    } catch {
      // Then a reload begins anew.
    }
    setNow(Date.now())
    if (state.since === null) return
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [key, state])
  const elapsed = state.before + (state.since === null ? 0 : Math.max(0, now - state.since))
  return {
    elapsed,
    running: state.since !== null,
    toggle: () => setState({ before: elapsed, since: state.since === null ? Date.now() : null }),
    reset: () => setState({ before: 0, since: state.since === null ? null : Date.now() }),
  }
}

function read(key: string): Stored | null {
  try {
    return stored.safeParse(JSON.parse(sessionStorage.getItem(key) ?? 'null')).data ?? null
  } catch {
    return null
  }
}

/** A time as `4:05` or `1:04:05`. */
export function elapsedText(ms: number): string {
  const seconds = Math.floor(ms / 1_000)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
