/** Follows a pressed pointer until it is let go, wherever it goes. Distances are in pixels of the window. */
export function followPointer(
  pointer: { pointerId: number; clientX: number; clientY: number },
  moved: (dx: number, dy: number, event: PointerEvent) => void,
  ended: (dx: number, dy: number, event: PointerEvent) => void,
): void {
  const of = (event: PointerEvent): [number, number] => [
    event.clientX - pointer.clientX,
    event.clientY - pointer.clientY,
  ]
  const move = (event: PointerEvent) => {
    if (event.pointerId === pointer.pointerId) moved(...of(event), event)
  }
  const end = (event: PointerEvent) => {
    if (event.pointerId !== pointer.pointerId) return
    window.removeEventListener('pointermove', move)
    window.removeEventListener('pointerup', end)
    window.removeEventListener('pointercancel', end)
    ended(...of(event), event)
  }
  window.addEventListener('pointermove', move)
  window.addEventListener('pointerup', end)
  window.addEventListener('pointercancel', end)
}
