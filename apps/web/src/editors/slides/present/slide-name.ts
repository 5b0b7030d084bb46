import { plainText, type Slide } from '@realtime/resources'

/** What a slide is called: the words of its title, else its first words. */
export function slideName(slide: Slide | undefined): string {
  const boxes = (slide?.elements ?? []).filter((element) => element.type === 'text' || element.type === 'shape')
  const title = boxes.find((element) => element.type === 'text' && element.role === 'title')
  const words = [title, ...boxes].map((element) => (element ? plainText(element.text).trim() : ''))
  const found = words.find((text) => text !== '') ?? ''
  return found.split('\n', 1)[0]?.slice(0, 120) || 'Untitled'
}
