'use client'
import { useCallback, useSyncExternalStore } from 'react'
import { forgetDrafts } from '../comments/drafts.ts'

const ORGANIZATION = 'realtime.organization'
const DOCUMENT = 'realtime.document'
const listeners = new Set<() => void>()
// Kept here too: storage may be switched off.
const memory = new Map<string, string>()

function read(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? memory.get(key) ?? null
  } catch {
    return memory.get(key) ?? null
  }
}

function write(key: string, value: string | null): void {
  if (value === null) memory.delete(key)
  else memory.set(key, value)
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // Then it holds for this page only.
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

type Next = string | null | ((before: string | null) => string | null)

/**
 * A choice that this device remembers, as state; null on the server and while nothing was chosen. A function makes the
 * next value of what is remembered now, which may be newer than what is shown.
 */
export function useRemembered(key: string): [string | null, (next: Next) => void] {
  const value = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => null,
  )
  const remember = useCallback((next: Next) => write(key, typeof next === 'function' ? next(read(key)) : next), [key])
  return [value, remember]
}

/** Shows an organization from now on. */
export function chooseOrganization(id: string): void {
  if (read(ORGANIZATION) !== id) write(ORGANIZATION, id)
}

/** The organization chosen last on this device; it may no longer exist. */
export function useChosenOrganization(): string | null {
  return useRemembered(ORGANIZATION)[0]
}

/** Remembers what `/` opens; null forgets it. */
export function rememberDocument(id: string | null): void {
  write(DOCUMENT, id)
}

export function lastDocument(): string | null {
  return read(DOCUMENT)
}

/** Forgets what belongs to a person, at signing out. */
export function forgetChoices(): void {
  write(ORGANIZATION, null)
  write(DOCUMENT, null)
  forgetDrafts()
}
