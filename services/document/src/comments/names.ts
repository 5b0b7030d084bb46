/** Takes letters for equal that differ by case, accents and strokes only. */
const letters = new Intl.Collator('en', { sensitivity: 'base', usage: 'search' })

/** Whether a word of a name begins with `q`, or it and the words that follow do; by letters, whatever their accents. */
export function hasWord(name: string, q: string): boolean {
  const wanted = q.trim().replace(/\s+/g, ' ').normalize('NFC')
  if (wanted === '') return true
  const line = name.replace(/\s+/g, ' ').normalize('NFC')
  const starts = [...line.matchAll(/(?<![\p{L}\p{N}\p{M}])[\p{L}\p{N}]|(?<=\s|^)\S/gu)].map(({ index }) => index)
  return starts.some((start) => beginsWith(line.slice(start), wanted))
}

/** A beginning that equals another may be shorter or longer, as `ß` is than `ss`. */
function beginsWith(text: string, wanted: string): boolean {
  const longest = Math.min(text.length, 2 * wanted.length)
  for (let length = Math.ceil(wanted.length / 2); length <= longest; length++) {
    if (letters.compare(text.slice(0, length), wanted) === 0) return true
  }
  return false
}
