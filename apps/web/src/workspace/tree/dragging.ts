'use client'
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { type RefObject, useEffect, useEffectEvent, useState } from 'react'
import { useMoveDocument } from '../changes.ts'
import { useMoveProject } from '../project-changes.ts'
import { type Drop, dropOf, type Edge, edgeAt, type Held, type Target } from './drops.ts'

/** A closed branch over which something is held opens after this long, in milliseconds. */
const OPEN_AFTER_MS = 600

interface DraggingOptions {
  held: Held
  target: Target
  mayDrag: boolean
  /** Opens what lies below; null where that is open, or nothing lies there. */
  expand: (() => void) | null
  /** After something was let go in it. */
  onInto(): void
}

function heldOf(data: Record<string | symbol, unknown>): Held | null {
  return (data.held as Held | undefined) ?? null
}

/** Makes a row something to drag and to drop on. */
export function useDragging(row: RefObject<HTMLElement | null>, options: DraggingOptions) {
  const [dragged, setDragged] = useState(false)
  const [edge, setEdge] = useState<Edge | null>(null)
  const moveDocument = useMoveDocument()
  const moveProject = useMoveProject()
  const { mayDrag } = options
  const now = useEffectEvent(() => options)
  const drop = useEffectEvent((done: Drop, edge: Edge) => {
    if (done.type === 'project') moveProject.mutate({ project: done.project, after: done.after })
    else moveDocument.mutate({ document: done.document, to: done.to, after: done.after })
    if (edge === 'into') options.onInto()
  })

  useEffect(() => {
    const element = row.current
    if (!element) return
    let opening: ReturnType<typeof setTimeout> | undefined
    const edgeOf = (held: Held, clientY: number): Edge => {
      const box = element.getBoundingClientRect()
      return edgeAt(held, now().target, (clientY - box.top) / Math.max(1, box.height))
    }
    const leave = () => {
      clearTimeout(opening)
      opening = undefined
      setEdge(null)
    }
    return combine(
      draggable({
        element,
        canDrag: () => mayDrag,
        getInitialData: () => ({ held: now().held }),
        onDragStart: () => setDragged(true),
        onDrop: () => setDragged(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => heldOf(source.data) !== null,
        onDrag({ source, location }) {
          const held = heldOf(source.data)
          if (!held) return
          const over = edgeOf(held, location.current.input.clientY)
          setEdge(dropOf(held, now().target, over) ? over : null)
          if (over !== 'into') {
            clearTimeout(opening)
            opening = undefined
          } else opening ??= setTimeout(() => now().expand?.(), OPEN_AFTER_MS)
        },
        onDragLeave: leave,
        onDrop({ source, location }) {
          leave()
          const held = heldOf(source.data)
          if (!held) return
          const over = edgeOf(held, location.current.input.clientY)
          const done = dropOf(held, now().target, over)
          if (done) drop(done, over)
        },
      }),
    )
  }, [row, mayDrag])
  return { dragged, edge }
}
