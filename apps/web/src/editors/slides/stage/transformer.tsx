'use client'
import { type DeckElement, STAGE } from '@realtime/resources'
import { useLayoutEffect, useRef, useState } from 'react'
import Moveable from 'react-moveable'
import type { Draft, Gesture } from './gesture.ts'

interface TransformerProps {
  /** The element that holds the slide. */
  frame: HTMLElement | null
  /** The elements selected, as they are shown now. */
  elements: readonly DeckElement[]
  /** All others, to snap to. */
  others: readonly DeckElement[]
  gesture: Gesture
  /** How large the slide is shown. */
  scale: number
  /** Whether the sides keep their proportion. */
  ratio: boolean
}

const SMALLEST = 8
const snaps = { left: true, top: true, right: true, bottom: true, center: true, middle: true }
const quarters = Array.from({ length: 8 }, (_, index) => index * 45)

/** Drags, resizes and turns the elements selected, one or many. The one place that knows the library that does it. */
export function Transformer({ frame, elements, others, gesture, scale, ratio }: TransformerProps) {
  const moveable = useRef<Moveable>(null)
  const [targets, setTargets] = useState<HTMLElement[]>([])
  const [guides, setGuides] = useState<HTMLElement[]>([])
  const began = useRef<Map<string, DeckElement>>(new Map())
  const key = elements.map(({ id }) => id).join(' ')
  const rest = others.map(({ id }) => id).join(' ')
  const boxes = elements.map((one) => [one.x, one.y, one.width, one.height, one.rotation].join(',')).join(' ')

  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys stand for the elements
  useLayoutEffect(() => {
    const find = (id: string) =>
      frame?.querySelector<HTMLElement>(`[data-slide] [data-element="${CSS.escape(id)}"]`) ?? []
    setTargets(elements.flatMap(({ id }) => find(id)))
    setGuides([
      ...(frame?.querySelectorAll<HTMLElement>('[data-slide]') ?? []),
      ...others.flatMap(({ id }) => find(id)),
    ])
  }, [frame, key, rest])
  // What others move, and what is undone, moves the frame of what is selected here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again when a box is another
  useLayoutEffect(() => {
    if (!gesture.active()) moveable.current?.updateRect()
  }, [boxes, targets, scale])

  // A drag whose elements are deselected or deleted by others meanwhile is not told of its end.
  const dragging = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: ends with what is selected
  useLayoutEffect(
    () => () => {
      if (dragging.current) gesture.end()
      dragging.current = false
    },
    [key, gesture],
  )

  function begin() {
    began.current = new Map(elements.map((element) => [element.id, element]))
    dragging.current = true
    gesture.begin()
  }
  /** Turns what the library says of its targets into drafts. */
  function move<E extends { target: HTMLElement | SVGElement }>(
    events: readonly E[],
    draftOf: (element: DeckElement, event: E) => Draft,
  ) {
    const drafts = events.flatMap((event): [string, Draft][] => {
      const element = began.current.get((event.target as HTMLElement).dataset.element ?? '')
      return element ? [[element.id, draftOf(element, event)]] : []
    })
    gesture.move(new Map(drafts))
  }
  const shifted = ({ x, y }: DeckElement, [dx = 0, dy = 0]: number[]): Draft => ({ x: x + dx, y: y + dy })

  const drag = (element: DeckElement, event: { beforeTranslate: number[] }) => shifted(element, event.beforeTranslate)
  const resize = (
    element: DeckElement,
    event: { width: number; height: number; drag: { beforeTranslate: number[] } },
  ) => ({
    ...shifted(element, event.drag.beforeTranslate),
    width: Math.max(SMALLEST, event.width),
    height: Math.max(element.type === 'line' ? 0 : SMALLEST, event.height),
  })
  const rotate = (element: DeckElement, event: { rotation: number; drag: { beforeTranslate: number[] } }) => ({
    ...shifted(element, event.drag.beforeTranslate),
    rotation: Math.round(event.rotation * 10) / 10,
  })
  const finished = () => {
    dragging.current = false
    gesture.end()
    moveable.current?.updateRect()
  }

  return (
    <Moveable
      ref={moveable}
      className="stage-transformer"
      target={targets}
      origin={false}
      draggable
      resizable
      rotatable
      rotationPosition="top"
      keepRatio={ratio}
      snappable
      snapThreshold={5}
      snapGap
      isDisplaySnapDigit={false}
      snapDirections={snaps}
      elementSnapDirections={snaps}
      elementGuidelines={guides}
      maxSnapElementGuidelineDistance={STAGE.width}
      snapRotationDegrees={quarters}
      snapRotationThreshold={4}
      onDragStart={({ set }) => {
        set([0, 0])
        begin()
      }}
      onDrag={(event) => move([event], drag)}
      onDragEnd={finished}
      onDragGroupStart={({ events }) => {
        for (const { set } of events) set([0, 0])
        begin()
      }}
      onDragGroup={({ events }) => move(events, drag)}
      onDragGroupEnd={finished}
      onResizeStart={(event) => {
        if (event.dragStart) event.dragStart.set([0, 0])
        begin()
      }}
      onResize={(event) => move([event], resize)}
      onResizeEnd={finished}
      onResizeGroupStart={({ events }) => {
        for (const { dragStart } of events) if (dragStart) dragStart.set([0, 0])
        begin()
      }}
      onResizeGroup={({ events }) => move(events, resize)}
      onResizeGroupEnd={finished}
      onRotateStart={(event) => {
        event.set(elements[0]?.rotation ?? 0)
        if (event.dragStart) event.dragStart.set([0, 0])
        begin()
      }}
      onRotate={(event) => move([event], rotate)}
      onRotateEnd={finished}
      onRotateGroupStart={({ events }) => {
        events.forEach((event, index) => {
          event.set(elements[index]?.rotation ?? 0)
          if (event.dragStart) event.dragStart.set([0, 0])
        })
        begin()
      }}
      onRotateGroup={({ events }) => move(events, rotate)}
      onRotateGroupEnd={finished}
    />
  )
}
