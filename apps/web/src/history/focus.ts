import type { RefObject } from 'react'

/** Gives the focus to an element if what had it is gone from the page once React is done; else leaves it where it went. */
export function focusIfLost(element: RefObject<HTMLElement | null>): void {
  setTimeout(() => {
    if (document.activeElement === document.body) element.current?.focus({ preventScroll: true })
  })
}
