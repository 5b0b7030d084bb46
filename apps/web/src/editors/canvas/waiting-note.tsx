import { CloudOff } from 'lucide-react'
import type { Unstored } from './images.ts'

/** What stands on a canvas while images on it could not be sent to the server: where they are meanwhile. */
export function WaitingNote({ late, loose }: Unstored) {
  const images = late === 1 ? '1 image waits' : `${late} images wait`
  const where =
    loose > 0
      ? 'Only on this page so far: keep it open.'
      : late === 1
        ? 'It is kept on this device.'
        : 'They are kept on this device.'
  return (
    <div
      role="status"
      data-testid="images-waiting"
      className="pointer-events-none absolute inset-x-0 top-[6.5rem] z-[3] flex justify-center px-4"
    >
      {late > 0 ? (
        <p className="fade-in flex max-w-full items-center gap-2 text-balance rounded-md border bg-popover px-3 py-1.5 text-xs shadow-popover">
          <CloudOff aria-hidden className="size-3.5 shrink-0 text-warning" />
          <span>
            {images} to be sent. <span className="text-muted-foreground">{where}</span>
          </span>
        </p>
      ) : null}
    </div>
  )
}
