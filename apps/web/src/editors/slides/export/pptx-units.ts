import { type DeckColor, readColor } from '@realtime/resources'

/** Parts of the theme, as office files name them; `pptx-package.ts` fills in the colours. */
export const officeRoles: Record<string, string> = {
  text: 'tx1',
  background: 'bg1',
  muted: 'tx2',
  surface: 'bg2',
  accent: 'accent1',
  'accent-2': 'accent2',
  'on-accent': 'accent3',
}

/** Logical pixels as inches. What is farther away than office programs go is at their end. */
export function inches(pixels: number): number {
  // The library takes numbers from 100 on for another unit.
  return Math.max(-99, Math.min(99, pixels / 96))
}

/** Logical pixels as points. */
export function points(pixels: number): number {
  return Math.round(pixels * 75) / 100
}

/** A colour as the library takes it: a part of the theme, or six hexadecimal digits. */
export function officeColor(color: DeckColor): string {
  const read = readColor(color) ?? 'text'
  return officeRoles[read] ?? read.replace('#', '').toUpperCase()
}

/** Opacity as the library takes it, in percent. */
export function transparency(opacity: number): number {
  return Math.round((1 - opacity) * 100)
}

/** An angle from 0 to 360 degrees. */
export function turn(degrees: number): number {
  return ((degrees % 360) + 360) % 360
}

/** Text without what XML cannot hold: control characters and halves of characters. */
export function sound(text: string): string {
  return (
    text
      .replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken away
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
  )
}
