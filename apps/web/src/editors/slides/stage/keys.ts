import {
  type Direction,
  deleteElements,
  duplicateElements,
  type Geometry,
  reorderElements,
  setGeometry,
} from '@realtime/resources'
import type { Studio } from '../studio/studio.ts'

const arrows: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** Does what a key asks of what is selected on the stage. @returns whether the key was ours */
export function stageKey(event: KeyboardEvent, studio: Studio): boolean {
  const { slide, selected, editable, select, write, change, doc } = studio
  if (!slide) return false
  const mod = event.metaKey || event.ctrlKey
  const ids = selected.map(({ id }) => id)
  const one = selected.length === 1 ? selected[0] : undefined
  const { key, shiftKey } = event

  if (key === 'Tab' && !mod) return nextElement(studio, shiftKey ? -1 : 1)
  if (key === 'Escape' && ids.length > 0) {
    select([])
    return true
  }
  if (!editable) return false
  if (mod && key === 'a') {
    select(slide.elements.map(({ id }) => id))
    return true
  }
  if (ids.length === 0) return false
  if (mod && key === 'd') {
    const copies = change(() => duplicateElements(doc, slide.id, ids))
    if (copies) select(copies)
    return true
  }
  const direction = mod ? directionOf(event) : null
  if (direction) {
    change(() => reorderElements(doc, slide.id, ids, direction))
    return true
  }
  if (key === 'Delete' || key === 'Backspace') {
    change(() => deleteElements(doc, slide.id, ids))
    return true
  }
  const arrow = arrows[key]
  if (arrow && !mod) {
    const step = shiftKey ? 10 : 1
    const moved = selected.map(({ id, x, y }): [string, Partial<Geometry>] => [
      id,
      { x: x + arrow[0] * step, y: y + arrow[1] * step },
    ])
    change(() => setGeometry(doc, slide.id, moved))
    return true
  }
  if (!one || !('text' in one) || mod || event.altKey) return false
  if (key === 'Enter' || key === 'F2') {
    write(one.id, { all: true })
    return true
  }
  // Typing goes into what is selected.
  if ([...key].length === 1) {
    write(one.id, { first: (editor) => editor.commands.insertContent({ type: 'text', text: key }) })
    return true
  }
  return false
}

/** The bracket keys, with Shift all the way; by place, since Shift makes other signs of them. */
function directionOf({ code, shiftKey }: KeyboardEvent): Direction | null {
  if (code === 'BracketRight') return shiftKey ? 'front' : 'forward'
  if (code === 'BracketLeft') return shiftKey ? 'back' : 'backward'
  return null
}

/** Behind the last element, and before the first, the focus goes on to the rest of the page. */
function nextElement({ slide, selected, select }: Studio, step: 1 | -1): boolean {
  const all = slide?.elements ?? []
  const at = all.findIndex(({ id }) => id === (step > 0 ? selected.at(-1) : selected[0])?.id)
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step
  const element = all[next]
  select(element ? [element.id] : [])
  return element !== undefined
}
