import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** A sequential editing trace; see bench/traces/README.md. */
export interface Trace {
  endContent: string
  txns: Txn[]
}

/** Position, number of characters deleted, text inserted; one after the other. */
export interface Txn {
  patches: [position: number, deleted: number, inserted: string][]
}

const read = new Map<string, Trace>()

/** Reads a trace of one person's typing. */
export function readTrace(name: 'sveltecomponent' | 'seph-blog1'): Trace {
  const known = read.get(name)
  if (known) return known
  const file = new URL(`../../traces/${name}.json.gz`, import.meta.url)
  const trace = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Trace
  read.set(name, trace)
  return trace
}
