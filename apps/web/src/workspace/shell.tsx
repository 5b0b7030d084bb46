'use client'
import { Dialog } from '@base-ui/react/dialog'
import { usePathname } from 'next/navigation'
import { type ReactNode, useEffect, useState } from 'react'
import { editors } from '../editors/editors.ts'
import { cn } from '../ui/classes.ts'
import { backdropStyle } from '../ui/dialog.tsx'
import { useRemembered } from './current.ts'
import { Palette } from './palette.tsx'
import { ShellContext } from './shell-context.ts'
import { Sidebar } from './sidebar.tsx'

/** The frame of the workspace: sidebar (a drawer on phones), the page, and the command palette. */
export function Shell({ children }: { children: ReactNode }) {
  const [folded, setFolded] = useRemembered('realtime.sidebar')
  const [drawer, setDrawer] = useState(false)
  const [palette, setPalette] = useState(false)
  const pathname = usePathname()
  const [shownPath, setShownPath] = useState(pathname)
  if (shownPath !== pathname) {
    setShownPath(pathname)
    setDrawer(false)
  }
  const collapsed = folded === 'collapsed'
  const toggleSidebar = () => setFolded(collapsed ? null : 'collapsed')

  // The editor is large: it comes while the lists and the content are on their way.
  useEffect(() => editors.document.preload(), [])

  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return
      if (event.key === 'k') {
        // With text selected in the editor, Mod-K is its link command.
        if (event.defaultPrevented) return
        event.preventDefault()
        setPalette((open) => !open)
      } else if (event.key === '\\') {
        event.preventDefault()
        setFolded(collapsed ? null : 'collapsed')
      }
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [collapsed, setFolded])

  return (
    <ShellContext
      value={{ collapsed, toggleSidebar, openDrawer: () => setDrawer(true), openPalette: () => setPalette(true) }}
    >
      <div className="flex h-dvh overflow-hidden">
        <aside
          inert={collapsed}
          className={cn(
            'h-full shrink-0 overflow-hidden border-r bg-sidebar transition-[width,border-color] duration-200 ease-out max-md:hidden',
            collapsed ? 'w-0 border-transparent' : 'w-64',
          )}
        >
          <Sidebar className="w-64" />
        </aside>
        <div className="flex h-full min-w-0 flex-1 flex-col">{children}</div>
      </div>
      <Dialog.Root open={drawer} onOpenChange={(open) => setDrawer(open)}>
        <Dialog.Portal>
          <Dialog.Backdrop className={backdropStyle} />
          <Dialog.Popup
            aria-label="Workspace"
            className="fixed inset-y-0 left-0 z-50 w-[min(19rem,85vw)] bg-sidebar shadow-popover outline-none transition-transform duration-200 ease-out data-ending-style:-translate-x-full data-starting-style:-translate-x-full"
          >
            <Sidebar className="w-full" />
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
      <Palette open={palette} onOpenChange={setPalette} />
    </ShellContext>
  )
}
