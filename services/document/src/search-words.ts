/**
 * How search takes texts and questions apart. Scripts with spaces have words, which begin and end somewhere; those
 * without (and Korean, whose words grow endings) have characters that match wherever they stand; so have symbols.
 * docs/decisions/0016-search.md says why.
 */

/** Stands before, between and after words; in no text. */
const MARK = '\u0001'

const DENSE =
  '\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Hang}\\p{scx=Bopo}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}'
const LETTER = '\\p{L}\\p{N}\\p{M}'
const dense = `[[${LETTER}]&&[${DENSE}]]`
const word = `[[${LETTER}]--[${DENSE}]]`
const RUNS = new RegExp(`(?<dense>${dense}+)|(?<word>${word}+)|(?<symbol>[^\\s\\p{C}${LETTER}]+)`, 'gv')
/** Says how characters are drawn, and is none. */
const DRAWING = /\p{Cf}|\uFE0E|\uFE0F/gu
/** That which nobody misses where text is shown: soft hyphens, and marks of direction and of order. */
const HIDDEN = /[\u00AD\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/g
const QUOTES: Record<string, string> = { '‘': "'", '’': "'", '“': '"', '”': '"' }

/** Characters of a text that are searched; nobody reads that far before giving better words. */
const MOST_CHARACTERS = 100_000

/** What is kept of a resource for search. */
export interface SearchableText {
  /** As excerpts show it. */
  body: string
  foldedTitle: string
  /** Words of title and body. */
  folded: string
  grams: string[]
}

/** Makes of a title and the plain text below it what search keeps of them. */
export function searchableText(title: string, text: string): SearchableText {
  const heading = normalText(title)
  const body = normalText(text.slice(0, MOST_CHARACTERS))
  const foldedTitle = foldWords(heading)
  // No word goes from one into the other: two marks stand between them.
  return { body, foldedTitle, folded: foldedTitle + foldWords(body), grams: gramsOf(`${heading}\n${body}`) }
}

interface Run {
  type: 'dense' | 'word' | 'symbol'
  text: string
}

/** One word of a question: how the database and how an excerpt finds it. */
export interface SearchWord {
  /** A pattern of LIKE for what `foldWords` answers. */
  pattern: string
  /** All of these are among the grams of a text that has it; may be empty. */
  grams: string[]
  /** A regular expression of the flags `iv` for what `normalText` answers. */
  expression: string
}

/** A text in one form of its characters (NFKC), without what is not to be seen; PostgreSQL takes it. */
export function normalText(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\uFFFD')
    .replace(/(?!\n)[\p{Cc}\s]/gu, ' ')
    .replace(HIDDEN, '')
    .normalize('NFKC')
}

/** The words of a text as they are compared: without case, marks around each, and no spaces. */
export function foldWords(text: string): string {
  return (
    MARK +
    runsOf(text)
      .map((run) => run.text + MARK)
      .join('')
  )
}

/** Characters and pairs of them in a text, each once: of scripts without spaces, and single symbols. */
export function gramsOf(text: string): string[] {
  const grams = new Set<string>()
  for (const run of runsOf(text)) {
    if (run.type === 'word') continue
    const characters = [...run.text]
    for (const character of characters) grams.add(character)
    if (run.type === 'dense') for (const pair of pairsOf(characters)) grams.add(pair)
  }
  return [...grams]
}

/** The words of a question. The last may be the beginning of one. */
export function searchWords(question: string): SearchWord[] {
  const tokens = normalText(question)
    .split(/\s+/)
    .map(runsOf)
    .filter((runs) => runs.length > 0)
  return tokens.map((runs, index) => wordOf(runs, index === tokens.length - 1))
}

function wordOf(runs: Run[], last: boolean): SearchWord {
  const begins = runs[0]?.type === 'word'
  const ends = runs.at(-1)?.type === 'word' && !last
  const pattern = (begins ? MARK : '') + runs.map((run) => run.text).join(MARK) + (ends ? MARK : '')
  const grams = runs.flatMap((run) => {
    if (run.type === 'word') return []
    const characters = [...run.text]
    return run.type === 'symbol' || characters.length === 1 ? characters : pairsOf(characters)
  })
  const expression = runs.map(expressionOf).join('\\s*')
  return {
    pattern: `%${pattern.replace(/[\\%_]/g, '\\$&')}%`,
    grams: [...new Set(grams)],
    expression: `${begins ? `(?<!${word})` : ''}${expression}${ends ? `(?!${word})` : ''}`,
  }
}

function expressionOf({ type, text }: Run): string {
  const characters = [...text].map((character) => {
    if (character === "'") return "['‘’]"
    if (character === '"') return '["“”]'
    return character.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  })
  return characters.join(type === 'symbol' ? '[\\u200D\\uFE0E\\uFE0F]*' : '')
}

function runsOf(text: string): Run[] {
  return [...fold(text).matchAll(RUNS)].map(({ 0: run, groups }) => ({
    type: groups?.word !== undefined ? 'word' : groups?.dense !== undefined ? 'dense' : 'symbol',
    text: run,
  }))
}

function pairsOf(characters: string[]): string[] {
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`)
}

/** Simple case folding: it never makes two characters of one, so ß stays ß. */
function fold(text: string): string {
  return text
    .replace(DRAWING, '')
    .replace(/[‘’“”]/g, (quote) => QUOTES[quote] ?? quote)
    .replace(/[İı]/g, 'i')
    .toLowerCase()
    .normalize('NFC')
    .replace(/ς/g, 'σ')
}
