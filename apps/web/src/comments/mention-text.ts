/** Somebody who can be mentioned, or was. */
export interface Person {
  id: string
  name: string
}

/** A person in what is being written: shown as `@Name` from `start` on. */
export interface Mention extends Person {
  start: number
}

/** What somebody is called, also after they have left. */
export function calledOf(person: { name: string } | undefined): string {
  return person?.name || 'Somebody'
}

/** Whether a word of a name begins with what was typed, whatever its case and accents. */
export function isCalled(name: string, typed: string): boolean {
  const [line, wanted] = [name, typed].map((words) =>
    words.normalize('NFD').replace(/\p{M}/gu, '').replace(/\s+/g, ' ').trim().toLowerCase(),
  ) as [string, string]
  for (let at = line.indexOf(wanted); at >= 0; at = line.indexOf(wanted, at + 1))
    if (wanted === '' || !/[\p{L}\p{N}]$/u.test(line.slice(0, at))) return true
  return false
}

/** What is being written, as the field shows it, and who is mentioned in it. */
export interface Written {
  text: string
  mentions: readonly Mention[]
}

export const nothingWritten: Written = { text: '', mentions: [] }

const endOf = ({ start, name }: Mention) => start + name.length + 1

/** After the field was edited to `text`, with the caret there: a name that was changed is plain text from now on. */
export function edited(before: Written, text: string, caret = text.length): Written {
  // The caret says where the change ends, which letters alone leave open where they repeat.
  const most = Math.min(before.text.length, text.length - caret)
  let tail = 0
  while (tail < most && before.text.at(-1 - tail) === text.at(-1 - tail)) tail++
  let head = 0
  while (head < Math.min(before.text.length, text.length) - tail && before.text[head] === text[head]) head++
  const end = before.text.length - tail
  const moved = text.length - before.text.length
  const mentions = before.mentions.flatMap((one) =>
    endOf(one) <= head ? [one] : one.start >= end ? [{ ...one, start: one.start + moved }] : [],
  )
  return { text, mentions }
}

/** Puts a mention in the place of what was typed for it. @returns also where the caret goes */
export function mentioning(
  before: Written,
  { from, to }: { from: number; to: number },
  { id, name: called }: Person,
): { written: Written; caret: number } {
  const name = called.replace(/\s+/g, ' ')
  const space = /^\s/.test(before.text.slice(to)) ? '' : ' '
  const text = `${before.text.slice(0, from)}@${name}${space}${before.text.slice(to)}`
  const caret = from + name.length + 2
  const moved = text.length - before.text.length
  const others = before.mentions.flatMap((one) =>
    endOf(one) <= from ? [one] : one.start >= to ? [{ ...one, start: one.start + moved }] : [],
  )
  const mentions = [...others, { id, name, start: from }].sort((one, other) => one.start - other.start)
  return { written: { text, mentions }, caret }
}

/** What is sent: people by their ids. */
export function sentOf({ text, mentions }: Written): string {
  let sent = ''
  let at = 0
  for (const one of mentions) {
    sent += `${text.slice(at, one.start)}<@${one.id}>`
    at = endOf(one)
  }
  return sent + text.slice(at)
}

/** A piece of a comment: words, or somebody who is mentioned. */
export type Part = string | Person

/** The pieces of what was sent. Whoever is not among `people` any more has no name. */
export function partsOf(text: string, people: readonly Person[]): Part[] {
  return text.split(/(<@[A-Za-z0-9_-]{1,64}>)/).flatMap((piece, index): Part[] => {
    if (piece === '') return []
    if (index % 2 === 0) return [piece]
    const id = piece.slice(2, -1)
    return [{ id, name: calledOf(people.find((one) => one.id === id)) }]
  })
}

/** What was sent, to write on in a field. */
export function writtenOf(text: string, people: readonly Person[]): Written {
  const mentions: Mention[] = []
  let shown = ''
  for (const part of partsOf(text, people)) {
    if (typeof part === 'string') shown += part
    else {
      const name = part.name.replace(/\s+/g, ' ')
      mentions.push({ id: part.id, name, start: shown.length })
      shown += `@${name}`
    }
  }
  return { text: shown, mentions }
}

/** What is being typed after an `@` before the caret, up to one space in it; null for nothing. Not in an address. */
export function queryAt(
  { text, mentions }: Written,
  caret: number,
): { from: number; to: number; query: string } | null {
  const typed = /(?<![A-Za-z0-9._%+-])@([^\s@]{0,40}(?: [^\s@]{1,40})?)$/.exec(text.slice(0, caret))
  if (!typed || mentions.some((one) => one.start <= typed.index && typed.index < endOf(one))) return null
  return { from: typed.index, to: caret, query: typed[1] ?? '' }
}
