'use client'
import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'

interface TooltipProps {
  content: ReactNode
  /** The element the tooltip explains. */
  children: ReactElement
  side?: 'top' | 'right' | 'bottom' | 'left'
}

/** A short explanation on hover and focus. It never holds what cannot be learnt otherwise. */
export function Tooltip({ content, children, side = 'bottom' }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner className="z-50" side={side} sideOffset={6} collisionPadding={8}>
          <Base.Popup className="max-w-72 origin-(--transform-origin) rounded-md bg-foreground px-2 py-1 text-background text-xs leading-relaxed shadow-popover transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0 data-instant:duration-0">
            {content}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

export const TooltipProvider = Base.Provider
