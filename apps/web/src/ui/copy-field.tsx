'use client'
import { Check, Copy } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from './button.tsx'
import { copyText } from './clipboard.ts'
import { inputStyle } from './field.tsx'

interface CopyFieldProps {
  /** Accessible name of the text. */
  label: string
  value: string
  action?: string
  /** Whether the button takes the focus as it appears, in place of the one that led here. */
  focus?: boolean
}

/** A text to take along, with a button that copies it. Where copying is not possible the text is selected instead. */
export function CopyField({ label, value, action = 'Copy link', focus = false }: CopyFieldProps) {
  const input = useRef<HTMLInputElement>(null)
  const [said, setSaid] = useState<'copied' | 'selected' | null>(null)
  useEffect(() => {
    if (!said) return
    const timer = setTimeout(() => setSaid(null), 2500)
    return () => clearTimeout(timer)
  }, [said])

  async function copy() {
    const copied = await copyText(value)
    if (!copied) input.current?.select()
    setSaid(copied ? 'copied' : 'selected')
  }

  return (
    <div className="flex gap-2">
      <input
        ref={input}
        readOnly
        aria-label={label}
        value={value}
        onFocus={(event) => event.currentTarget.select()}
        className={`${inputStyle} min-w-0 font-mono text-xs max-sm:text-xs`}
      />
      <Button autoFocus={focus} onClick={copy} className="min-w-28 max-sm:h-11">
        {said === 'copied' ? <Check aria-hidden /> : <Copy aria-hidden />}
        {said === 'copied' ? 'Copied' : said === 'selected' ? 'Selected' : action}
      </Button>
      <span className="sr-only" aria-live="polite">
        {said === 'copied'
          ? 'Copied to the clipboard'
          : said === 'selected'
            ? 'Selected; copy it with the keyboard'
            : ''}
      </span>
    </div>
  )
}
