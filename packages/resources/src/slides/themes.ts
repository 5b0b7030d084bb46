import type { DeckColor } from './deck.ts'

/** The parts that a color plays in every theme, so that a deck keeps its meaning when its theme changes. */
export const themeRoles = ['text', 'muted', 'background', 'surface', 'accent', 'accent-2', 'on-accent'] as const
export type ThemeRole = (typeof themeRoles)[number]

/** A font, for browsers and for office programs. */
export interface ThemeFont {
  /** A CSS font-family: what we host ourselves, then what systems have. */
  css: string
  /** One name, for exported files. */
  office: string
}

export interface Theme {
  id: string
  name: string
  dark: boolean
  palette: Record<ThemeRole, string>
  fonts: { heading: ThemeFont; body: ThemeFont; mono: ThemeFont }
  /** Of headings, in em. */
  headingSpacing: number
}

const sans: ThemeFont = { css: 'var(--font-geist-sans), ui-sans-serif, system-ui, sans-serif', office: 'Arial' }
const mono: ThemeFont = { css: 'var(--font-geist-mono), ui-monospace, monospace', office: 'Courier New' }
const serif: ThemeFont = {
  css: '"Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", Georgia, "Liberation Serif", serif',
  office: 'Georgia',
}
const humanist: ThemeFont = {
  css: 'Optima, Candara, "Gill Sans", "Noto Sans", "Liberation Sans", sans-serif',
  office: 'Candara',
}

const plain = { heading: sans, body: sans, mono }

/** The themes of decks; the first is the one of a new deck. */
export const themes: readonly [Theme, ...Theme[]] = [
  {
    id: 'paper',
    name: 'Paper',
    dark: false,
    palette: {
      text: '#1d1c22',
      muted: '#68656f',
      background: '#fdfcfa',
      surface: '#f1eee8',
      accent: '#4150cf',
      'accent-2': '#d9572b',
      'on-accent': '#ffffff',
    },
    fonts: plain,
    headingSpacing: -0.03,
  },
  {
    id: 'midnight',
    name: 'Midnight',
    dark: true,
    palette: {
      text: '#f3f5fa',
      muted: '#98a3b8',
      background: '#0d1118',
      surface: '#1a212d',
      accent: '#7f9cff',
      'accent-2': '#5fe3c8',
      'on-accent': '#0b1022',
    },
    fonts: plain,
    headingSpacing: -0.03,
  },
  {
    id: 'editorial',
    name: 'Editorial',
    dark: false,
    palette: {
      text: '#241b15',
      muted: '#75665a',
      background: '#f7f2e8',
      surface: '#eadfcd',
      accent: '#a23a2c',
      'accent-2': '#2d5b4f',
      'on-accent': '#fff8ee',
    },
    fonts: { heading: serif, body: sans, mono },
    headingSpacing: -0.012,
  },
  {
    id: 'forest',
    name: 'Forest',
    dark: true,
    palette: {
      text: '#f2f5ec',
      muted: '#a5bbad',
      background: '#10241d',
      surface: '#1b352b',
      accent: '#e8b84a',
      'accent-2': '#86cdb0',
      'on-accent': '#1b1605',
    },
    fonts: { heading: serif, body: sans, mono },
    headingSpacing: -0.012,
  },
  {
    id: 'harbor',
    name: 'Harbor',
    dark: false,
    palette: {
      text: '#0c2440',
      muted: '#57708e',
      background: '#ffffff',
      surface: '#e9f1fa',
      accent: '#0b66d6',
      'accent-2': '#0e9488',
      'on-accent': '#ffffff',
    },
    fonts: { heading: humanist, body: humanist, mono },
    headingSpacing: -0.015,
  },
  {
    id: 'bloom',
    name: 'Bloom',
    dark: false,
    palette: {
      text: '#371329',
      muted: '#83607a',
      background: '#fff6f5',
      surface: '#fde5e6',
      accent: '#cf2e68',
      'accent-2': '#6c46dd',
      'on-accent': '#ffffff',
    },
    fonts: plain,
    headingSpacing: -0.03,
  },
  {
    id: 'terminal',
    name: 'Terminal',
    dark: true,
    palette: {
      text: '#ececec',
      muted: '#9a9a9a',
      background: '#141414',
      surface: '#232323',
      accent: '#f5d547',
      'accent-2': '#ff7a59',
      'on-accent': '#161300',
    },
    fonts: { heading: mono, body: sans, mono },
    headingSpacing: -0.05,
  },
]

/** The theme of an id; the first one where there is no such theme. */
export function themeOf(id: string): Theme {
  return themes.find((theme) => theme.id === id) ?? themes[0]
}

/** Reads a color: a role, or `#rrggbb`. Undefined when it is neither nor null, whatever else it may be. */
export function readColor(value: unknown): DeckColor | undefined {
  if (value === null) return null
  if (typeof value !== 'string') return undefined
  if ((themeRoles as readonly string[]).includes(value)) return value
  return /^#[0-9a-f]{6}$/i.test(value) ? value.toLowerCase() : undefined
}

/** A color as `#rrggbb` under a theme, or null for none. What is no color is none. */
export function resolveColor(theme: Theme, color: DeckColor): string | null {
  const sound = readColor(color) ?? null
  return sound === null ? null : (theme.palette[sound as ThemeRole] ?? sound)
}

/** A color as CSS, below an element that has `themeVariables`: it follows the theme by itself. */
export function colorVariable(color: DeckColor): string {
  const sound = readColor(color) ?? null
  if (sound === null) return 'transparent'
  return sound.startsWith('#') ? sound : `var(--deck-${sound})`
}

/** A theme as CSS variables: `--deck-<role>`, `--deck-heading`, `--deck-body`, `--deck-mono`. */
export function themeVariables(theme: Theme): Record<`--deck-${string}`, string> {
  const colors = themeRoles.map((role) => [`--deck-${role}`, theme.palette[role]])
  const fonts = Object.entries(theme.fonts).map(([role, font]) => [`--deck-${role}`, font.css])
  return Object.fromEntries([...colors, ...fonts])
}
