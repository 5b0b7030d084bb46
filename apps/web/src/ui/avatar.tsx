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

/** Up to two initials, whole characters also beyond the basic plane. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const first = [...(words[0] ?? '')][0] ?? '?'
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : ''
  return (first + last).toLocaleUpperCase()
}
