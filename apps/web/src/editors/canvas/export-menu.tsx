'use client'
import { Download, FileImage, PenTool } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuChoice, MenuGroup, MenuItem, MenuSeparator } from '../../ui/menu.tsx'
import type { Stage } from './excalidraw.tsx'
import { download, fileNameOf, type PictureOptions } from './picture.ts'

type Background = PictureOptions['background']

interface ExportMenuProps {
  stage: Stage | null
  title: string
  empty: boolean
  /** How many elements are selected. */
  selected: number
}

/** Downloads of a canvas as a picture: all of it, or what is selected. */
export function ExportMenu({ stage, title, empty, selected }: ExportMenuProps) {
  const [background, setBackground] = useState<Background>('light')
  const [busy, setBusy] = useState(false)

  async function save(format: PictureOptions['format']): Promise<void> {
    if (!stage) return
    setBusy(true)
    try {
      const picture = await stage.picture({ format, background, selection: selected > 0 })
      download(picture, fileNameOf(title, format))
    } catch {
      toast.error('The picture could not be made', {
        description: 'It may be too large for this browser. Select a part of the canvas, or export it as SVG.',
      })
    } finally {
      setBusy(false)
    }
  }

  const what = selected > 0 ? (selected === 1 ? '1 selected element' : `${selected} selected elements`) : 'Whole canvas'
  return (
    <Menu
      align="end"
      className="min-w-56"
      trigger={
        <Button variant="ghost" size="small" busy={busy} disabled={!stage || empty} aria-label="Export">
          {busy ? null : <Download aria-hidden />}
          <span className="max-md:hidden">Export</span>
        </Button>
      }
    >
      <MenuGroup label={what}>
        <MenuItem onClick={() => void save('png')}>
          <FileImage aria-hidden />
          PNG image
        </MenuItem>
        <MenuItem onClick={() => void save('svg')}>
          <PenTool aria-hidden />
          SVG drawing
        </MenuItem>
      </MenuGroup>
      <MenuSeparator />
      <MenuChoice<Background>
        label="Background"
        value={background}
        onChange={setBackground}
        choices={[
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
          { value: 'none', label: 'Transparent' },
        ]}
      />
    </Menu>
  )
}
