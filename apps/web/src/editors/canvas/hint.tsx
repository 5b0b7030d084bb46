import { Shapes } from 'lucide-react'

/** What stands on a canvas with nothing on it. */
export function Hint({ editable }: { editable: boolean }) {
  return (
    <div className="pointer-events-none absolute inset-0 z-[3] grid place-items-center p-8" data-testid="canvas-empty">
      <div className="fade-in flex max-w-72 flex-col items-center text-balance text-center text-muted-foreground">
        <Shapes aria-hidden className="size-7 text-faint" strokeWidth={1.5} />
        <p className="mt-3 font-medium text-[15px] text-foreground/80">
          {editable ? 'Start drawing' : 'Nothing is drawn yet'}
        </p>
        {editable ? (
          <p className="mt-1 text-[13px] leading-relaxed">
            Pick a tool and draw, double‑click to write, or drop an image.
          </p>
        ) : null}
      </div>
    </div>
  )
}
