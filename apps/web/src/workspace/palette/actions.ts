/** How well words typed fit an action: 0 when some do not occur; what begins with them comes first. */
export function rank(text: string, typed: string): number {
  const name = text.toLocaleLowerCase()
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  if (!words.every((word) => name.includes(word))) return 0
  return name.startsWith(words.join(' ')) ? 1 : words.every((word) => ` ${name}`.includes(` ${word}`)) ? 0.8 : 0.5
}

/** Those that fit what was typed, best first; all of them before anything is. */
export function fitting<T extends { words: string }>(all: readonly T[], typed: string): T[] {
  if (typed.trim() === '') return [...all]
  return all
    .map((one) => ({ one, score: rank(one.words, typed) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ one }) => one)
}
