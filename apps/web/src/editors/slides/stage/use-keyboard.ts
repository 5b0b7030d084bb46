import { useEffect, useRef, useState } from 'react'

/** Whether Shift is held. */
export function useShift(): boolean {
  const [shift, setShift] = useState(false)
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => setShift(event.shiftKey)
    window.addEventListener('keydown', pressed)
    window.addEventListener('keyup', pressed)
    return () => {
      window.removeEventListener('keydown', pressed)
      window.removeEventListener('keyup', pressed)
    }
  }, [])
  return shift
}

/** Gives the stage the focus back when a text on it is left: its keys go on with what is selected. */
export function useFocusBack(stage: HTMLElement | null, writing: boolean): void {
  const wrote = useRef(writing)
  useEffect(() => {
    const focused = document.activeElement
    const astray = focused === document.body || stage?.contains(focused)
    if (wrote.current && !writing && astray) stage?.focus({ preventScroll: true })
    wrote.current = writing
  }, [writing, stage])
}
