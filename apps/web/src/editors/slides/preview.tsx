'use client'
import type { PreviewProps } from '../editors.ts'

export function SlidesPreview(_props: PreviewProps) {
  return <div className="min-h-0 flex-1" />
}
