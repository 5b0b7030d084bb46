'use client'
import { Eye, EyeOff } from 'lucide-react'
import { type ComponentProps, type ReactNode, useId, useState } from 'react'
import { cn } from './classes.ts'

export const inputStyle =
  'h-9 w-full rounded-md border border-field bg-background px-3 text-sm shadow-soft transition-[border-color,box-shadow] placeholder:text-placeholder hover:border-muted-foreground focus-visible:border-ring focus-visible:outline-2 focus-visible:outline-ring/30 focus-visible:outline-offset-0 disabled:opacity-60 aria-invalid:border-destructive aria-invalid:focus-visible:outline-destructive/25 max-sm:h-11 max-sm:text-base'

export interface TextFieldProps extends ComponentProps<'input'> {
  label: string
  hint?: ReactNode
  /** What is wrong; shown below, announced, and the input is marked invalid. */
  error?: string | undefined
}

/** A labelled input with its hint and error. Passwords get a button that shows them. */
export function TextField({ label, hint, error, type = 'text', className, ...rest }: TextFieldProps) {
  const id = useId()
  const [shown, setShown] = useState(false)
  const secret = type === 'password'
  const described = error ? `${id}-error` : hint ? `${id}-hint` : undefined
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium text-[13px]">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          type={secret && shown ? 'text' : type}
          className={cn(inputStyle, secret && 'pr-10', className)}
          aria-invalid={error ? true : undefined}
          aria-describedby={described}
          {...rest}
        />
        {secret ? (
          <button
            type="button"
            onClick={() => setShown(!shown)}
            aria-label={shown ? 'Hide password' : 'Show password'}
            aria-pressed={shown}
            className="absolute inset-y-0 right-0 grid w-10 place-items-center rounded-md text-faint hover:text-foreground"
          >
            {shown ? <EyeOff className="size-4" /> : <Eye className="size-4" />}
          </button>
        ) : null}
      </div>
      {error ? (
        <p id={`${id}-error`} role="alert" className="text-[13px] text-destructive">
          {error.startsWith('must ') ? `${label} ${error}` : error}
        </p>
      ) : hint ? (
        <p id={`${id}-hint`} className="text-[13px] text-muted-foreground">
          {hint}
        </p>
      ) : null}
    </div>
  )
}
