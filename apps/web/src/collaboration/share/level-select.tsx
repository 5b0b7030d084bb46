'use client'
import type { Level } from '@realtime/contracts'
import { Select } from '../../ui/select.tsx'
import { levelWords } from './words.ts'

interface LevelSelectProps<T extends string> {
  label: string
  value: T
  levels: readonly Level[]
  onChange(value: T): void
  /** Further choices behind the levels, such as taking the access back. */
  more?: readonly { value: T; label: string; hint?: string }[]
  disabled?: boolean
  className?: string
}

/** Chooses a level, in words. */
export function LevelSelect<T extends string>({
  label,
  value,
  levels,
  onChange,
  more = [],
  disabled = false,
  className,
}: LevelSelectProps<T | Level>) {
  return (
    <Select<T | Level>
      label={label}
      value={value}
      onChange={onChange}
      disabled={disabled}
      className={className}
      choices={[...levels.map((level) => ({ value: level, ...levelWords[level] })), ...more]}
    />
  )
}
