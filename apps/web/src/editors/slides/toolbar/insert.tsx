'use client'
import { Menu as Base } from '@base-ui/react/menu'
import { addElements, type ElementCopy, type ShapeForm, STAGE, shapeForms } from '@realtime/resources'
import { ArrowRight, ChevronDown, Image, Minus, MoveHorizontal, Shapes, Slash, Type } from 'lucide-react'
import { useRef } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { textBox } from '../stage/clipboard.ts'
import { useStudio } from '../studio/studio.ts'
import { shapeGeometry } from '../view/shape.ts'
import { Tool } from './tool.tsx'

const formNames: Record<ShapeForm, string> = {
  rectangle: 'Rectangle',
  rounded: 'Rounded rectangle',
  ellipse: 'Ellipse',
  triangle: 'Triangle',
  diamond: 'Diamond',
  arrow: 'Arrow',
  star: 'Star',
  speech: 'Speech bubble',
}

const lines: { label: string; icon: typeof Slash; fields: Partial<ElementCopy> }[] = [
  { label: 'Line', icon: Minus, fields: {} },
  { label: 'Dashed line', icon: Slash, fields: { dashed: true } },
  { label: 'Arrow', icon: ArrowRight, fields: { end: 'arrow' } },
  { label: 'Arrow both ways', icon: MoveHorizontal, fields: { start: 'arrow', end: 'arrow' } },
]

/** What can be put on a slide. */
export function InsertTools() {
  const { doc, slide, stage, change, select, write, addImages } = useStudio()
  const file = useRef<HTMLInputElement>(null)

  /** Adds an element in the middle; the next one a step aside, so that none hides another. */
  function insert(copy: ElementCopy): string | undefined {
    if (!slide) return undefined
    const taken = (x: unknown, y: unknown) => slide.elements.some((one) => one.x === x && one.y === y)
    let { x, y } = copy as unknown as { x: number; y: number }
    while (taken(x, y)) {
      x += 20
      y += 20
    }
    const id = change(() => addElements(doc, slide.id, [{ ...copy, x, y }]))?.[0]
    if (id) select([id])
    return id
  }
  const shape = (form: ShapeForm) => {
    const square = form === 'star' || form === 'ellipse' || form === 'diamond'
    const [width, height] = square ? [180, 180] : form === 'arrow' ? [220, 120] : [220, 140]
    insert({ type: 'shape', form, ...middle(width, height), width, height, fill: 'accent', fontSize: 18 })
  }

  return (
    <>
      <Tool
        icon={Type}
        label="Text box"
        disabled={!slide}
        onClick={() => {
          const id = insert(textBox())
          if (id) write(id)
        }}
      />
      <Menu
        className="min-w-0 p-2"
        finalFocus={stage}
        trigger={
          <Button
            variant="ghost"
            size="icon"
            aria-label="Shape"
            disabled={!slide}
            className="h-8 w-auto gap-0.5 px-2 text-foreground/80 max-md:h-10 [&_svg]:size-[17px]"
          >
            <Shapes />
            <ChevronDown className="size-3! opacity-60" />
          </Button>
        }
      >
        <div className="grid grid-cols-4 gap-1">
          {shapeForms.map((form) => (
            <Base.Item
              key={form}
              aria-label={formNames[form]}
              title={formNames[form]}
              onClick={() => shape(form)}
              className="grid size-11 cursor-default place-items-center rounded-md outline-none data-highlighted:bg-accent"
            >
              <svg aria-hidden viewBox="-2 -2 34 28" className="w-7 overflow-visible">
                <path
                  d={shapeGeometry(form, 30, 22).path}
                  fill="none"
                  stroke="currentColor"
                  strokeWidth="1.75"
                  strokeLinejoin="round"
                />
              </svg>
            </Base.Item>
          ))}
        </div>
      </Menu>
      <Menu
        finalFocus={stage}
        trigger={
          <Button
            variant="ghost"
            size="icon"
            aria-label="Line"
            disabled={!slide}
            className="h-8 w-auto gap-0.5 px-2 text-foreground/80 max-md:h-10 [&_svg]:size-[17px]"
          >
            <Slash />
            <ChevronDown className="size-3! opacity-60" />
          </Button>
        }
      >
        {lines.map(({ label, icon: Icon, fields }) => (
          <MenuItem
            key={label}
            onClick={() => insert({ ...fields, type: 'line', ...middle(240, 0), width: 240, height: 0 })}
          >
            <Icon />
            {label}
          </MenuItem>
        ))}
      </Menu>
      <Tool icon={Image} label="Picture" disabled={!slide} onClick={() => file.current?.click()} />
      <input
        ref={file}
        type="file"
        accept="image/*"
        multiple
        hidden
        data-testid="picture-file"
        onChange={(event) => {
          addImages([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
    </>
  )
}

function middle(width: number, height: number): { x: number; y: number } {
  return { x: (STAGE.width - width) / 2, y: (STAGE.height - height) / 2 }
}
