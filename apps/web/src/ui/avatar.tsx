import { colorOf } from '@realtime/contracts'
import { cn } from './classes.ts'

interface AvatarProps {
  name: string
  image?: string | null
  /** Colour of the disc; by default the one of `name`. */
  color?: string
  className?: string
}

/** The picture of a person, or their initials on their colour. Decorative: the name stands beside it or in a label. */
export function Avatar({ name, image, color, className }: AvatarProps) {
  const style = { backgroundColor: color ?? colorOf(name) }
  return (
    <span
      aria-hidden
      className={cn(
        'inline-grid size-7 shrink-0 select-none place-items-center overflow-hidden rounded-full font-semibold text-[11px] text-white',
        className,
      )}
      style={style}
    >
      {/* biome-ignore lint/performance/noImgElement: images are not optimized by the server */}
      {image ? <img src={image} alt="" className="size-full object-cover" /> : initialsOf(name)}
    </span>
  )
}

/** Up to two initials, as people see them: an emoji is one, and fills the disc alone; letters are not joined. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const first = firstOf(words[0] ?? '') ?? '?'
  const last = words.length > 1 ? firstOf(words.at(-1) ?? '') : undefined
  if (!last || EMOJI.test(first) || EMOJI.test(last)) return first.toLocaleUpperCase()
  return (joined.test(first) ? `${first}\u200c${last}` : first + last).toLocaleUpperCase()
}

const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u
/** Of scripts whose letters grow together, so that two initials would read as a word. */
const joined = /\p{Script=Arabic}|\p{Script=Syriac}/u
// Firefox has it since 125: before, whole code points have to do.
const segmenter = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter() : null

function firstOf(word: string): string | undefined {
  return segmenter ? segmenter.segment(word)[Symbol.iterator]().next().value?.segment : [...word][0]
}
