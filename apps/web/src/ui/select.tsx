'use client'
import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import { cn } from './classes.ts'
import { popoverStyle } from './menu.tsx'

interface SelectProps<T extends string> {
  label: string
  value: T
  onChange(value: T): void
  choices: readonly { value: T; label: string; hint?: string }[]
  disabled?: boolean
  className?: string
}

/** A choice of one; `label` is its accessible name. */
export function Select<T extends string>({ label, value, onChange, choices, disabled, className }: SelectProps<T>) {
  return (
    <Base.Root
      items={choices}
      value={value}
      disabled={disabled}
      onValueChange={(next) => (next === null ? undefined : onChange(next))}
    >
      <Base.Trigger
        aria-label={label}
        className={cn(
          'inline-flex h-8 select-none items-center justify-between gap-1.5 rounded-md border border-field bg-background px-2.5 text-[13px] shadow-soft hover:bg-accent data-disabled:border-transparent data-disabled:bg-transparent data-disabled:text-muted-foreground data-disabled:shadow-none max-sm:h-10',
          className,
        )}
      >
        <Base.Value />
        {disabled ? null : (
          <Base.Icon>
            <ChevronsUpDown className="size-3.5 text-faint" />
          </Base.Icon>
        )}
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className="z-50" sideOffset={6} alignItemWithTrigger={false} collisionPadding={8}>
          <Base.Popup className={cn(popoverStyle, 'min-w-(--anchor-width) max-w-80 p-1')}>
            {choices.map((choice) => (
              <Base.Item
                key={choice.value}
                value={choice.value}
                className="flex min-h-8 cursor-default select-none items-center gap-2 rounded-md px-2 py-1 text-[13px] outline-none data-highlighted:bg-accent max-sm:min-h-11"
              >
                <span className="flex-1">
                  <Base.ItemText>{choice.label}</Base.ItemText>
                  {choice.hint ? <span className="block text-muted-foreground text-xs">{choice.hint}</span> : null}
                </span>
                <Base.ItemIndicator>
                  <Check className="size-4 text-muted-foreground" />
                </Base.ItemIndicator>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
