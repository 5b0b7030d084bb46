'use client'
import type { Slide, Theme } from '@realtime/resources'
import { EyeOff } from 'lucide-react'
import { memo } from 'react'
import { cn } from '../../../ui/classes.ts'
import type { Images } from '../view/file-links.ts'
import { ScaledSlide } from '../view/slide-view.tsx'

interface ThumbnailProps {
  slide: Slide
  theme: Theme
  images: Images
  /** On the stage. */
  current: boolean
  /** Selected in the list. */
  chosen: boolean
}

/** A slide in the list; it is drawn anew only when the slide itself is another. */
export const Thumbnail = memo(function Thumbnail({ slide, theme, images, current, chosen }: ThumbnailProps) {
  return (
    <div
      className={cn(
        'relative overflow-hidden rounded-md bg-background ring-1 ring-border transition-shadow',
        chosen && 'ring-2 ring-primary/45',
        current && 'ring-2 ring-primary',
      )}
    >
      <div aria-hidden inert className={cn('pointer-events-none', slide.hidden && 'opacity-35')}>
        <ScaledSlide slide={slide} theme={theme} images={images} />
      </div>
      {slide.hidden ? (
        <span className="absolute top-1 right-1 grid size-5 place-items-center rounded bg-foreground/75 text-background">
          <EyeOff aria-hidden className="size-3" />
        </span>
      ) : null}
    </div>
  )
})
