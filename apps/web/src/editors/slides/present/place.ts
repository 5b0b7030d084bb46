import type { Slide } from '@realtime/resources'
import type { Command } from './keys.ts'

/** Where a show stands: a slide, and its number for the time after somebody deleted it. */
export interface Place {
  slide: string | null
  /** From 0, among the slides shown. */
  index: number
}

/** The slides of a show: hidden ones are left out. */
export function shown(slides: readonly Slide[]): Slide[] {
  return slides.filter((slide) => !slide.hidden)
}

/** Where a show begins: at a slide, at the next one shown if that is hidden, else at the first. */
export function placeAt(slides: readonly Slide[], slide: string | null): Place {
  const at = slides.findIndex((one) => one.id === slide)
  const from = Math.max(at, 0)
  const begin = slides.slice(from).find((one) => !one.hidden) ?? slides.slice(0, from).findLast((one) => !one.hidden)
  return resolve(shown(slides), { slide: begin?.id ?? null, index: 0 })
}

/** A place among the slides as they are now; where its slide is gone, the one that took its number. */
export function resolve(list: readonly Slide[], place: Place): Place {
  const at = list.findIndex((slide) => slide.id === place.slide)
  const index = at >= 0 ? at : Math.max(0, Math.min(place.index, list.length - 1))
  return { slide: list[index]?.id ?? null, index }
}

/** Where a command leads; the same place where it leads nowhere. */
export function moved(list: readonly Slide[], place: Place, command: Command): Place {
  const now = resolve(list, place)
  const to = (index: number): Place => {
    const sound = Math.max(0, Math.min(index, list.length - 1))
    return sound === now.index ? place : { slide: list[sound]?.id ?? null, index: sound }
  }
  if (typeof command === 'object') return to(command.goto - 1)
  switch (command) {
    case 'next':
      return to(now.index + 1)
    case 'previous':
      return to(now.index - 1)
    case 'first':
      return to(0)
    case 'last':
      return to(list.length - 1)
    default:
      return place
  }
}
