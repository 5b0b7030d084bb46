'use client'
import { Popover as Base } from '@base-ui/react/popover'
import type { ReactElement, ReactNode } from 'react'
import { cn } from './classes.ts'
import { popoverStyle } from './menu.tsx'

interface PopoverProps {
  trigger: ReactElement
  title: string
  description?: ReactNode
  children: ReactNode
  align?: 'start' | 'center' | 'end'
  open?: boolean
  onOpenChange?(open: boolean): void
  className?: string
}

/** A titled panel at its trigger. */
export function Popover({ trigger, title, description, children, align = 'end', className, ...root }: PopoverProps) {
  return (
    <Base.Root {...root}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="z-50" align={align} sideOffset={8} collisionPadding={12}>
          <Base.Popup className={cn(popoverStyle, 'w-[min(24rem,calc(100vw-1.5rem))] p-4', className)}>
            <Base.Title className="truncate font-semibold text-sm tracking-tight">{title}</Base.Title>
            {description ? (
              <Base.Description className="mt-0.5 text-[13px] text-muted-foreground">{description}</Base.Description>
            ) : null}
            <div className="mt-3">{children}</div>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
