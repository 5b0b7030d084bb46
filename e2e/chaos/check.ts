import { setTimeout as delay } from 'node:timers/promises'
import { call, documentApi } from '@realtime/contracts'
import { eventually } from '@realtime/kit/testing'
import type { Person } from '@realtime/platform/person'
import * as Y from 'yjs'
import type { Stage } from './act.ts'
import { enter, type Ledger } from './oracle/ledger.ts'
import { fingerprint, observe } from './oracle/observed.ts'
import { judge } from './oracle/verdict.ts'
import type { Look } from './tab/messages.ts'
import { readNotes } from './tab/notes.ts'

/** Milliseconds between two looks at the tabs. */
const LOOK_MS = 200
/** Milliseconds that reading a document anew may take. */
const READ_MS = 60_000

/** What came of waiting. */
export interface Settled {
  ms: number
  findings: string[]
  /** Of each document; null where its tabs did not agree. */
  fingerprints: (string | null)[]
}

/**
 * Waits until every tab says saved, and all tabs of a document hold the same. Longer than `deadlineMs` is a finding.
 * `log` is told each second whom it waits for.
 */
export async function settle(
  { tabs, documents }: Stage,
  deadlineMs: number,
  log: (line: string) => void,
): Promise<Settled> {
  const began = performance.now()
  for (let turn = 1; ; turn++) {
    const looks = await Promise.all(tabs.map((tab) => tab.look()))
    const fingerprints = documents.map((_id, document) =>
      agreed(looks.filter((_, tab) => tab % documents.length === document)),
    )
    const ms = performance.now() - began
    if (fingerprints.every((one) => one !== null)) return { ms, findings: [], fingerprints }
    const told = looks.map((look, tab) => `tab ${tab}: ${look ? JSON.stringify(look) : 'no answer'}`)
    if (turn % 5 === 0) log(`waiting: ${told.join(', ')}`)
    if (ms > deadlineMs) {
      return { ms, findings: [`late: not equal and saved after ${Math.round(ms)} ms`, ...told], fingerprints }
    }
    await delay(LOOK_MS)
  }
}

function agreed(looks: (Look | null)[]): string | null {
  const [first] = looks
  const same = looks.every((look) => look?.kind === 'saved' && look.fingerprint === first?.fingerprint)
  return same ? (first?.fingerprint ?? null) : null
}

/** Compares every document, as it is stored and as a fresh replica gets it, with its tabs and their notes. */
export async function examine({ people, documents, tabs }: Stage, fingerprints: (string | null)[]) {
  const [person] = people
  if (!person) throw new Error('nobody is there to read')
  const findings: string[] = []
  const edits = { made: 0, acknowledged: 0 }
  for (const [number, id] of documents.entries()) {
    const ledger: Ledger = new Map()
    for (const tab of tabs) {
      if (tab.number % documents.length !== number) continue
      const counts = enter(ledger, tab.number, readNotes(tab.notes))
      edits.made += counts.made
      edits.acknowledged += counts.acknowledged
    }
    const stored = await eventually(() => readStored(person, id), READ_MS)
    const wanted = fingerprints[number] ?? fingerprint(stored)
    if (fingerprint(stored) !== wanted) findings.push(`document ${number}: apart: what is stored is not what tabs hold`)
    const fresh = await readFresh(person, id, wanted)
    if (fresh !== wanted) findings.push(`document ${number}: apart: a fresh replica gets ${fresh}, not ${wanted}`)
    for (const { kind, text } of judge(ledger, observe(stored))) findings.push(`document ${number}: ${kind}: ${text}`)
  }
  return { findings, edits }
}

async function readStored({ caller }: Person, id: string): Promise<Y.Doc> {
  const response = await call(caller, documentApi.state, { params: { id } })
  const doc = new Y.Doc()
  Y.applyUpdate(doc, new Uint8Array(await response.arrayBuffer()))
  return doc
}

/** What somebody gets who opens the document with nothing; as it is after a while when it is not what is wanted. */
async function readFresh(person: Person, id: string, wanted: string): Promise<string> {
  const doc = new Y.Doc()
  const provider = person.open(id, doc)
  try {
    await eventually(() => provider.state.everSynced && fingerprint(doc) === wanted, READ_MS).catch(() => {})
    return fingerprint(doc)
  } finally {
    provider.destroy()
  }
}
