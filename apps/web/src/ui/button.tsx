'use client'
import { cva, type VariantProps } from 'class-variance-authority'
import { LoaderCircle } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cn } from './classes.ts'

export const buttonStyle = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-[background-color,border-color,color,opacity] duration-100 disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'bg-primary text-primary-foreground shadow-soft hover:bg-primary-hover',
        outline: 'border border-input bg-background shadow-soft hover:bg-accent',
        ghost: 'text-muted-foreground hover:bg-accent hover:text-accent-foreground data-popup-open:bg-accent',
        destructive: 'bg-destructive text-white shadow-soft hover:opacity-90 dark:text-background',
        link: 'text-primary-text underline-offset-4 hover:underline',
      },
      size: {
        small: 'h-7 px-2.5 text-[13px]',
        medium: 'h-9 px-3.5 text-sm',
        large: 'h-10 px-4 text-sm',
        icon: 'size-8',
        iconSmall: 'size-6 rounded-[5px] [&_svg]:size-3.5',
        inline: 'h-auto px-0 text-[length:inherit]',
      },
    },
    defaultVariants: { variant: 'primary', size: 'medium' },
  },
)

export interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof buttonStyle> {
  /** Shows a spinner and refuses clicks while something is under way. */
  busy?: boolean
}

/** The one button. It is `type="button"` unless told. */
export function Button({ className, variant, size, busy = false, disabled, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={cn(buttonStyle({ variant, size }), className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy ? <LoaderCircle className="animate-spin" aria-hidden /> : null}
      {children}
    </button>
  )
}
