'use client'
import { ArrowUp, Sparkles } from 'lucide-react'
import { type KeyboardEvent, type Ref, useLayoutEffect, useRef } from 'react'
import { Button } from '../../../ui/button.tsx'

interface PromptFieldProps {
  value: string
  onChange(value: string): void
  onSubmit(): void
  /** Asked before the field takes a key; true keeps it away from the field. */
  onKey?(event: KeyboardEvent<HTMLTextAreaElement>): boolean
  placeholder: string
  label: string
  ref?: Ref<HTMLTextAreaElement>
  /** The list of choices that the keys of this field go through, and its option in question. */
  list?: { id: string; option: string | undefined }
}

/** The longest request that is taken. */
const MAX = 8_000

/** Where one says what is wanted: grows with the text, Enter sends. */
export function PromptField({ value, onChange, onSubmit, onKey, placeholder, label, ref, list }: PromptFieldProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    if (!field.current) return
    field.current.style.height = 'auto'
    field.current.style.height = `${field.current.scrollHeight}px`
  }, [value])
  return (
    <div className="flex items-end gap-2 px-3 py-2">
      <Sparkles aria-hidden className="mb-[7px] size-4 shrink-0 text-primary-text" />
      <textarea
        ref={(element) => {
          field.current = element
          if (typeof ref === 'function') ref(element)
          else if (ref) ref.current = element
        }}
        rows={1}
        value={value}
        maxLength={MAX}
        placeholder={placeholder}
        aria-label={label}
        {...(list
          ? {
              role: 'combobox',
              'aria-expanded': true,
              'aria-controls': list.id,
              'aria-autocomplete': 'list' as const,
              'aria-activedescendant': list.option,
            }
          : {})}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          // While a word is composed, its keys are the input method's.
          if (event.nativeEvent.isComposing || onKey?.(event)) return
          if (event.key !== 'Enter' || event.shiftKey) return
          event.preventDefault()
          onSubmit()
        }}
        className="max-h-36 min-w-0 flex-1 resize-none bg-transparent py-1 text-sm leading-[1.45] outline-none placeholder:text-placeholder max-sm:text-base"
      />
      <Button
        size="icon"
        className="size-7 rounded-full max-sm:size-9"
        aria-label="Send"
        disabled={value.trim() === ''}
        onClick={onSubmit}
      >
        <ArrowUp />
      </Button>
    </div>
  )
}
