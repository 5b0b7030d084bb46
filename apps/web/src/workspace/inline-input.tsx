'use client'
import { useEffect, useRef } from 'react'
import { cn } from '../ui/classes.ts'

interface InlineInputProps {
  label: string
  initial?: string
  placeholder?: string
  maxLength: number
  /** The text with Enter or when the focus leaves; null when it was left as it was, emptied, or given up by Escape. */
  onDone(value: string | null, left: 'enter' | 'escape' | 'blur'): void
  className?: string
}

/** A text edited in its place. */
export function InlineInput({ label, initial = '', placeholder, maxLength, onDone, className }: InlineInputProps) {
  const input = useRef<HTMLInputElement>(null)
  const done = useRef(false)
  useEffect(() => {
    // A menu that closes gives its focus back a moment later; this comes after it.
    const timer = setTimeout(() => {
      input.current?.focus()
      input.current?.select()
    }, 30)
    return () => clearTimeout(timer)
  }, [])

  function finish(value: string | null, left: 'enter' | 'escape' | 'blur') {
    if (done.current) return
    done.current = true
    const text = value?.trim() ?? ''
    onDone(text === '' || text === initial ? null : text, left)
  }

  return (
    <input
      ref={input}
      aria-label={label}
      defaultValue={initial}
      placeholder={placeholder}
      maxLength={maxLength}
      onBlur={(event) => finish(event.currentTarget.value, 'blur')}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter' && !event.nativeEvent.isComposing) finish(event.currentTarget.value, 'enter')
        if (event.key === 'Escape') {
          event.preventDefault()
          finish(null, 'escape')
        }
      }}
      className={cn(
        'h-7 w-full min-w-0 rounded-md border border-ring bg-background px-1.5 text-[13px] outline-2 outline-ring/25 max-md:h-9',
        className,
      )}
    />
  )
}
