import type { Change, Ledger } from './ledger.ts'
import type { Observed } from './observed.ts'

/** What is wrong with a document. `pending`: it waits for what never came. */
export interface Finding {
  kind: 'lost' | 'doubled' | 'stray' | 'pending'
  text: string
}

/** Compares what a document holds with what tabs noted that they wrote. */
export function judge(ledger: Ledger, { values, strays, pending }: Observed): Finding[] {
  const findings: Finding[] = strays.map((text) => ({ kind: 'stray', text }))
  if (pending) findings.push({ kind: 'pending', text: 'the replica holds updates that lack something before them' })
  for (const [subject, found] of values) {
    if (!ledger.has(subject)) findings.push({ kind: 'stray', text: `${subject} was written by nobody` })
    // A restore may bring back what was there before.
    else if (found.length > 1 && !isScratch(subject))
      findings.push({ kind: 'doubled', text: `${subject} is there ${found.length} times` })
  }
  for (const [subject, changes] of ledger) {
    if (isScratch(subject)) continue
    const wrong = lookAt(subject, changes, values.get(subject) ?? [])
    if (wrong) findings.push(wrong)
  }
  return findings
}

/** Many set it at a time: any of them may have won. */
const isContended = (subject: string): boolean => subject.startsWith('contended ')
/** A restore may have taken it away. */
const isScratch = (subject: string): boolean => subject.startsWith('scratch ')

function lookAt(subject: string, changes: Change[], found: string[]): Finding | null {
  const value = found[0] ?? null
  const sure = isContended(subject)
    ? changes.findIndex((change) => change.sure)
    : changes.findLastIndex((change) => change.sure)
  // Whatever came after the last sure change may be there or not.
  const allowed = isContended(subject) ? changes : changes.slice(Math.max(sure, 0))
  if (sure < 0 && value === null) return null
  if (allowed.some((change) => change.value === value)) return null
  const last = changes[sure]
  const written = changes.some((change) => change.value === value)
  if (value !== null && !written) return { kind: 'stray', text: `${subject} reads ${value}, which nobody wrote` }
  const claim = last?.acknowledged ? 'saved' : 'kept'
  const wanted = last?.value === null ? 'gone' : `${last?.value}`
  return {
    kind: 'lost',
    text: `${subject} should read ${wanted} (${claim}; ${last?.by}), and ${value === null ? 'is gone' : `reads ${value}`}`,
  }
}
