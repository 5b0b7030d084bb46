'use client'
import { type ImageElement, setStyle } from '@realtime/resources'
import { useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Popover } from '../../../ui/popover.tsx'
import { useStudio } from '../studio/studio.ts'

/** What a picture shows, in words, for those who do not see it. */
export function AltText({ image }: { image: ImageElement }) {
  const { doc, slide, change } = useStudio()
  const [open, setOpen] = useState(false)
  return (
    <Popover
      title="Description"
      description="Read aloud to those who do not see the picture."
      align="start"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button variant="ghost" size="small" className="h-8 px-2 text-foreground/80 max-md:h-10">
          {image.alt ? 'Edit description' : 'Describe'}
        </Button>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const alt = String(new FormData(event.currentTarget).get('alt') ?? '').trim()
          if (slide) change(() => setStyle(doc, slide.id, [image.id], { alt }))
          setOpen(false)
        }}
      >
        <textarea
          name="alt"
          aria-label="Description of the picture"
          defaultValue={image.alt}
          maxLength={1_000}
          rows={3}
          className="w-full resize-none rounded-md border border-field bg-background p-2 text-[13px] outline-none focus-visible:border-ring"
        />
        <Button type="submit" size="small" className="mt-2">
          Save
        </Button>
      </form>
    </Popover>
  )
}
