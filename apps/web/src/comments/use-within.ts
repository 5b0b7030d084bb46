'use client'
import { type FocusEvent, useEffect, useRef, useState } from 'react'

/**
 * Whether the focus is within an element that hears of it by what is returned. It counts as within until the pointer or
 * key that took it elsewhere is let go: what somebody presses must not move away before that.
 */
export function useWithin() {
  const [within, setWithin] = useState(false)
  const waiting = useRef<AbortController>(null)
  useEffect(() => () => waiting.current?.abort(), [])
  return {
    within,
    onFocus() {
      waiting.current?.abort()
      setWithin(true)
    },
    onBlur({ currentTarget, relatedTarget }: FocusEvent<HTMLElement>) {
      if (currentTarget.contains(relatedTarget)) return
      waiting.current?.abort()
      const leaving = new AbortController()
      waiting.current = leaving
      // The click comes right after the pointer is let go.
      const leave = () => setTimeout(() => leaving.signal.aborted || setWithin(false))
      for (const letGo of ['pointerup', 'pointercancel', 'keyup'])
        window.addEventListener(letGo, leave, { signal: leaving.signal })
    },
  }
}
