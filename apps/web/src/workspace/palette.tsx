'use client'
import { Dialog } from '@base-ui/react/dialog'
import { cn } from '../ui/classes.ts'
import { backdropStyle, popupStyle } from '../ui/dialog.tsx'
import { Commands } from './palette/commands.tsx'

interface PaletteProps {
  open: boolean
  onOpenChange(open: boolean): void
}

/** Mod-K: finds documents and people, creates, goes places, switches the theme. */
export function Palette({ open, onOpenChange }: PaletteProps) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropStyle} />
        <Dialog.Popup
          aria-label="Command palette"
          className={cn(popupStyle, 'top-[14dvh] max-w-xl overflow-hidden max-sm:top-4')}
        >
          <Commands close={() => onOpenChange(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
