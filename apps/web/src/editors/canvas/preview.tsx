'use client'
import type { PreviewProps } from '../editors.ts'

export function CanvasPreview(_props: PreviewProps) {
  return <div className="min-h-0 flex-1" />
}
