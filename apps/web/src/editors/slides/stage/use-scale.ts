import { STAGE } from '@realtime/resources'
import { useLayoutEffect, useState } from 'react'

/** How large the slide is shown so that it fits into a pane, with room for handles around it; 0 until measured. */
export function useScale(pane: HTMLElement | null): number {
  const [scale, setScale] = useState(0)
  useLayoutEffect(() => {
    if (!pane) return
    const measure = () => {
      const { clientWidth, clientHeight } = pane
      const margin = clientWidth < 600 ? 14 : 40
      const fit = Math.min((clientWidth - 2 * margin) / STAGE.width, (clientHeight - 2 * margin) / STAGE.height)
      setScale(Math.max(0.1, Math.min(fit, 2)))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(pane)
    return () => observer.disconnect()
  }, [pane])
  return scale
}
