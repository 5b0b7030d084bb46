'use client'
import type { KeyboardEvent } from 'react'
import { itemBeginning, itemsOf, stepOf, type TreeStep } from './keyboard.ts'

/** Letters typed within this time, in milliseconds, belong together. */
const TYPING_MS = 700
let typed = { text: '', at: 0 }

type Act = Extract<TreeStep, { act: string }>['act']

/** What an item can do by the keyboard; what is left out it cannot. */
export type ItemActs = Partial<Record<Act, () => void>>

/** Gives the focus to an item, and Tab the way to it alone. */
export function focusItem(item: HTMLElement): void {
  item.focus()
  item.querySelector(':scope > [data-row]')?.scrollIntoView({ block: 'nearest' })
}

/** Lets Tab lead to one item of a tree: this one, else the page's, else the first. */
export function keepReachable(tree: Element, wanted: HTMLElement | null = null): void {
  const items = itemsOf(tree)
  const reached = wanted ?? items.find((item) => item.tabIndex === 0)
  const one = reached ?? items.find((item) => item.getAttribute('aria-current') === 'page') ?? items[0]
  for (const item of items) {
    const index = item === one ? 0 : -1
    if (item.tabIndex !== index) item.tabIndex = index
  }
}

/** The keys of an item, by the tree pattern of WAI-ARIA. */
export function onItemKey(event: KeyboardEvent<HTMLElement>, acts: ItemActs): void {
  const item = event.currentTarget
  const from = event.target as HTMLElement
  const tree = item.closest('[role=tree]')
  if (!tree || from.closest('[role=treeitem]') !== item || from.matches('input')) return
  if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
  const pressing = event.key === 'Enter' || event.key === ' '
  if (pressing && from.matches('button:not([data-open])')) return

  const step = stepOf(tree, item, event)
  if (step && 'focus' in step) {
    event.preventDefault()
    focusItem(step.focus)
  } else if (step && acts[step.act]) {
    event.preventDefault()
    acts[step.act]?.()
  } else if (!step && event.key.length === 1 && event.key !== ' ') {
    const text = Date.now() - typed.at < TYPING_MS ? typed.text + event.key : event.key
    typed = { text, at: Date.now() }
    const found = itemBeginning(tree, item, text)
    if (found) focusItem(found)
  }
}
