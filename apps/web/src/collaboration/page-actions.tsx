'use client'
import { createContext, type ReactNode, use } from 'react'
import { createPortal } from 'react-dom'

/** The place in the bar above a resource where its editor puts its own actions; null until the bar is there. */
export const PageActionsSlot = createContext<HTMLElement | null>(null)

/** Shows an editor's actions (export, present, …) in the bar of the page. */
export function PageActions({ children }: { children: ReactNode }) {
  const slot = use(PageActionsSlot)
  return slot ? createPortal(children, slot) : null
}
