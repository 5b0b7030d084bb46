import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** A concurrent editing trace: see traces/README.md. */
export interface Trace {
  endContent: string
  txns: Transaction[]
}

export interface Transaction {
  agent: number
  /** How many transactions of each agent it builds on. */
  needs: number[]
  /** Position, number of characters deleted, text inserted; one after the other. */
  patches: [position: number, deleted: number, inserted: string][]
}

/** Reads a trace of people whose own transactions follow one another, as recorded by two editors. */
export function readTrace(name: string): Trace {
  const file = new URL(`traces/${name}.json.gz`, import.meta.url)
  const raw = JSON.parse(gunzipSync(readFileSync(file)).toString()) as {
    endContent: string
    numAgents: number
    txns: { parents: number[]; agent: number; patches: Transaction['patches'] }[]
  }
  const after: number[][] = []
  const txns = raw.txns.map(({ parents, agent, patches }) => {
    const needs = Array.from({ length: raw.numAgents }, (_, other) =>
      Math.max(0, ...parents.map((parent) => after[parent]?.[other] ?? 0)),
    )
    after.push(needs.map((count, other) => (other === agent ? count + 1 : count)))
    return { agent, needs, patches }
  })
  return { endContent: raw.endContent, txns }
}
