import type { PrivateCopy } from '@realtime/client'
import type { ProblemKey } from '@realtime/contracts'

type Told = Pick<PrivateCopy, 'count' | 'reason' | 'detail' | 'whole'>

const changesOf = (count: number): string => (count === 1 ? '1 change' : `${count} changes`)

/** Why edits could not be saved, as the end of a sentence. */
export function reasonOf({ reason, count, detail }: Pick<Told, 'reason' | 'count' | 'detail'>): string {
  const one = count === 1
  const words: Partial<Record<ProblemKey, string>> = {
    'read-only': 'you may only view this document now',
    'not-found': 'the document was deleted, or you no longer have access to it',
    forbidden: 'you no longer have access to the document',
    'epoch-changed': 'the document was replaced on the server',
    'payload-too-large': one ? 'it is too large' : 'one of them is too large',
    'invalid-update': `the server cannot read ${one ? 'it' : 'them'}`,
    'foreign-client-id': `${one ? 'it was' : 'they were'} made in a session that is somebody else’s`,
  }
  return words[reason] ?? detail.replace(/\.$/, '')
}

/** What the private copies of a document are, in a sentence or two; '' for none. */
export function copiesInWords(copies: readonly Told[]): string {
  const [only] = copies
  if (!only) return ''
  if (copies.length > 1) {
    const all = changesOf(copies.reduce((sum, copy) => sum + copy.count, 0))
    return `${all} could not be saved. They are kept as ${copies.length} private copies on this device.`
  }
  const it = only.count === 1 ? 'It is' : 'They are'
  const what = only.whole ? '' : ' Only what you wrote could be kept, without what was around it.'
  return `${changesOf(only.count)} could not be saved: ${reasonOf(only)}. ${it} kept as a private copy on this device.${what}`
}
