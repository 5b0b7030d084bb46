'use client'
import { useTheme } from 'next-themes'
import { useSyncExternalStore } from 'react'
import { cn } from '../../../ui/classes.ts'
import { isTheme, themes } from '../../theme.tsx'

const never = () => () => {}

/** Light, dark, or as the device has it. */
export function ThemeChoice() {
  const { theme, setTheme } = useTheme()
  // The server does not know the theme: until the page is alive none is marked.
  const alive = useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
  const current = isTheme(theme) ? theme : 'system'
  return (
    <div role="radiogroup" aria-label="Theme" className="flex gap-2">
      {themes.map(({ value, label, icon: Icon }) => (
        <label
          key={value}
          className={cn(
            'flex h-10 flex-1 cursor-pointer items-center justify-center gap-2 rounded-lg border bg-card text-[13px] hover:bg-accent has-focus-visible:outline-2 has-focus-visible:outline-ring has-focus-visible:outline-offset-2 max-sm:h-11',
            alive && current === value && 'border-primary bg-primary-soft font-medium hover:bg-primary-soft',
          )}
        >
          <input
            type="radio"
            name="theme"
            value={value}
            checked={alive && current === value}
            onChange={() => setTheme(value)}
            className="sr-only"
          />
          <Icon aria-hidden className="size-4 text-muted-foreground" />
          {label}
        </label>
      ))}
    </div>
  )
}
