'use client'
import { Popover as Base } from '@base-ui/react/popover'
import { type DeckColor, resolveColor, type Theme, type ThemeRole, themeRoles } from '@realtime/resources'
import { Ban, Check, type LucideIcon, Pipette } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { cn } from '../../../ui/classes.ts'
import { popoverStyle } from '../../../ui/menu.tsx'
import { Tooltip } from '../../../ui/tooltip.tsx'

interface ColorToolProps {
  label: string
  icon: LucideIcon
  theme: Theme
  /** Undefined where there are several. */
  value: DeckColor | undefined
  /** What no color means; without it there has to be one. */
  none?: string
  onChange(color: DeckColor): void
}

const roleNames: Record<ThemeRole, string> = {
  text: 'Text',
  muted: 'Muted',
  background: 'Background',
  surface: 'Surface',
  accent: 'Accent',
  'accent-2': 'Second accent',
  'on-accent': 'On accent',
}

const palette = [
  ['#000000', '#434343', '#7a7a7a', '#b0b0b0', '#d9d9d9', '#f3f3f3', '#ffffff'],
  ['#c92a2a', '#e8590c', '#f08c00', '#2f9e44', '#1098ad', '#1971c2', '#7048e8'],
  ['#ff8787', '#ffa94d', '#ffd43b', '#8ce99a', '#66d9e8', '#74c0fc', '#b197fc'],
  ['#ffe3e3', '#ffe8cc', '#fff3bf', '#d3f9d8', '#c5f6fa', '#d0ebff', '#e5dbff'],
]

/** Chooses a color: one of the theme, which follows when the theme changes, or any other. */
export function ColorTool({ label, icon: Icon, theme, value, none, onChange }: ColorToolProps) {
  const shown = value === undefined ? null : resolveColor(theme, value)
  return (
    <Base.Root>
      <Tooltip content={label}>
        <Base.Trigger
          render={
            <Button
              variant="ghost"
              size="icon"
              aria-label={label}
              className="relative size-8 text-foreground/80 max-md:size-10 [&_svg]:size-[16px]"
            />
          }
        >
          <Icon className="-translate-y-[3px]" />
          <span
            aria-hidden
            className={cn(
              'absolute inset-x-1.5 bottom-1 h-[4px] rounded-full ring-1 ring-foreground/15',
              !shown &&
                'bg-[linear-gradient(115deg,transparent_46%,var(--destructive)_47%,var(--destructive)_53%,transparent_54%)]',
            )}
            style={shown ? { background: shown } : undefined}
          />
        </Base.Trigger>
      </Tooltip>
      <Base.Portal>
        <Base.Positioner className="z-50" align="start" sideOffset={6} collisionPadding={8}>
          <Base.Popup className={cn(popoverStyle, 'w-62 p-3')} aria-label={label}>
            <p className="mb-1.5 font-medium text-muted-foreground text-xs">Theme</p>
            <div className="grid grid-cols-7 gap-1.5">
              {themeRoles.map((role) => (
                <Swatch
                  key={role}
                  name={roleNames[role]}
                  color={theme.palette[role]}
                  chosen={value === role}
                  onClick={() => onChange(role)}
                />
              ))}
            </div>
            <p className="mt-3 mb-1.5 font-medium text-muted-foreground text-xs">Standard</p>
            <div className="grid grid-cols-7 gap-1.5">
              {palette.flat().map((color) => (
                <Swatch
                  key={color}
                  name={color}
                  color={color}
                  chosen={value === color}
                  onClick={() => onChange(color)}
                />
              ))}
            </div>
            <div className="mt-3 flex items-center gap-1.5">
              <label className="flex h-8 flex-1 cursor-pointer items-center gap-2 rounded-md border border-input px-2 text-[13px] hover:bg-accent has-focus-visible:outline-2 has-focus-visible:outline-ring">
                <Pipette aria-hidden className="size-3.5 text-muted-foreground" />
                Custom
                <input
                  type="color"
                  aria-label={`${label}: custom color`}
                  value={shown ?? '#888888'}
                  onChange={(event) => onChange(event.target.value)}
                  className="ml-auto size-5 cursor-pointer appearance-none rounded border-0 bg-transparent p-0"
                />
              </label>
              {none ? (
                <Button
                  variant="outline"
                  size="small"
                  className="h-8"
                  aria-pressed={value === null}
                  onClick={() => onChange(null)}
                >
                  <Ban className="size-3.5!" />
                  {none}
                </Button>
              ) : null}
            </div>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

function Swatch(props: { name: string; color: string; chosen: boolean; onClick(): void }) {
  return (
    <button
      type="button"
      aria-label={props.name}
      aria-pressed={props.chosen}
      title={props.name}
      onClick={props.onClick}
      className="grid size-6 place-items-center rounded-full ring-1 ring-foreground/15 ring-inset hover:scale-110"
      style={{ background: props.color }}
    >
      {props.chosen ? <Check aria-hidden className="size-3.5 text-white mix-blend-difference" /> : null}
    </button>
  )
}
