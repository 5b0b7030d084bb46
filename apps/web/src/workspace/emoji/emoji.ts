import words from 'emojilib/dist/emoji-en-US.json'
import groups from 'unicode-emoji-json/data-by-group.json'

export interface Emoji {
  emoji: string
  name: string
}

export interface EmojiGroup {
  name: string
  emoji: Emoji[]
}

/** Newer ones than this are empty boxes on many devices. */
const NEWEST = 15

/** All emoji by groups, in the order of Unicode. */
export const emojiGroups: EmojiGroup[] = groups.map((group) => ({
  name: group.name,
  emoji: group.emojis.filter((one) => Number(one.emoji_version) <= NEWEST).map(({ emoji, name }) => ({ emoji, name })),
}))

const keywords = words as Record<string, string[]>

/** The emoji whose name or keywords have words beginning with each of those typed; those named so first. */
export function findEmoji(typed: string, most = 90): Emoji[] {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return []
  const all = emojiGroups.flatMap((group) => group.emoji)
  const scored = all.map((one) => ({ one, score: scoreOf(one, wanted) })).filter(({ score }) => score > 0)
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ one }) => one)
}

function scoreOf({ emoji, name }: Emoji, wanted: string[]): number {
  if (wanted.length === 1 && wanted[0] === emoji) return 3
  const named = name.toLowerCase().split(/[\s:_-]+/)
  const known = (keywords[emoji] ?? []).flatMap((word) => word.toLowerCase().split('_'))
  const begins = (list: string[], word: string) => list.some((one) => one.startsWith(word))
  if (wanted.every((word) => begins(named, word))) return named.join(' ') === wanted.join(' ') ? 3 : 2
  return wanted.every((word) => begins(named, word) || begins(known, word)) ? 1 : 0
}
