// A tab: takes part in one document by the provider, makes the edits that it is told to, and notes what becomes of them.
import { writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { createProvider, type OutboxStore, saveState } from '@realtime/client'
import { fileStore } from '@realtime/client/file'
import { authApi, type Caller, call, documentApi, EPOCH_HEADER } from '@realtime/contracts'
import * as Y from 'yjs'
import { fingerprint } from '../oracle/observed.ts'
import { createHand } from './hand.ts'
import type { Answer, Order, TabConfig } from './messages.ts'
import { openNotes } from './notes.ts'

/** Milliseconds that loading the state may take, and between two attempts. */
const LOAD_MS = 6_000
const AGAIN_MS = 250

const config = JSON.parse(process.argv[2] ?? '') as TabConfig
const note = openNotes(config.notes)
note({ life: config.life })

const session: Caller = {
  baseUrl: config.url,
  headers: () => ({ cookie: config.cookie, origin: config.publicUrl }),
}
const token = async (): Promise<string> => (await call(session, authApi.token, {})).token
const caller: Caller = { baseUrl: config.url, headers: async () => ({ authorization: `Bearer ${await token()}` }) }

const doc = new Y.Doc()
const hand = createHand(doc, config.name, note)
const tell = (answer: Answer): void => void process.send?.(answer)

/** What became of each edit, found by its update. */
const edits = new WeakMap<Uint8Array, number>()
let seen = ''
let dieSaved = false

doc.on('update', (update: Uint8Array, origin: unknown) => {
  seen = ''
  if (hand.owns(origin)) edits.set(update, hand.last)
})

function watched(store: OutboxStore): OutboxStore {
  return {
    ...store,
    async add(document, epoch, updates) {
      const ids = await store.add(document, epoch, updates)
      for (const update of updates) {
        const edit = edits.get(update)
        if (edit !== undefined) note({ kept: edit })
      }
      return ids
    },
  }
}

async function load(): Promise<string> {
  for (;;) {
    try {
      const signal = AbortSignal.timeout(LOAD_MS)
      const response = await call(caller, documentApi.state, { params: { id: config.documentId } }, { signal })
      Y.applyUpdate(doc, new Uint8Array(await response.arrayBuffer()))
      return response.headers.get(EPOCH_HEADER) ?? ''
    } catch {
      await delay(AGAIN_MS)
    }
  }
}

const orders: Order[] = []
process.on('message', (order: Order) => void orders.push(order))
process.on('disconnect', () => process.exit(0))

const epoch = config.cold ? null : await load()
const provider = createProvider({
  url: config.url,
  documentId: config.documentId,
  epoch,
  doc,
  token,
  store: watched(await fileStore(config.outbox)),
})
/** The last edit that is made, and the last that the provider said something good about. */
let made = 0
const told = { persisted: 0, saved: 0 }

function hear(): void {
  const { state } = provider
  if (state.phase === 'refused' || state.copies > 0) {
    const problem = state.setAside?.reason ?? state.problem?.key ?? 'unknown'
    tell({ answer: 'refused', problem: state.copies > 0 ? `${problem}, and edits were set aside` : problem })
  }
  if (state.persisted && made > told.persisted) {
    told.persisted = made
    note({ persisted: made })
  }
  if (saveState(state).kind !== 'saved') return
  if (made > told.saved) {
    told.saved = made
    note({ saved: made })
  }
  if (dieSaved && made > 0) process.kill(process.pid, 'SIGKILL')
}

function obey(order: Order): void {
  if (order.order === 'edit') {
    hand.make(order.edit)
    made = hand.last
  } else if (order.order === 'look') {
    seen ||= fingerprint(doc)
    const { state } = provider
    const look = {
      phase: state.phase,
      kind: saveState(state).kind,
      problem: state.problem?.key ?? null,
      fingerprint: seen,
    }
    tell({ answer: 'look', id: order.id, look })
  } else if (order.order === 'dump') {
    writeFileSync(order.file, Y.encodeStateAsUpdate(doc))
    tell({ answer: 'dumped', id: order.id })
  } else {
    dieSaved = true
    hear()
  }
}

provider.subscribe(hear)
process.removeAllListeners('message')
for (const order of orders.splice(0)) obey(order)
process.on('message', obey)
