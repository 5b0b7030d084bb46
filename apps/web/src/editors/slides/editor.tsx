'use client'
import type { EditorProps } from '../editors.ts'

export function SlidesEditor(_props: EditorProps) {
  return <div className="min-h-0 flex-1" />
}
