'use client'
import { colorVariable, type Slide, STAGE, type Theme, themeVariables } from '@realtime/resources'
import { type CSSProperties, memo, type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { cn } from '../../../ui/classes.ts'
import { ElementView } from './element-view.tsx'
import type { Images } from './file-links.ts'

export interface SlideViewProps {
  slide: Slide
  theme: Theme
  /** The addresses of the slide's images; see `useFileLinks`. */
  images: Images
  /** Whether links can be followed; not in thumbnails and while editing. */
  links?: boolean
  /** Whether empty boxes say what they are for: only where they can be written in. */
  prompts?: boolean
  /** The element whose text is being written here, and its editor. */
  editing?: { id: string; box: ReactNode } | undefined
}

/** A slide in logical pixels, 960 × 540, from back to front. It follows its texts by itself. */
export const SlideView = memo(function SlideView(props: SlideViewProps) {
  const { slide, theme, images, links = false, prompts = false, editing } = props
  return (
    <div data-slide={slide.id} style={slideStyle(slide, theme)}>
      {slide.elements.map((element) => (
        <ElementView
          key={element.id}
          element={element}
          layout={slide.layout}
          images={images}
          links={links}
          prompts={prompts}
          editing={editing?.id === element.id ? editing.box : undefined}
        />
      ))}
    </div>
  )
})

/** The surface of a slide: its background, and the theme as variables for all that is on it. */
export function slideStyle(slide: Pick<Slide, 'background'>, theme: Theme): CSSProperties {
  return {
    ...themeVariables(theme),
    '--deck-heading-spacing': `${theme.headingSpacing}em`,
    position: 'relative',
    overflow: 'hidden',
    width: STAGE.width,
    height: STAGE.height,
    background: colorVariable(slide.background ?? 'background'),
    color: 'var(--deck-text)',
    colorScheme: theme.dark ? 'dark' : 'light',
  } as CSSProperties
}

interface ScaledSlideProps extends SlideViewProps {
  className?: string
  /** Takes the biggest size that fits into both sides of its place; else it is as wide as its place. */
  fit?: boolean
  /** Of the slide itself, at the size it has there: a ring, rounded corners. */
  frame?: string
  /** What lies over the slide, in logical pixels. */
  children?: ReactNode
}

/** A slide in whatever room there is. */
export function ScaledSlide({ className, frame, fit = false, children, ...slide }: ScaledSlideProps) {
  const place = useRef<HTMLDivElement>(null)
  const [scale, setScale] = useState(0)
  useLayoutEffect(() => {
    const element = place.current
    if (!element) return
    const measure = () => {
      const across = element.clientWidth / STAGE.width
      setScale(fit ? Math.min(across, element.clientHeight / STAGE.height) : across)
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [fit])
  return (
    <div
      ref={place}
      className={cn(fit ? 'grid size-full place-items-center overflow-hidden' : 'w-full overflow-hidden', className)}
      style={fit ? undefined : { aspectRatio: `${STAGE.width} / ${STAGE.height}` }}
    >
      {scale > 0 ? (
        <div
          className={cn('relative shrink-0 overflow-hidden text-left', frame)}
          style={{ width: STAGE.width * scale, height: STAGE.height * scale }}
        >
          <div
            className="absolute top-0 left-0 origin-top-left"
            style={{ width: STAGE.width, height: STAGE.height, transform: `scale(${scale})` }}
          >
            <SlideView {...slide} />
            {children}
          </div>
        </div>
      ) : null}
    </div>
  )
}
