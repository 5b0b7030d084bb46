'use client'
import { AlertDialog as BaseAlert } from '@base-ui/react/alert-dialog'
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { cn } from './classes.ts'

export const backdropStyle =
  'fixed inset-0 z-50 bg-black/25 transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0 dark:bg-black/55'
export const popupStyle =
  'fixed left-1/2 z-50 w-[calc(100vw-2rem)] -translate-x-1/2 rounded-xl bg-popover text-popover-foreground shadow-popover outline-none ring-1 ring-border transition-[opacity,scale] duration-150 data-ending-style:scale-[0.98] data-starting-style:scale-[0.98] data-ending-style:opacity-0 data-starting-style:opacity-0'

interface DialogProps {
  open: boolean
  onOpenChange(open: boolean): void
  title: string
  description?: ReactNode
  children: ReactNode
  className?: string
}

/** A modal dialog with a title, an optional description and a close button. */
export function Dialog({ open, onOpenChange, title, description, children, className }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className={backdropStyle} />
        <Base.Popup
          className={cn(popupStyle, 'top-1/2 max-h-[85dvh] max-w-md -translate-y-1/2 overflow-y-auto p-5', className)}
        >
          <Base.Title className="pr-8 font-semibold text-base tracking-tight">{title}</Base.Title>
          {description ? (
            <Base.Description className="mt-1 text-muted-foreground">{description}</Base.Description>
          ) : null}
          <div className="mt-4">{children}</div>
          <Base.Close
            aria-label="Close"
            render={<Button variant="ghost" size="icon" className="absolute top-3.5 right-3.5" />}
          >
            <X />
          </Base.Close>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

interface ConfirmProps {
  open: boolean
  onOpenChange(open: boolean): void
  title: string
  description: ReactNode
  /** The words on the button that does it. */
  action: string
  onConfirm(): void
}

/** Asks before something that takes away. */
export function Confirm({ open, onOpenChange, title, description, action, onConfirm }: ConfirmProps) {
  return (
    <BaseAlert.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <BaseAlert.Portal>
        <BaseAlert.Backdrop className={backdropStyle} />
        <BaseAlert.Popup className={cn(popupStyle, 'top-1/2 max-w-sm -translate-y-1/2 p-5')}>
          <BaseAlert.Title className="break-words font-semibold text-base tracking-tight">{title}</BaseAlert.Title>
          <BaseAlert.Description className="mt-1.5 text-muted-foreground">{description}</BaseAlert.Description>
          <div className="mt-5 flex justify-end gap-2">
            <BaseAlert.Close render={<Button variant="outline" />}>Cancel</BaseAlert.Close>
            <BaseAlert.Close render={<Button variant="destructive" onClick={onConfirm} />}>{action}</BaseAlert.Close>
          </div>
        </BaseAlert.Popup>
      </BaseAlert.Portal>
    </BaseAlert.Root>
  )
}
