import { email } from '@realtime/contracts'

/** How many people are invited at a time. */
export const MOST_ADDRESSES = 20

export interface Addresses {
  /** Each once, in small letters. */
  addresses: string[]
  /** What is none. */
  wrong: string[]
}

/**
 * Reads addresses as people paste them: by commas, semicolons, spaces or lines, also with names before them as in
 * `Ada Lovelace <ada@example.org>`.
 */
export function readAddresses(text: string): Addresses {
  const addresses = new Set<string>()
  const wrong: string[] = []
  for (const piece of text.split(/[,;\n]+/)) {
    const named = /<([^<>]*)>/.exec(piece)
    const words = named ? [(named[1] ?? '').trim()] : piece.split(/\s+/)
    for (const word of words.filter(Boolean)) {
      const parsed = email.safeParse(word.replace(/^mailto:/i, ''))
      if (parsed.success) addresses.add(parsed.data)
      else wrong.push(word)
    }
  }
  return { addresses: [...addresses], wrong }
}

/** What is wrong with addresses to invite, in words; undefined when nothing is. */
export function complaintOf({ addresses, wrong }: Addresses): string | undefined {
  if (wrong.length > 0) return `Not an e-mail address: ${wrong.slice(0, 3).join(', ')}${wrong.length > 3 ? '…' : ''}`
  if (addresses.length === 0) return 'Enter an e-mail address at least.'
  if (addresses.length > MOST_ADDRESSES) return `${MOST_ADDRESSES} at a time, please: these are ${addresses.length}.`
  return undefined
}
