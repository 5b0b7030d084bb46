'use client'
import { createContext, use } from 'react'

interface Shell {
  /** Whether the sidebar of wide screens is folded away. */
  collapsed: boolean
  toggleSidebar(): void
  openDrawer(): void
  openPalette(): void
}

/** Provided by the shell. */
export const ShellContext = createContext<Shell | null>(null)

/** The frame around the page; only inside the workspace's pages. */
export function useShell(): Shell {
  const shell = use(ShellContext)
  if (!shell) throw new Error('useShell outside of Shell')
  return shell
}

/** The frame around the page; null where there is none, as for visitors. */
export function useShellIfAny(): Shell | null {
  return use(ShellContext)
}
