'use client'
import { Menu as Base } from '@base-ui/react/menu'
import { colorVariable, type Layout, layouts, type Slide, type Theme, themeVariables } from '@realtime/resources'
import type { CSSProperties, ReactElement } from 'react'
import { cn } from '../../../ui/classes.ts'
import { Menu } from '../../../ui/menu.tsx'

interface LayoutPickerProps {
  trigger: ReactElement
  title: string
  theme: Theme
  /** The layout that is there already. */
  current?: Slide['layout']
  align?: 'start' | 'center' | 'end'
  onChoose(layout: string): void
}

/** A menu of layouts, each as a small picture in the colors of the theme. */
export function LayoutPicker({ trigger, title, theme, current, align, onChoose }: LayoutPickerProps) {
  return (
    <Menu trigger={trigger} align={align ?? 'start'} className="w-[min(22rem,calc(100vw-1rem))] p-2">
      <Base.Group>
        <Base.GroupLabel className="px-1 pt-0.5 pb-2 font-medium text-muted-foreground text-xs">
          {title}
        </Base.GroupLabel>
        <div className="grid grid-cols-3 gap-1.5">
          {layouts.map((layout) => (
            <Base.Item
              key={layout.id}
              onClick={() => onChoose(layout.id)}
              className="cursor-default rounded-md p-1 outline-none data-highlighted:bg-accent"
            >
              <LayoutPicture layout={layout} theme={theme} chosen={layout.id === current} />
              <span className="mt-1 block truncate text-center text-[11px] text-muted-foreground">{layout.name}</span>
            </Base.Item>
          ))}
        </div>
      </Base.Group>
    </Menu>
  )
}

function LayoutPicture({ layout, theme, chosen }: { layout: Layout; theme: Theme; chosen: boolean }) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 960 540"
      className={cn('w-full rounded-[3px]', chosen ? 'ring-2 ring-primary' : 'ring-1 ring-border')}
      style={
        { ...themeVariables(theme), background: colorVariable(layout.background ?? 'background') } as CSSProperties
      }
    >
      {layout.picture ? (
        <g>
          <rect {...layout.picture} fill="var(--deck-surface)" />
          <circle cx={layout.picture.x + 170} cy="200" r="38" fill="var(--deck-muted)" opacity="0.5" />
          <path
            d={`M${layout.picture.x + 60} 400l110-130 80 90 60-60 110 100z`}
            fill="var(--deck-muted)"
            opacity="0.5"
          />
        </g>
      ) : null}
      {layout.boxes.map((box, index) => {
        const rows = box.role === 'body' ? Math.min(5, Math.floor(box.height / 62)) : 1
        const size = box.role === 'title' ? 44 : 24
        const begin =
          box.valign === 'bottom'
            ? box.y + box.height - size - 14
            : box.valign === 'middle'
              ? box.y + (box.height - rows * 52) / 2
              : box.y + 14
        return Array.from({ length: rows }, (_, row) => {
          const width = box.width * (box.role === 'title' ? 0.72 : row === rows - 1 ? 0.55 : 0.92)
          return (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: a picture without state
              key={`${index} ${row}`}
              x={box.align === 'center' ? box.x + (box.width - width) / 2 : box.x}
              y={begin + row * 52}
              width={width}
              height={size}
              rx="8"
              fill={colorVariable(box.color)}
              opacity={box.role === 'title' ? 0.85 : 0.35}
            />
          )
        })
      })}
    </svg>
  )
}
