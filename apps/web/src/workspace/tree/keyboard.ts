/** The items of a tree that are in sight, from top to bottom. */
export function itemsOf(tree: Element): HTMLElement[] {
  return [...tree.querySelectorAll<HTMLElement>('[role=treeitem]')]
}

/** What a key does in a tree: where the focus goes, or what is to be done with the item that has it. */
export type TreeStep = { focus: HTMLElement } | { act: 'open' | 'expand' | 'collapse' | 'rename' | 'delete' | 'menu' }

interface Pressed {
  key: string
  shiftKey: boolean
}

/** What a key means on an item; null for what is no business of the tree. See the tree pattern of WAI-ARIA. */
export function stepOf(tree: Element, item: HTMLElement, { key, shiftKey }: Pressed): TreeStep | null {
  const items = itemsOf(tree)
  const at = items.indexOf(item)
  const open = item.getAttribute('aria-expanded')
  switch (key) {
    case 'ArrowDown':
      return to(items[at + 1])
    case 'ArrowUp':
      return to(items[at - 1])
    case 'Home':
      return to(items[0])
    case 'End':
      return to(items.at(-1))
    case 'ArrowRight':
      if (open === 'false') return { act: 'expand' }
      return open === 'true' && items[at + 1] && item.contains(items[at + 1] as Node) ? to(items[at + 1]) : null
    case 'ArrowLeft':
      if (open === 'true') return { act: 'collapse' }
      return to(item.parentElement?.closest<HTMLElement>('[role=treeitem]'))
    case 'Enter':
    case ' ':
      return { act: 'open' }
    case 'F2':
      return { act: 'rename' }
    case 'Delete':
      return { act: 'delete' }
    case 'ContextMenu':
      return { act: 'menu' }
    case 'F10':
      return shiftKey ? { act: 'menu' } : null
    default:
      return null
  }
}

function to(item: HTMLElement | null | undefined): TreeStep | null {
  return item ? { focus: item } : null
}

/** The next item, from one on and around, whose name begins with what was typed. */
export function itemBeginning(tree: Element, from: HTMLElement, typed: string): HTMLElement | null {
  const items = itemsOf(tree)
  const at = items.indexOf(from)
  const wanted = typed.toLocaleLowerCase()
  // More letters may still mean the item one is on.
  const first = [...typed].length > 1 ? at : at + 1
  const around = [...items.slice(first), ...items.slice(0, first)]
  return around.find((item) => (item.getAttribute('aria-label') ?? '').toLocaleLowerCase().startsWith(wanted)) ?? null
}
