/** What a run survived, and what it did not. */
export interface Report {
  seed: number
  /** Whether nothing was lost, doubled, made up or late. */
  passed: boolean
  rounds: number
  seconds: number
  /** What was done, by kind and victim. */
  counts: Record<string, number>
  edits: { made: number; acknowledged: number }
  /** Rows of logs in whose place snapshots are. */
  compactedRows: number
  /** Bytes that went over the links. */
  bytes: number
  /** From the end of a round's faults until all replicas were equal and saved, in milliseconds. */
  longestRecoveryMs: number
  /** What is wrong; the first words say of which kind. */
  findings: string[]
  /** Logs, notes, plans, and after a failure the states. */
  folder: string
}

/** The report for people. */
export function describe(report: Report): string {
  const { counts, edits, findings } = report
  const of = (kind: string): string => {
    const found = Object.entries(counts).filter(([name]) => name === kind || name.startsWith(`${kind} `))
    const sum = found.reduce((total, [, count]) => total + count, 0)
    const parts = found
      .filter(([name]) => name !== kind)
      .map(([name, count]) => `${name.slice(kind.length + 1)} ${count}`)
    return parts.length > 0 ? `${sum} (${parts.join(', ')})` : String(sum)
  }
  const kinds = [...new Set(Object.keys(counts).map((name) => name.split(' ', 1)[0] ?? ''))].sort()
  const count = (kind: string): number => findings.filter((text) => text.includes(`${kind}: `)).length
  return [
    `seed ${report.seed}: ${report.rounds} rounds in ${Math.round(report.seconds)} s`,
    ...kinds.map((kind) => `  ${kind}: ${of(kind)}`),
    `  edits: ${edits.made} made, ${edits.acknowledged} acknowledged; ${report.compactedRows} rows compacted; ${(report.bytes / 1e6).toFixed(1)} MB over the wire`,
    `  longest recovery: ${(report.longestRecoveryMs / 1000).toFixed(1)} s`,
    `  lost: ${count('lost')}, doubled: ${count('doubled')}, other findings: ${findings.length - count('lost') - count('doubled')}`,
    ...findings.slice(0, 40).map((text) => `  ! ${text}`),
  ].join('\n')
}
