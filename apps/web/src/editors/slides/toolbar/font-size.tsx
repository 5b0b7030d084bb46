'use client'
import { Minus, Plus } from 'lucide-react'
import { useState } from 'react'
import { Tool } from './tool.tsx'

const [LEAST, MOST] = [6, 300]
const sizes = [6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 48, 54, 60, 72, 84, 96, 120, 144, 180, 220, 300]

/** The size of text in logical pixels; undefined where there are several. */
export function FontSize({ value, onChange }: { value: number | undefined; onChange(size: number): void }) {
  const [typed, setTyped] = useState<string | null>(null)
  function take() {
    const size = Math.round(Number(typed))
    if (typed !== null && Number.isFinite(size) && size > 0) onChange(Math.min(MOST, Math.max(LEAST, size)))
    setTyped(null)
  }
  const now = value ?? 22
  return (
    <div className="flex shrink-0 items-center">
      <Tool
        icon={Minus}
        label="Smaller text"
        className="w-6 md:max-xl:hidden max-md:w-8 [&_svg]:size-3.5"
        onClick={() => onChange(sizes.findLast((size) => size < now) ?? LEAST)}
      />
      <input
        aria-label="Text size"
        inputMode="numeric"
        value={typed ?? (value === undefined ? '' : String(Math.round(value)))}
        placeholder="–"
        onChange={(event) => setTyped(event.target.value)}
        onFocus={(event) => event.target.select()}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take()
          if (event.key === 'Escape') setTyped(null)
        }}
        className="h-7 w-9 rounded-md border border-input bg-background text-center text-[13px] tabular-nums outline-none focus-visible:border-ring"
      />
      <Tool
        icon={Plus}
        label="Larger text"
        className="w-6 md:max-xl:hidden max-md:w-8 [&_svg]:size-3.5"
        onClick={() => onChange(sizes.find((size) => size > now) ?? MOST)}
      />
    </div>
  )
}
