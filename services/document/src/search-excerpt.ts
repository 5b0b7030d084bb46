import type { SearchWord } from './search-words.ts'

/** A piece of text; those that match are marked. */
export interface Part {
  text: string
  match: boolean
}

/** Characters of an excerpt, and of it before the first match. */
const LENGTH = 220
const BEFORE = 60

/** A text in parts, with what the words match in it marked. */
export function markWords(text: string, words: SearchWord[]): Part[] {
  if (text === '') return []
  const parts: Part[] = []
  let at = 0
  for (const { from, to } of matchesOf(text, words)) {
    if (from > at) parts.push({ text: text.slice(at, from), match: false })
    parts.push({ text: text.slice(from, to), match: true })
    at = to
  }
  if (at < text.length) parts.push({ text: text.slice(at), match: false })
  return parts
}

/** The piece of a text around the first match, else its beginning, in parts. */
export function excerptOf(text: string, words: SearchWord[]): Part[] {
  const first = firstMatch(text, words)
  const from = first <= BEFORE ? 0 : wordStart(text, first - BEFORE, first)
  const to = from + LENGTH >= text.length ? text.length : wordEnd(text, from + LENGTH)
  const piece = text.slice(from, to).replace(/\s+/g, ' ').trim()
  const parts = markWords(piece, words)
  if (from > 0) parts.unshift({ text: '…', match: false })
  if (to < text.length) parts.push({ text: '…', match: false })
  return parts
}

/** Where words match, in their order and without overlaps. */
function matchesOf(text: string, words: SearchWord[]): { from: number; to: number }[] {
  const all = words
    .flatMap(({ expression }) => [...text.matchAll(new RegExp(expression, 'giv'))])
    .map((match) => ({ from: match.index, to: match.index + match[0].length }))
    .sort((a, b) => a.from - b.from || b.to - a.to)
  const merged: { from: number; to: number }[] = []
  for (const one of all) {
    const last = merged.at(-1)
    if (last && one.from <= last.to) last.to = Math.max(last.to, one.to)
    else merged.push(one)
  }
  return merged
}

/** The index of the first match of any word; 0 where there is none. */
function firstMatch(text: string, words: SearchWord[]): number {
  const found = words.map(({ expression }) => text.search(new RegExp(expression, 'iv'))).filter((index) => index >= 0)
  return found.length > 0 ? Math.min(...found) : 0
}

/** The beginning of a word near `near`, before `limit`; never within a character. */
function wordStart(text: string, near: number, limit: number): number {
  const space = text.slice(near, limit).search(/\s/)
  if (space >= 0) return near + space + 1
  return isTail(text, near) ? near + 1 : near
}

function wordEnd(text: string, near: number): number {
  const back = text.slice(near - 20, near).search(/\s\S*$/)
  if (back >= 0) return near - 20 + back
  return isTail(text, near) ? near - 1 : near
}

function isTail(text: string, index: number): boolean {
  return /[\uDC00-\uDFFF]/.test(text[index] ?? '')
}
