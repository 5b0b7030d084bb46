interface Piece {
  text: string
  /** Where it begins. */
  at: number
  /** Whether it is a link to this server. */
  link: boolean
}

/** Takes a text apart into what is a link to `origin` and what is not. */
export function piecesOf(text: string, origin: string): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  const add = (end: number, link: boolean) => {
    if (end > from) pieces.push({ text: text.slice(from, end), at: from, link })
    from = end
  }
  for (const match of text.matchAll(/https?:\/\/[^\s<>"]+/g)) {
    const url = match[0].replace(/[.,;:!?)\]]+$/, '')
    if (!URL.canParse(url) || new URL(url).origin !== origin) continue
    add(match.index, false)
    add(match.index + url.length, true)
  }
  add(text.length, false)
  return pieces
}
