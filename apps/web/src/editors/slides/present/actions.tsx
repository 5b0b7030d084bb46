'use client'
import type { PresenceIdentity } from '@realtime/contracts'
import { ChevronDown, MonitorPlay, NotebookText, Play, Radio } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useEffectEvent } from 'react'
import { toast } from 'sonner'
import type { Awareness } from 'y-protocols/awareness'
import { Avatar } from '../../../ui/avatar.tsx'
import { Button } from '../../../ui/button.tsx'
import { Kbd } from '../../../ui/kbd.tsx'
import { Menu, MenuItem, MenuSeparator } from '../../../ui/menu.tsx'
import { Tooltip } from '../../../ui/tooltip.tsx'
import { usePresenters } from './presenting.ts'
import { enterFullscreen } from './screen.ts'
import { openPresenterWindow, showPath } from './ways.ts'

interface PresentButtonProps {
  documentId: string
  /** The slide that is worked on; null for none. */
  slide: string | null
  /** Items for the end of the menu on phones, whose bar has room for this button alone. */
  more?: ReactNode
}

/** Starts a presentation, from the start, from a slide, or with a presenter window beside it. */
export function PresentButton({ documentId, slide, more }: PresentButtonProps) {
  const router = useRouter()
  const show = (from: string | null) => {
    void enterFullscreen()
    router.push(showPath(documentId, { slide: from }))
  }
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return
    const f5 = event.key === 'F5' && !event.ctrlKey && !event.metaKey
    const enter = event.key === 'Enter' && (event.ctrlKey || event.metaKey)
    if (!f5 && !enter) return
    event.preventDefault()
    show(event.shiftKey ? slide : null)
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => pressed(event)
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return (
    <div className="flex">
      <Tooltip content="Present from this slide">
        <Button
          variant="outline"
          size="small"
          aria-label="Present"
          className="@max-md:hidden rounded-r-none @max-xl:px-2"
          onClick={() => show(slide)}
        >
          <Play aria-hidden className="fill-current" />
          <span className="@max-xl:hidden">Present</span>
        </Button>
      </Tooltip>
      <Menu
        align="end"
        trigger={
          <Button
            variant="outline"
            size="small"
            aria-label="More ways to present"
            className="-ml-px @max-md:size-8 @max-md:rounded-md rounded-l-none px-1.5 @max-md:px-0 data-popup-open:bg-accent"
          >
            <ChevronDown aria-hidden className="@max-md:hidden" />
            <Play aria-hidden className="@md:hidden fill-current" />
          </Button>
        }
      >
        <MenuItem onClick={() => show(null)}>
          <MonitorPlay aria-hidden />
          <span className="flex-1">From the start</span>
          <Kbd keys="F5" />
        </MenuItem>
        <MenuItem onClick={() => show(slide)}>
          <Play aria-hidden />
          <span className="flex-1">From this slide</span>
          <Kbd keys="Shift+F5" />
        </MenuItem>
        <MenuSeparator />
        <MenuItem
          onClick={() => {
            const opened = openPresenterWindow(documentId)
            if (!opened) toast.error('The browser did not let the presenter window open.')
            router.push(showPath(documentId, { slide }))
          }}
        >
          <NotebookText aria-hidden />
          With presenter window
        </MenuItem>
        {more ? (
          <div className="sm:hidden">
            <MenuSeparator />
            {more}
          </div>
        ) : null}
      </Menu>
    </div>
  )
}

interface PresentingNowProps {
  documentId: string
  awareness: Awareness
  self: PresenceIdentity
}

/** Who presents the deck now, and the way to follow; nothing while nobody does. */
export function PresentingNow({ documentId, awareness, self }: PresentingNowProps) {
  const router = useRouter()
  const [presenter] = usePresenters(awareness)
  if (!presenter) return null
  const { person } = presenter
  const who = person.id === self.id ? 'You are' : `${person.name} is`
  const join = () => {
    void enterFullscreen()
    router.push(showPath(documentId, { follow: person.id }))
  }
  return (
    <div
      role="status"
      data-testid="presenting-now"
      className="flex h-8 min-w-0 items-center gap-1.5 rounded-full bg-primary-soft py-0.5 pr-0.5 pl-1 text-[13px] ring-1 ring-primary/25 @max-2xl:p-0 @max-2xl:ring-0"
    >
      <Avatar
        name={person.name}
        image={person.image}
        color={person.color}
        className="size-6 text-[10px] @max-2xl:hidden"
      />
      <span className="max-w-56 truncate @max-2xl:sr-only">{who} presenting</span>
      <Button
        size="small"
        className="h-7 rounded-full @max-2xl:size-8 @max-2xl:px-0"
        aria-label={`Follow ${person.name}`}
        onClick={join}
      >
        <Radio aria-hidden className="@2xl:hidden animate-pulse" />
        <span className="@max-2xl:hidden">Follow</span>
      </Button>
    </div>
  )
}
