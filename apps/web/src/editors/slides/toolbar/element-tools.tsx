'use client'
import {
  type Direction,
  deleteElements,
  duplicateElements,
  type LineElement,
  reorderElements,
  type ShapeElement,
  type Style,
  setStyle,
} from '@realtime/resources'
import {
  ArrowDown,
  ArrowDownToLine,
  ArrowUp,
  ArrowUpToLine,
  Copy,
  Layers,
  type LucideIcon,
  PaintBucket,
  PenLine,
  Trash2,
} from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { Kbd } from '../../../ui/kbd.tsx'
import { Menu, MenuChoice, MenuItem } from '../../../ui/menu.tsx'
import { useStudio } from '../studio/studio.ts'
import { AltText } from './alt-text.tsx'
import { ColorTool } from './color-tool.tsx'
import { Divider, Tool, toolStyle } from './tool.tsx'

type Stroked = ShapeElement | LineElement

const orders: { direction: Direction; label: string; keys: string; icon: LucideIcon }[] = [
  { direction: 'front', label: 'Bring to front', keys: 'Mod+Shift+]', icon: ArrowUpToLine },
  { direction: 'forward', label: 'Bring forward', keys: 'Mod+]', icon: ArrowUp },
  { direction: 'backward', label: 'Send backward', keys: 'Mod+[', icon: ArrowDown },
  { direction: 'back', label: 'Send to back', keys: 'Mod+Shift+[', icon: ArrowDownToLine },
]
const widths = ['1', '2', '3', '4', '6', '8', '12']
const opacities = ['1', '0.8', '0.6', '0.4', '0.2']
const ends = [
  { value: 'none none', label: 'No arrow' },
  { value: 'none arrow', label: 'Arrow at the end' },
  { value: 'arrow none', label: 'Arrow at the start' },
  { value: 'arrow arrow', label: 'Arrow at both ends' },
] as const

/** How what is selected looks, lies over the rest, and goes away. */
export function ElementTools() {
  const { doc, slide, stage, theme, selected, change, select } = useStudio()
  const first = selected[0]
  if (!first || !slide) return null
  const ids = selected.map(({ id }) => id)
  const shapes = selected.filter((element) => element.type === 'shape')
  const stroked = selected.filter((element): element is Stroked => element.type === 'shape' || element.type === 'line')
  const line = selected.find((element) => element.type === 'line')
  const style = (next: Style) => change(() => setStyle(doc, slide.id, ids, next))
  const one = stroked[0]

  return (
    <>
      {one ? <Divider /> : null}
      {shapes[0] ? (
        <ColorTool
          label="Fill"
          icon={PaintBucket}
          theme={theme}
          value={shapes.every(({ fill }) => fill === shapes[0]?.fill) ? shapes[0].fill : undefined}
          none="None"
          onChange={(fill) => style({ fill })}
        />
      ) : null}
      {one ? (
        <>
          <ColorTool
            label={line ? 'Line color' : 'Outline'}
            icon={PenLine}
            theme={theme}
            value={stroked.every(({ stroke }) => stroke === one.stroke) ? one.stroke : undefined}
            {...(line ? {} : { none: 'None' })}
            onChange={(stroke) => style({ stroke })}
          />
          <Menu
            finalFocus={stage}
            trigger={
              <Button
                variant="ghost"
                size="icon"
                aria-label="Thickness of the line"
                className="h-8 w-auto px-2 text-[13px] text-foreground/80 tabular-nums max-md:h-10"
              >
                {one.strokeWidth} px
              </Button>
            }
          >
            <MenuChoice
              label="Thickness"
              value={String(one.strokeWidth)}
              onChange={(width) => style({ strokeWidth: Number(width) })}
              choices={widths.map((value) => ({ value, label: `${value} px` }))}
            />
            {line ? (
              <>
                <MenuChoice
                  label="Stroke"
                  value={line.dashed ? 'dashed' : 'solid'}
                  onChange={(next) => style({ dashed: next === 'dashed' })}
                  choices={[
                    { value: 'solid', label: 'Solid' },
                    { value: 'dashed', label: 'Dashed' },
                  ]}
                />
                <MenuChoice
                  label="Ends"
                  value={`${line.start} ${line.end}` as const}
                  onChange={(next) => {
                    const [start, end] = next.split(' ') as [LineElement['start'], LineElement['end']]
                    style({ start, end })
                  }}
                  choices={ends}
                />
              </>
            ) : null}
          </Menu>
        </>
      ) : null}
      {first.type === 'image' && selected.length === 1 ? <AltText image={first} /> : null}
      <Divider />
      <Menu
        finalFocus={stage}
        trigger={
          <Button variant="ghost" size="icon" aria-label="Order and opacity" className={toolStyle}>
            <Layers />
          </Button>
        }
        className="min-w-60"
      >
        {orders.map(({ direction, label, keys, icon: Icon }) => (
          <MenuItem key={direction} onClick={() => change(() => reorderElements(doc, slide.id, ids, direction))}>
            <Icon />
            <span className="flex-1">{label}</span>
            <Kbd keys={keys} />
          </MenuItem>
        ))}
        <MenuChoice
          label="Opacity"
          value={String(first.opacity)}
          onChange={(opacity) => style({ opacity: Number(opacity) })}
          choices={opacities.map((value) => ({ value, label: `${Number(value) * 100} %` }))}
        />
      </Menu>
      <Tool
        icon={Copy}
        label="Duplicate"
        className="md:max-xl:hidden"
        keys="Mod D"
        onClick={() => select(change(() => duplicateElements(doc, slide.id, ids)) ?? [])}
      />
      <Tool icon={Trash2} label="Delete" onClick={() => change(() => deleteElements(doc, slide.id, ids))} />
    </>
  )
}
