'use client'
import { Menu, PanelLeftOpen } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Mark } from '../ui/mark.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { useShellIfAny } from './shell-context.ts'

/** The bar above a page, with the way to the sidebar where that is out of sight. What is in it goes by its width. */
export function Topbar({ children }: { children: ReactNode }) {
  const shell = useShellIfAny()
  return (
    <header className="@container flex h-12 shrink-0 items-center gap-2 border-b px-3 max-sm:gap-1 md:px-4">
      {shell ? (
        <Button
          variant="ghost"
          size="icon"
          aria-label="Open sidebar"
          onClick={shell.openDrawer}
          className="-ml-1 max-md:size-9 md:hidden"
        >
          <Menu />
        </Button>
      ) : (
        <Mark className="size-6" />
      )}
      {shell?.collapsed ? (
        <Tooltip content="Show sidebar">
          <Button
            variant="ghost"
            size="icon"
            aria-label="Show sidebar"
            onClick={shell.toggleSidebar}
            className="-ml-1 max-md:hidden"
          >
            <PanelLeftOpen />
          </Button>
        </Tooltip>
      ) : null}
      {children}
    </header>
  )
}
