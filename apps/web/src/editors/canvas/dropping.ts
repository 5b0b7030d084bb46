import { refusalOf } from './admitting.ts'

/**
 * Takes files that are dropped on a stage, before Excalidraw does: it would load a drawing that hides in a picture in
 * place of the whole canvas, and take only the first of several. Each image is pasted where it was dropped instead.
 * @returns whether the drop was taken
 */
export function takeDrop(event: DragEvent, root: HTMLElement, onError: (message: string) => void): boolean {
  const files = [...(event.dataTransfer?.files ?? [])]
  if (files.length === 0) return false
  event.preventDefault()
  event.stopPropagation()
  const refused = new Set(files.map(refusalOf).filter((reason) => reason !== null))
  for (const reason of refused) onError(reason)
  root.querySelector<HTMLElement>('.excalidraw')?.focus()
  let offset = 0
  for (const file of files) {
    if (refusalOf(file) !== null) continue
    const place = { clientX: event.clientX + offset, clientY: event.clientY + offset, bubbles: true }
    document.dispatchEvent(new PointerEvent('pointermove', place))
    const clipboardData = new DataTransfer()
    clipboardData.items.add(file)
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    offset += 24
  }
  return true
}
