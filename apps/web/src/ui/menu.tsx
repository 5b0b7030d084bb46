'use client'
import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ComponentProps, ReactElement, ReactNode, RefObject } from 'react'
import { cn } from './classes.ts'

export const popoverStyle =
  'origin-(--transform-origin) rounded-lg bg-popover text-popover-foreground shadow-popover outline-none ring-1 ring-border transition-[opacity,scale] duration-100 data-ending-style:scale-[0.98] data-starting-style:scale-[0.98] data-ending-style:opacity-0 data-starting-style:opacity-0'
const itemStyle =
  'flex min-h-8 cursor-default select-none items-center gap-2 rounded-md px-2 py-1 text-[13px] outline-none data-disabled:opacity-50 data-highlighted:bg-accent max-sm:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted-foreground'

interface MenuProps {
  /** The element that opens the menu. */
  trigger: ReactElement
  children: ReactNode
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'right' | 'bottom' | 'left'
  className?: string
  /** What gets the focus after something was chosen; else the trigger. */
  finalFocus?: RefObject<HTMLElement | null>
}

/** A drop-down menu at its trigger. */
export function Menu({ trigger, children, align = 'start', side = 'bottom', className, finalFocus }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="z-50 outline-none" align={align} side={side} sideOffset={6} collisionPadding={8}>
          <Base.Popup
            {...(finalFocus ? { finalFocus } : {})}
            className={cn(popoverStyle, 'max-h-(--available-height) min-w-48 overflow-y-auto p-1', className)}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

/** Where a menu opens: at an element, or at a point. */
export type MenuAnchor = Element | { getBoundingClientRect(): DOMRect }

interface MenuAtProps {
  open: boolean
  /** Null before it was opened first. */
  anchor: MenuAnchor | null
  onClose(): void
  /** Its accessible name. */
  label: string
  children: ReactNode
  className?: string
  /** What gets the focus afterwards; null leaves it where something put it. */
  finalFocus(): HTMLElement | null
}

/** One menu for many places: it opens at whichever is told. */
export function MenuAt({ open, anchor, onClose, label, children, className, finalFocus }: MenuAtProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Base.Portal>
        <Base.Positioner
          className="z-50 outline-none"
          anchor={anchor}
          align="start"
          side="bottom"
          sideOffset={4}
          collisionPadding={8}
        >
          <Base.Popup
            aria-label={label}
            finalFocus={() => finalFocus() ?? false}
            className={cn(popoverStyle, 'max-h-(--available-height) min-w-52 overflow-y-auto p-1', className)}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

interface MenuItemProps extends ComponentProps<typeof Base.Item> {
  destructive?: boolean
}

export function MenuItem({ className, destructive = false, ...rest }: MenuItemProps) {
  return (
    <Base.Item
      className={cn(
        itemStyle,
        destructive && 'text-destructive data-highlighted:bg-destructive-soft [&_svg]:text-destructive',
        className,
      )}
      {...rest}
    />
  )
}

export function MenuSeparator() {
  return <Base.Separator className="mx-1 my-1 h-px bg-border" />
}

export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2 pt-1.5 pb-1 font-medium text-muted-foreground text-xs">{label}</Base.GroupLabel>
      {children}
    </Base.Group>
  )
}

interface MenuChoiceProps<T extends string> {
  label: string
  value: T
  onChange(value: T): void
  choices: readonly { value: T; label: ReactNode }[]
}

/** A group of which exactly one is chosen. */
export function MenuChoice<T extends string>({ label, value, onChange, choices }: MenuChoiceProps<T>) {
  return (
    <MenuGroup label={label}>
      <Base.RadioGroup value={value} onValueChange={(next: T) => onChange(next)}>
        {choices.map((choice) => (
          <Base.RadioItem key={choice.value} value={choice.value} closeOnClick className={itemStyle}>
            <span className="flex min-w-0 flex-1 items-center gap-2">{choice.label}</span>
            <Base.RadioItemIndicator>
              <Check />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </MenuGroup>
  )
}
