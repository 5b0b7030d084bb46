'use client'
import { type LineElement, type Slide, STAGE } from '@realtime/resources'
import { type CSSProperties, useEffect, useMemo, useState } from 'react'
import { cn } from '../../../ui/classes.ts'
import { useStudio } from '../studio/studio.ts'
import { BoxEditor } from '../text/box-editor.tsx'
import { SlideView } from '../view/slide-view.tsx'
import { type Drafts, useGesture } from './gesture.ts'
import { LineHandles } from './line-handles.tsx'
import { LineHits } from './line-hits.tsx'
import { useMarquee } from './marquee.ts'
import { Outlines } from './outlines.tsx'
import { PicturePlace } from './picture-place.tsx'
import { usePress } from './press.ts'
import './stage.css'
import { Transformer } from './transformer.tsx'
import { useFocusBack, useShift } from './use-keyboard.ts'
import { useScale } from './use-scale.ts'
import { Visitors } from './visitors.tsx'

/** The slide that is worked on, as large as its place allows, with all that one does with a pointer and keys. */
export function Stage({ slide: stored }: { slide: Slide }) {
  const studio = useStudio()
  const { doc, deck, theme, images, editable, selected, writing, awareness, write, select, addImages } = studio
  const [pane, setPane] = useState<HTMLDivElement | null>(null)
  const [frame, setFrame] = useState<HTMLDivElement | null>(null)
  const scale = useScale(pane)
  useEffect(() => {
    studio.stage.current = pane
  }, [studio.stage, pane])
  const [drafts, gesture] = useGesture(doc, stored.id)
  const slide = useMemo(() => drafted(stored, drafts), [stored, drafts])
  const shift = useShift()
  const [pointed, setPointed] = useState(false)
  const chosen = slide.elements.filter(({ id }) => selected.some((one) => one.id === id))
  const others = slide.elements.filter(({ id }) => !selected.some((one) => one.id === id))
  const only = chosen.length === 1 ? chosen[0] : undefined
  const lines = slide.elements.filter((element): element is LineElement => element.type === 'line')
  const [area, draw] = useMarquee(frame, scale, slide.elements, select)
  const pressed = usePress({ studio, slide: stored, scale, gesture, draw })
  const number = deck.slides.findIndex(({ id }) => id === slide.id) + 1

  useFocusBack(pane, writing !== null)

  return (
    // biome-ignore lint/a11y/useSemanticElements: no group of fields
    <div
      ref={setPane}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys select, move and delete what is on the slide
      tabIndex={0}
      role="group"
      aria-label={`Slide ${number} of ${deck.slides.length}`}
      data-testid="stage"
      className={cn(
        'relative isolate grid min-h-0 flex-1 place-items-center overflow-hidden bg-muted/70 outline-none dark:bg-black/25',
        // Whoever comes by Tab sees where they are; what is selected shows it by itself.
        chosen.length === 0 && !pointed && 'focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-inset',
      )}
      onPointerDownCapture={() => setPointed(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setPointed(false)
      }}
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
          {writing || !editable ? <Outlines elements={chosen} scale={scale} /> : null}
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
