/** What can be asked of a show. */
export type Command =
  | 'next'
  | 'previous'
  | 'first'
  | 'last'
  | 'black'
  | 'fullscreen'
  | 'presenter'
  | 'laser'
  | 'overview'
  | 'help'
  | 'leave'
  /** The slide of a number, from 1. */
  | { goto: number }

/** What a key does; `digits` are those typed before it and not yet followed by Enter. */
export interface Pressed {
  command: Command | null
  digits: string
  /** Whether the key was ours: the browser leaves it alone then. */
  taken: boolean
}

const keys: Record<string, Command> = {
  ArrowRight: 'next',
  ArrowDown: 'next',
  ' ': 'next',
  PageDown: 'next',
  n: 'next',
  Enter: 'next',
  ArrowLeft: 'previous',
  ArrowUp: 'previous',
  PageUp: 'previous',
  p: 'previous',
  Backspace: 'previous',
  Home: 'first',
  End: 'last',
  b: 'black',
  '.': 'black',
  f: 'fullscreen',
  // Clickers begin with it.
  F5: 'fullscreen',
  s: 'presenter',
  l: 'laser',
  o: 'overview',
  '?': 'help',
  Escape: 'leave',
}

type KeyLike = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing' | 'target'>

/** What a key pressed in a show means. Keys that belong to what has the focus are left to it. */
export function press(event: KeyLike, digits: string): Pressed {
  const none: Pressed = { command: null, digits, taken: false }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return none
  // A button has no use of its own for Escape.
  if (belongsToTarget(event.target) && event.key !== 'Escape') return none
  if (/^[0-9]$/.test(event.key)) return { command: null, digits: (digits + event.key).slice(-4), taken: true }
  if (event.key === 'Enter' && digits !== '') return { command: { goto: Number(digits) }, digits: '', taken: true }
  if (event.key === 'Escape' && digits !== '') return { command: null, digits: '', taken: true }
  if (event.key === 'g' || event.key === 'G') return { command: null, digits: '', taken: true }
  if (event.key === ' ' && event.shiftKey) return { command: 'previous', digits: '', taken: true }
  const command = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key]
  return command ? { command, digits: '', taken: true } : none
}

const OWN =
  'a[href], button, input, textarea, select, summary, [contenteditable]:not([contenteditable=false]), [role=button], [role=menuitem], [role=dialog] *'

function belongsToTarget(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(OWN) !== null
}
