import { type RefObject, useEffect, useEffectEvent } from 'react'
import { copySelected, paste } from '../stage/clipboard.ts'
import { stageKey } from '../stage/keys.ts'
import type { Studio } from './studio.ts'

/**
 * Keys and clipboard of the deck. What is selected on the stage is worked on also when the focus stands on a tool, or
 * nowhere; fields, texts, menus and the list of slides have keys of their own.
 */
export function useDeckKeys(root: RefObject<HTMLElement | null>, studio: Studio): void {
  const keyed = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || isOfText(event.target) || isAside(root.current)) return
    const step = stepOf(event)
    if (step) {
      event.preventDefault()
      studio[step]()
      return
    }
    const { target, key } = event
    if (!isAtStage(root.current, target)) return
    // A tool that has the focus is pressed by these, and left by Tab.
    const tool = target instanceof Element && target.closest('button') !== null
    if (tool && (key === 'Enter' || key === ' ' || key === 'Tab')) return
    if (key === 'Tab' && target !== studio.stage.current) return
    if (stageKey(event, studio)) event.preventDefault()
  })
  const clipped = useEffectEvent((event: ClipboardEvent) => {
    if (event.defaultPrevented || isOfText(event.target) || isAside(root.current)) return
    if (!isAtStage(root.current, event.target)) return
    if (event.type === 'paste') paste(event, studio)
    // Words of the page that somebody has marked are copied as words.
    else if (window.getSelection()?.isCollapsed !== false)
      copySelected(event, studio, event.type === 'cut' && studio.editable)
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => keyed(event)
    const onClip = (event: ClipboardEvent) => clipped(event)
    const clips = ['copy', 'cut', 'paste'] as const
    window.addEventListener('keydown', onKey)
    for (const clip of clips) window.addEventListener(clip, onClip)
    return () => {
      window.removeEventListener('keydown', onKey)
      for (const clip of clips) window.removeEventListener(clip, onClip)
    }
  }, [])
}

/** Whether an event is of a field or text, which has keys and a clipboard of its own. */
function isOfText(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, [contenteditable="true"]') !== null
}

/** Whether something else stands in the place of the deck, as an old version of it: nobody sees what keys would do. */
function isAside(root: HTMLElement | null): boolean {
  return root?.closest('[inert]') != null
}

function isAtStage(root: HTMLElement | null, target: EventTarget | null): boolean {
  if (target === document.body) return true
  if (!root || !(target instanceof Element) || !root.contains(target)) return false
  return target.closest('[role=listbox], [role=menu], [role=dialog], [aria-expanded=true]') === null
}

function stepOf(event: KeyboardEvent): 'undo' | 'redo' | null {
  if (!(event.metaKey || event.ctrlKey) || event.altKey) return null
  const key = event.key.toLowerCase()
  if (key === 'z') return event.shiftKey ? 'redo' : 'undo'
  return key === 'y' ? 'redo' : null
}
