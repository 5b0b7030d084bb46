'use client'
import { isBlank, type LineElement, type Slide, STAGE } from '@realtime/resources'
import { type CSSProperties, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useStudio } from '../studio/studio.ts'
import { BoxEditor } from '../text/box-editor.tsx'
import { SlideView } from '../view/slide-view.tsx'
import { type Drafts, useGesture } from './gesture.ts'
import { LineHandles } from './line-handles.tsx'
import { LineHits } from './line-hits.tsx'
import { useMarquee } from './marquee.ts'
import { PicturePlace } from './picture-place.tsx'
import { followPointer } from './pointer.ts'
import './stage.css'
import { Transformer } from './transformer.tsx'
import { useScale } from './use-scale.ts'
import { Visitors } from './visitors.tsx'

/** The slide that is worked on, as large as its place allows, with all that one does with a pointer and keys. */
export function Stage({ slide: stored }: { slide: Slide }) {
  const studio = useStudio()
  const { doc, deck, theme, images, editable, selected, writing, awareness, select, write, addImages } = studio
  const [pane, setPane] = useState<HTMLDivElement | null>(null)
  const [frame, setFrame] = useState<HTMLDivElement | null>(null)
  const scale = useScale(pane)
  useEffect(() => {
    studio.stage.current = pane
  }, [studio.stage, pane])
  const [drafts, gesture] = useGesture(doc, stored.id)
  const slide = useMemo(() => drafted(stored, drafts), [stored, drafts])
  const [shift, setShift] = useState(false)
  const chosen = slide.elements.filter(({ id }) => selected.some((one) => one.id === id))
  const others = slide.elements.filter(({ id }) => !selected.some((one) => one.id === id))
  const only = chosen.length === 1 ? chosen[0] : undefined
  const lines = slide.elements.filter((element): element is LineElement => element.type === 'line')
  const [area, draw] = useMarquee(frame, scale, slide.elements, select)
  const number = deck.slides.findIndex(({ id }) => id === slide.id) + 1

  useEffect(() => {
    const pressed = (event: KeyboardEvent) => setShift(event.shiftKey)
    window.addEventListener('keydown', pressed)
    window.addEventListener('keyup', pressed)
    return () => {
      window.removeEventListener('keydown', pressed)
      window.removeEventListener('keyup', pressed)
    }
  }, [])
  // Who leaves a text with Escape goes on with the keys of the stage.
  const wrote = useRef(writing !== null)
  useEffect(() => {
    if (
      wrote.current &&
      !writing &&
      (document.activeElement === document.body || pane?.contains(document.activeElement))
    )
      pane?.focus({ preventScroll: true })
    wrote.current = writing !== null
  }, [writing, pane])

  function pressed(event: PointerEvent) {
    if (event.button !== 0 || !(event.target instanceof Element)) return
    const { target } = event
    if (writing && target.closest('.slide-writing')) return
    if (target.closest('.moveable-control, .moveable-line, .stage-handle, button')) return
    // Of many selected one presses what lies over all of them.
    const under = target.closest('.moveable-area') ? document.elementsFromPoint(event.clientX, event.clientY) : [target]
    const line = target.closest<SVGElement>('[data-line]')?.dataset.line
    const id = line ?? under.flatMap((one) => elementAt(one) ?? [])[0]
    pane?.focus({ preventScroll: true })
    const ids = selected.map((element) => element.id)
    if (!id) {
      if (under.length > 1) return
      if (!event.shiftKey) select([])
      if (event.pointerType !== 'touch') draw(event, event.shiftKey ? ids : [])
      return
    }
    const known = ids.includes(id)
    if (event.shiftKey) select(known ? ids.filter((one) => one !== id) : [...ids, id])
    else if (!editable) select([id])
    else if (line && (!known || only)) dragLine(event, id)
    else {
      // Before the mouse event or touch that follows: it begins to drag what is selected then.
      if (!known || writing) flushSync(() => select(known ? ids : [id]))
      clickable(event, id, { fresh: !known, many: ids.length > 1 })
    }
  }

  /** A press that moves nothing is a click: it begins to write where that is meant, or takes one out of many. */
  function clickable(event: PointerEvent, id: string, was: { fresh: boolean; many: boolean }) {
    followPointer(
      event,
      () => {},
      (dx, dy, { clientX, clientY }) => {
        if (Math.hypot(dx, dy) > 4) return
        const element = stored.elements.find((one) => one.id === id)
        if (was.many && !was.fresh) select([id])
        else if (element?.type === 'text' && (!was.fresh || isBlank(element.text)))
          write(id, { at: { x: clientX, y: clientY } })
      },
    )
  }

  function dragLine(event: PointerEvent, id: string) {
    event.preventDefault()
    select([id])
    const line = stored.elements.find((one) => one.id === id)
    if (!line) return
    gesture.begin()
    followPointer(
      event,
      (dx, dy) => gesture.move(new Map([[id, { x: line.x + dx / scale, y: line.y + dy / scale }]])),
      () => gesture.end(),
    )
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the stage is a widget of its own
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: named for whoever arrives by Tab
    <div
      ref={setPane}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys select, move and delete what is on the slide
      tabIndex={0}
      aria-label={`Slide ${number} of ${deck.slides.length}`}
      data-testid="stage"
      className="relative isolate grid min-h-0 flex-1 place-items-center overflow-hidden bg-muted/70 outline-none dark:bg-black/25"
      onPointerDown={pressed}
      onDoubleClick={(event) => {
        const target = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-element]') : null
        const element = stored.elements.find((one) => one.id === target?.dataset.element)
        if (editable && element && 'text' in element && writing?.id !== element.id)
          write(element.id, { at: { x: event.clientX, y: event.clientY } })
      }}
      onDragOver={(event) => {
        if (editable && event.dataTransfer.types.includes('Files')) event.preventDefault()
      }}
      onDrop={(event) => {
        const place = frame?.getBoundingClientRect()
        if (!editable || !place || event.dataTransfer.files.length === 0) return
        event.preventDefault()
        const at = { x: (event.clientX - place.left) / scale, y: (event.clientY - place.top) / scale }
        addImages([...event.dataTransfer.files], { x: at.x - 240, y: at.y - 160, width: 480, height: 320 })
      }}
    >
      {scale > 0 ? (
        <div
          ref={setFrame}
          className="relative shadow-[0_1px_3px_rgb(0_0_0/0.12),0_8px_28px_-6px_rgb(0_0_0/0.18)] ring-1 ring-black/8 dark:ring-white/10"
          style={{ width: STAGE.width * scale, height: STAGE.height * scale }}
        >
          <div
            className="stage-slide absolute top-0 left-0 origin-top-left select-none text-left"
            data-editable={editable || undefined}
            style={{ transform: `scale(${scale})`, '--stage-scale': scale } as CSSProperties}
          >
            <SlideView
              slide={slide}
              theme={theme}
              images={images}
              prompts={editable}
              editing={writingIn(slide, writing?.id)}
            />
            {editable ? <PicturePlace slide={stored} /> : null}
            <LineHits lines={lines} scale={scale} />
          </div>
          <Visitors slide={slide} scale={scale} awareness={awareness} />
          {chosen.map((element) =>
            writing || only?.type === 'line' || !editable ? (
              <div
                key={element.id}
                className="pointer-events-none absolute rounded-[1px] ring-2 ring-primary"
                hidden={element.type === 'line'}
                style={{
                  left: element.x * scale,
                  top: element.y * scale,
                  width: element.width * scale,
                  height: element.height * scale,
                  transform: element.rotation ? `rotate(${element.rotation}deg)` : undefined,
                }}
              />
            ) : null,
          )}
          {editable && only?.type === 'line' ? <LineHandles line={only} scale={scale} gesture={gesture} /> : null}
          {editable ? (
            <Transformer
              frame={frame}
              elements={writing || only?.type === 'line' ? [] : chosen}
              others={others}
              gesture={gesture}
              scale={scale}
              ratio={shift !== (only?.type === 'image')}
            />
          ) : null}
          {area ? (
            <div
              className="pointer-events-none absolute border border-primary bg-primary/10"
              style={{
                left: area.left * scale,
                top: area.top * scale,
                width: (area.right - area.left) * scale,
                height: (area.bottom - area.top) * scale,
              }}
            />
          ) : null}
        </div>
      ) : null}
      <span role="status" className="sr-only">
        {selected.length > 1 ? `${selected.length} elements selected` : selected[0] ? nameOf(selected[0]) : ''}
      </span>
    </div>
  )
}

function elementAt(target: Element): string | undefined {
  return target.closest<HTMLElement>('[data-slide] [data-element]')?.dataset.element
}

function writingIn(slide: Slide, id: string | undefined) {
  const element = slide.elements.find((one) => one.id === id)
  return element && 'text' in element ? { id: element.id, box: <BoxEditor element={element} /> } : undefined
}

/** The slide with what is being dragged where it is dragged to. */
function drafted(slide: Slide, drafts: Drafts | null): Slide {
  if (!drafts) return slide
  const elements = slide.elements.map((element) => {
    const draft = drafts.get(element.id)
    return draft ? { ...element, ...draft } : element
  })
  return { ...slide, elements: elements as Slide['elements'] }
}

function nameOf(element: Slide['elements'][number]): string {
  const names = { text: 'Text', shape: 'Shape', image: 'Picture', line: 'Line' }
  return `${names[element.type]} selected`
}
