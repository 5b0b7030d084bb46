'use client'
import type { Hit } from '@realtime/contracts'
import { Command } from 'cmdk'
import type { ReactNode } from 'react'

interface EntryProps {
  /** Tells it from all others. */
  value: string
  onSelect(): void
  hint?: string | undefined
  children: ReactNode
}

/** A line of the palette. */
export function Entry({ value, onSelect, hint, children }: EntryProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-9 cursor-default select-none items-center gap-2.5 rounded-md px-2.5 py-1 text-[13px] data-[selected=true]:bg-accent max-sm:min-h-11 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-muted-foreground"
    >
      {children}
      {hint ? <span className="ml-auto max-w-[40%] truncate pl-3 text-muted-foreground text-xs">{hint}</span> : null}
    </Command.Item>
  )
}

/** Text in parts, those that were searched for marked. */
export function Marked({ parts }: { parts: Hit['title'] }) {
  return parts.map(({ text, match }, index) =>
    match ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text
      <mark key={index} className="rounded-xs bg-warning-soft font-medium text-foreground">
        {text}
      </mark>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text
      <span key={index}>{text}</span>
    ),
  )
}
