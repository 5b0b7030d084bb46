'use client'
import { layoutOf, type Slide } from '@realtime/resources'
import { ImagePlus } from 'lucide-react'
import { useRef } from 'react'
import { useStudio } from '../studio/studio.ts'

/** Where a layout wants a picture, until there is one: a place to choose it. In logical pixels. */
export function PicturePlace({ slide }: { slide: Slide }) {
  const { addImages, theme } = useStudio()
  const input = useRef<HTMLInputElement>(null)
  const { picture } = layoutOf(slide.layout)
  if (!picture || slide.elements.some(({ type }) => type === 'image')) return null
  const { x: left, y: top, width, height } = picture
  return (
    <>
      <button
        type="button"
        onClick={() => input.current?.click()}
        className="absolute flex flex-col items-center justify-center gap-3 border-2 border-current/15 border-dashed bg-current/5 font-sans text-[17px] opacity-70 hover:opacity-100"
        style={{ left, top, width, height, color: theme.palette.text }}
      >
        <ImagePlus aria-hidden size={40} strokeWidth={1.25} />
        Add a picture
      </button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        onChange={(event) => {
          addImages([...(event.target.files ?? [])], picture)
          event.target.value = ''
        }}
      />
    </>
  )
}
