'use client'
import { type Cover, cover as coverOf, fileApi, MAX_FILE_BYTES, type Resource } from '@realtime/contracts'
import { ImagePlus } from 'lucide-react'
import { type ReactElement, useRef, useState } from 'react'
import { toast } from 'sonner'
import { messageOf } from '../../account/problems.ts'
import { api } from '../../api.ts'
import { useFileLinks } from '../../editors/slides/view/file-links.ts'
import { Button } from '../../ui/button.tsx'
import { Popover } from '../../ui/popover.tsx'
import { useDecorate } from '../../workspace/changes.ts'

export type CoverColor = Extract<Cover, { type: 'color' }>['color']

/** The colours of covers: soft enough for both themes. */
export const coverColors: Record<CoverColor, string> = {
  slate: 'linear-gradient(120deg, #94a3b8, #64748b)',
  red: 'linear-gradient(120deg, #fca5a5, #ef7676)',
  amber: 'linear-gradient(120deg, #fcd980, #f0b04d)',
  green: 'linear-gradient(120deg, #a7dcae, #5fb57a)',
  teal: 'linear-gradient(120deg, #97dcd7, #46aaa8)',
  blue: 'linear-gradient(120deg, #a3c4f7, #5c8fe6)',
  violet: 'linear-gradient(120deg, #c6b8f5, #8b74de)',
  pink: 'linear-gradient(120deg, #f6bdd8, #e27fae)',
}
const colors = Object.keys(coverColors) as CoverColor[]

/** The band above a page. */
export function CoverBand({ document, editable }: { document: Resource; editable: boolean }) {
  const { cover } = document
  const file = cover?.type === 'file' ? cover.file : null
  const images = useFileLinks(document.id, file ? [file] : [])
  if (!cover) return null
  const url = file ? images(file) : null
  return (
    <div className="group/cover relative h-40 shrink-0 overflow-hidden bg-muted max-sm:h-28" data-testid="cover">
      {cover.type === 'color' ? (
        <div aria-hidden className="size-full dark:opacity-80" style={{ background: coverColors[cover.color] }} />
      ) : url ? (
        // biome-ignore lint/performance/noImgElement: a signed address of the server
        <img src={url} alt="" className="size-full object-cover" />
      ) : null}
      {editable ? (
        <div className="absolute right-3 bottom-3 opacity-0 transition-opacity duration-100 focus-within:opacity-100 group-hover/cover:opacity-100 has-data-popup-open:opacity-100 pointer-coarse:opacity-100">
          <CoverPopover
            document={document}
            trigger={
              <Button variant="outline" size="small" className="max-sm:h-9">
                Change cover
              </Button>
            }
          />
        </div>
      ) : null}
    </div>
  )
}

/** Chooses what stands above a page: a colour, or a picture of one's own. */
export function CoverPopover({ document, trigger }: { document: Resource; trigger: ReactElement }) {
  const [open, setOpen] = useState(false)
  const [uploading, setUploading] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const decorate = useDecorate()

  function choose(cover: Cover | null) {
    setOpen(false)
    decorate.mutate({ document, cover })
  }

  async function upload(file: File) {
    if (file.size > MAX_FILE_BYTES) {
      toast.error('The picture is larger than 25 MB')
      return
    }
    setUploading(true)
    try {
      const body = new Uint8Array(await file.arrayBuffer())
      const stored = await api(fileApi.uploadImage, { params: { id: document.id }, body })
      choose(coverOf.parse({ type: 'file', file: stored.id }))
    } catch (error) {
      toast.error('The picture was not stored', { description: messageOf(error) })
    } finally {
      setUploading(false)
    }
  }

  return (
    <Popover trigger={trigger} title="Cover" open={open} onOpenChange={setOpen} align="start" className="w-72">
      <div className="grid grid-cols-4 gap-2">
        {colors.map((color) => (
          <button
            key={color}
            type="button"
            aria-label={color}
            aria-pressed={document.cover?.type === 'color' && document.cover.color === color}
            onClick={() => choose({ type: 'color', color })}
            className="h-11 rounded-md ring-ring ring-offset-2 ring-offset-popover aria-pressed:ring-2"
            style={{ background: coverColors[color] }}
          />
        ))}
      </div>
      <div className="mt-3 flex gap-2">
        <input
          ref={input}
          type="file"
          accept="image/*"
          className="sr-only"
          tabIndex={-1}
          aria-hidden
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? []
            event.currentTarget.value = ''
            if (file) void upload(file)
          }}
        />
        <Button
          variant="outline"
          size="small"
          busy={uploading}
          className="flex-1 max-sm:h-10"
          onClick={() => input.current?.click()}
        >
          {uploading ? null : <ImagePlus aria-hidden />}
          Picture…
        </Button>
        {document.cover ? (
          <Button variant="outline" size="small" className="max-sm:h-10" onClick={() => choose(null)}>
            Remove
          </Button>
        ) : null}
      </div>
    </Popover>
  )
}
