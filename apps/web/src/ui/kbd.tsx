'use client'
import { useSyncExternalStore } from 'react'

const never = () => () => {}

/** Whether this is an Apple keyboard; false on the server. */
export function useApple(): boolean {
  return useSyncExternalStore(
    never,
    () => /Mac|iPhone|iPad/.test(navigator.userAgent),
    () => false,
  )
}

/** A keyboard shortcut, where there may be a keyboard: not on phones. `Mod` becomes ⌘ or Ctrl. */
export function Kbd({ keys }: { keys: string }) {
  const apple = useApple()
  return (
    <kbd className="rounded border bg-muted px-1 py-px font-sans text-[11px] text-muted-foreground max-sm:hidden">
      {keys.replace('Mod', apple ? '⌘' : 'Ctrl').replaceAll('+', apple ? '' : ' ')}
    </kbd>
  )
}
