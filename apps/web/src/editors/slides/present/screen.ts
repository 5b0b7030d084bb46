import { useEffect, useState, useSyncExternalStore } from 'react'

/** Whether the page fills the screen, and a function that switches it; null where the browser cannot. */
export function useFullscreen(): { full: boolean; toggle: (() => void) | null } {
  const full = useSyncExternalStore(
    (listener) => {
      document.addEventListener('fullscreenchange', listener)
      return () => document.removeEventListener('fullscreenchange', listener)
    },
    () => document.fullscreenElement !== null,
    () => false,
  )
  const can = typeof document !== 'undefined' && document.fullscreenEnabled
  return { full, toggle: can ? () => void (full ? leaveFullscreen() : enterFullscreen()) : null }
}

/** Asks for the whole screen; needs a click or a key. A browser that refuses shows the show in its window. */
export async function enterFullscreen(): Promise<void> {
  await document.documentElement.requestFullscreen?.({ navigationUI: 'hide' }).catch(() => {})
}

export async function leaveFullscreen(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen().catch(() => {})
}

/** Keeps the screen from going dark, where the browser can. */
export function useWakeLock(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined
    let gone = false
    const ask = async () => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
      const got = await navigator.wakeLock.request('screen').catch(() => undefined)
      if (gone) void got?.release()
      else lock = got
    }
    // The browser takes the lock back whenever the page is out of sight.
    document.addEventListener('visibilitychange', ask)
    void ask()
    return () => {
      gone = true
      document.removeEventListener('visibilitychange', ask)
      void lock?.release()
    }
  }, [])
}

/** Whether nobody has moved the pointer or touched the screen for a while. */
export function useIdle(ms: number): boolean {
  const [idle, setIdle] = useState(false)
  useEffect(() => {
    let timer = setTimeout(() => setIdle(true), ms)
    const stirred = () => {
      setIdle(false)
      clearTimeout(timer)
      timer = setTimeout(() => setIdle(true), ms)
    }
    const events = ['pointermove', 'pointerdown', 'focusin'] as const
    for (const name of events) window.addEventListener(name, stirred, { passive: true })
    return () => {
      clearTimeout(timer)
      for (const name of events) window.removeEventListener(name, stirred)
    }
  }, [ms])
  return idle
}
