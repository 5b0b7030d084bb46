'use client'
import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { Button } from '../../../ui/button.tsx'
import { cn } from '../../../ui/classes.ts'
import { useApple } from '../../../ui/kbd.tsx'
import { Tooltip } from '../../../ui/tooltip.tsx'

interface ToolProps extends Omit<ComponentProps<'button'>, 'children'> {
  label: string
  icon: LucideIcon
  /** A shortcut, as `Mod B`. */
  keys?: string
  pressed?: boolean
}

/** A button of the toolbar. It leaves the focus where it is, so that a text goes on being written. */
export function Tool({ label, icon: Icon, keys, pressed, className, ...rest }: ToolProps) {
  const apple = useApple()
  const shortcut = keys
    ? apple
      ? keys.replace('Mod', '⌘').replace('Shift', '⇧').replaceAll(' ', '')
      : keys.replace('Mod', 'Ctrl').replaceAll(' ', '+')
    : null
  return (
    <Tooltip content={shortcut ? `${label} · ${shortcut}` : label}>
      <Button
        variant="ghost"
        size="icon"
        aria-label={label}
        aria-pressed={pressed}
        className={cn(toolStyle, pressed && 'bg-primary-soft text-primary-text', className)}
        onPointerDown={(event) => event.preventDefault()}
        {...rest}
      >
        <Icon />
      </Button>
    </Tooltip>
  )
}

export const toolStyle = 'size-8 text-foreground/80 max-md:size-10 [&_svg]:size-[17px]'

/** Keeps tools apart that have nothing to do with each other. */
export function Divider() {
  return <span aria-hidden className="mx-1 h-5 w-px shrink-0 bg-border" />
}
