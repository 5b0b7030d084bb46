'use client'
import { Check } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { cn } from './classes.ts'

interface CheckFieldProps {
  label: ReactNode
  hint?: ReactNode
  checked: boolean
  onChange(checked: boolean): void
  disabled?: boolean
  className?: string
}

/** A box to tick, with its words and a hint. */
export function CheckField({ label, hint, checked, onChange, disabled = false, className }: CheckFieldProps) {
  const id = useId()
  return (
    <label
      className={cn(
        'flex cursor-pointer items-start gap-2.5 text-[13px] has-disabled:cursor-default has-disabled:opacity-60 max-sm:min-h-11 max-sm:py-2.5',
        className,
      )}
    >
      <span className="relative mt-px grid size-4.5 shrink-0 place-items-center">
        <input
          type="checkbox"
          checked={checked}
          disabled={disabled}
          aria-describedby={hint ? id : undefined}
          onChange={(event) => onChange(event.currentTarget.checked)}
          className="peer size-4.5 cursor-[inherit] appearance-none rounded-[5px] border border-field bg-background shadow-soft checked:border-primary checked:bg-primary focus-visible:outline-2 focus-visible:outline-ring focus-visible:outline-offset-2"
        />
        <Check
          aria-hidden
          strokeWidth={3}
          className="pointer-events-none absolute size-3 text-primary-foreground opacity-0 peer-checked:opacity-100"
        />
      </span>
      <span className="min-w-0">
        <span className="block break-words font-medium leading-5">{label}</span>
        {hint ? (
          <span id={id} className="block text-muted-foreground">
            {hint}
          </span>
        ) : null}
      </span>
    </label>
  )
}
