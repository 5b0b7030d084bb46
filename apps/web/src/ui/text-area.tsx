'use client'
import { type ComponentProps, type ReactNode, useId } from 'react'
import { cn } from './classes.ts'
import { inputStyle } from './field.tsx'

interface TextAreaProps extends ComponentProps<'textarea'> {
  label: string
  hint?: ReactNode
  /** What is wrong; shown below, announced, and the field is marked invalid. */
  error?: string | undefined
}

/** A labelled field of several lines with its hint and error. */
export function TextArea({ label, hint, error, className, ...rest }: TextAreaProps) {
  const id = useId()
  const described = error ? `${id}-error` : hint ? `${id}-hint` : undefined
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium text-[13px]">
        {label}
      </label>
      <textarea
        id={id}
        rows={3}
        className={cn(inputStyle, 'h-auto min-h-20 resize-y py-2 max-sm:h-auto', className)}
        aria-invalid={error ? true : undefined}
        aria-describedby={described}
        {...rest}
      />
      {error ? (
        <p id={`${id}-error`} role="alert" className="break-words text-[13px] text-destructive">
          {error}
        </p>
      ) : hint ? (
        <p id={`${id}-hint`} className="text-[13px] text-muted-foreground">
          {hint}
        </p>
      ) : null}
    </div>
  )
}
