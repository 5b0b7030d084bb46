'use client'
import type { TextStyle } from '@realtime/resources'
import {
  AlignCenter,
  AlignLeft,
  AlignRight,
  AlignVerticalJustifyCenter,
  AlignVerticalJustifyEnd,
  AlignVerticalJustifyStart,
  ChevronDown,
} from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { Menu, MenuChoice } from '../../../ui/menu.tsx'

const aligns = [
  { value: 'left', name: 'Left', icon: AlignLeft },
  { value: 'center', name: 'Center', icon: AlignCenter },
  { value: 'right', name: 'Right', icon: AlignRight },
] as const
const valigns = [
  { value: 'top', name: 'Top', icon: AlignVerticalJustifyStart },
  { value: 'middle', name: 'Middle', icon: AlignVerticalJustifyCenter },
  { value: 'bottom', name: 'Bottom', icon: AlignVerticalJustifyEnd },
] as const

interface AlignToolProps {
  align: TextStyle['align'] | undefined
  valign: TextStyle['valign'] | undefined
  onAlign(align: TextStyle['align']): void
  onValign(valign: TextStyle['valign']): void
}

/** Where text stands in its box, across and up and down. */
export function AlignTool({ align, valign, onAlign, onValign }: AlignToolProps) {
  const Icon = aligns.find(({ value }) => value === align)?.icon ?? AlignLeft
  return (
    <Menu
      className="min-w-40"
      trigger={
        <Button
          variant="ghost"
          size="icon"
          aria-label="Alignment"
          title="Alignment"
          className="h-8 w-auto gap-0.5 px-1.5 text-foreground/80 max-md:h-10 [&_svg]:size-[17px]"
        >
          <Icon />
          <ChevronDown className="size-3! opacity-60" />
        </Button>
      }
    >
      <MenuChoice label="Across" value={align ?? ('' as never)} onChange={onAlign} choices={aligns.map(choiceOf)} />
      <MenuChoice
        label="Up and down"
        value={valign ?? ('' as never)}
        onChange={onValign}
        choices={valigns.map(choiceOf)}
      />
    </Menu>
  )
}

function choiceOf<T extends string>({ value, name, icon: Icon }: { value: T; name: string; icon: typeof AlignLeft }) {
  return {
    value,
    label: (
      <>
        <Icon />
        {name}
      </>
    ),
  }
}
