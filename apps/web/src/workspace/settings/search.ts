/** Whether each word of `q` occurs in one of the texts, whatever the case and the accents. */
export function found(q: string, ...texts: (string | undefined)[]): boolean {
  const plain = plainOf(texts.filter((text) => text !== undefined).join('\n'))
  return plainOf(q)
    .split(/\s+/)
    .every((word) => plain.includes(word))
}

function plainOf(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase('en').trim()
}
