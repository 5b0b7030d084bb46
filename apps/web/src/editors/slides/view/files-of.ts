import type { Slide } from '@realtime/resources'

/** The files that slides show, each once. */
export function filesOf(slides: readonly Slide[]): string[] {
  const files = slides.flatMap((slide) =>
    slide.elements.flatMap((element) => (element.type === 'image' ? [element.file] : [])),
  )
  return [...new Set(files)]
}
