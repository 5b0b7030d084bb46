'use client'
import type { Problem } from '@realtime/contracts'
import { createContext, use } from 'react'

interface VisitContextValue {
  name: string
  /** Why the link lets nobody in any more; null while it does. */
  ended: Problem | null
  /** Asks the server whether the link still holds, after something was refused. */
  check(): void
}

/** Around a document that was opened by a share link. */
export const VisitContext = createContext<VisitContextValue | null>(null)

/** The visit; null for people of the organization. */
export function useVisit(): VisitContextValue | null {
  return use(VisitContext)
}
