'use client'
import { bindCanvas } from '@realtime/resources'
import { useTheme } from 'next-themes'
import { useEffect, useRef, useState } from 'react'
import type { PreviewProps } from '../editors.ts'
import './canvas.css'
import { CanvasStage, type Stage } from './excalidraw.tsx'
import { Hint } from './hint.tsx'
import { followImages, type Images } from './images.ts'
import { imageSource } from './source.ts'

const nothing = () => {}

/** A canvas as it was, to look around in. */
export function CanvasPreview({ documentId, doc }: PreviewProps) {
  const { resolvedTheme } = useTheme()
  const images = useRef<Images | null>(null)
  const [stage, setStage] = useState<Stage | null>(null)
  const [count, setCount] = useState<number | null>(null)

  useEffect(() => {
    if (!stage) return
    // What was shown of another state does not belong to this one.
    stage.show([])
    const binding = bindCanvas({ doc, scene: stage, editable: false })
    const following = followImages({
      stage,
      source: imageSource(documentId),
      editable: () => false,
      onTrouble: nothing,
      onUnstored: nothing,
    })
    images.current = following
    following.changed()
    setCount(stage.elements().filter((element) => !element.isDeleted).length)
    stage.fit()
    return () => {
      images.current = null
      following.destroy()
      binding.destroy()
    }
  }, [stage, doc, documentId])

  return (
    <section
      aria-label="Canvas"
      data-testid="preview"
      data-elements={count ?? undefined}
      className="canvas is-preview relative isolate min-h-0 flex-1"
    >
      <CanvasStage
        editable={false}
        theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
        onReady={(made) => {
          setStage(made)
          return () => setStage(null)
        }}
        onChange={() => images.current?.changed()}
        onView={nothing}
        onError={nothing}
      />
      {count === 0 ? <Hint editable={false} /> : null}
    </section>
  )
}
