'use client'
import { Download, FileImage, PenTool } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import { Button } from '../../ui/button.tsx'
import { download, fileNameOf } from '../../ui/download.ts'
import { Menu, MenuChoice, MenuGroup, MenuItem, MenuSeparator } from '../../ui/menu.tsx'
import type { Stage } from './excalidraw.tsx'
import type { PictureOptions } from './picture.ts'

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

  async function save(format: PictureOptions['format'], selection: boolean): Promise<void> {
    if (!stage) return
    setBusy(true)
    try {
      const picture = await stage.picture({ format, background, selection })
      download(picture, fileNameOf(title, format, 'Canvas'))
    } catch {
      toast.error('The picture could not be made', {
        description: 'It may be too large for this browser. Select a part of the canvas, or export it as SVG.',
      })
    } finally {
      setBusy(false)
    }
  }

  const items = (selection: boolean) => (
    <>
      <MenuItem onClick={() => void save('png', selection)}>
        <FileImage aria-hidden />
        PNG image
      </MenuItem>
      <MenuItem onClick={() => void save('svg', selection)}>
        <PenTool aria-hidden />
        SVG drawing
      </MenuItem>
    </>
  )
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
      <MenuGroup label="Whole canvas">{items(false)}</MenuGroup>
      {selected > 0 ? (
        <>
          <MenuSeparator />
          <MenuGroup label={selected === 1 ? 'The selected element' : `${selected} selected elements`}>
            {items(true)}
          </MenuGroup>
        </>
      ) : null}
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
