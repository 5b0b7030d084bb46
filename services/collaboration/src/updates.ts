import * as Y from 'yjs'
import { type Deletions, decode, invalid, type Struct } from './decoding.ts'
import { Integration, isId } from './integration.ts'

type Id = { client: number; clock: number }

/** Of one update. A client that was away sends what it wrote under the ids of some earlier tabs. */
const MOST_CLIENT_IDS = 256

/** What the check may ask of the room: its committed document and the updates on their way into it. */
export interface KnownState {
  doc: Y.Doc
  /** The clock that a client id has reached, counting updates that are being committed. */
  clock(clientId: number): number
  /** What updates that are being committed hold of a client id. */
  inFlight(clientId: number): Iterable<Struct[]>
}

export interface CheckedUpdate {
  /** The update without the structs that are known: what it writes is new, under the client ids in `to` alone. */
  update: Uint8Array
  /** What came, by client id, each without gaps: holes are structs too. */
  structs: Map<number, Struct[]>
  /** How many structs and deletions it has. */
  size: number
  /** The clock that each client id of the update reaches. */
  to: Map<number, number>
  /** Whether the document already has all of it: every struct and every deletion. */
  known: boolean
}

/**
 * Checks an update before it is committed (SPEC U1–U4): V1, nothing missing before it, every origin, right origin,
 * parent and deleted id known, so that applying it never leaves anything pending.
 * @throws Problem `invalid-update`
 */
export function checkUpdate(update: Uint8Array, state: KnownState): CheckedUpdate {
  const { structs, deletions } = decode(update)
  const byClient = new Map<number, Struct[]>()
  for (const struct of structs) {
    if (struct.length < 1) throw invalid('it holds something without a length')
    const list = byClient.get(struct.id.client)
    const last = list?.at(-1)
    // Looked up by halves below.
    if (last && last.id.clock + last.length !== struct.id.clock) throw invalid('its structs are out of order')
    if (list) list.push(struct)
    else byClient.set(struct.id.client, [struct])
  }
  if (byClient.size > MOST_CLIENT_IDS) throw invalid(`it writes under more than ${MOST_CLIENT_IDS} client ids`)
  const integration = new Integration(byClient, state)
  integration.run()
  for (const struct of structs) checkParent(struct, byClient, state)
  const undeleted = checkDeletions(deletions, integration, state.doc)
  const isKnown = !integration.fresh && !undeleted
  return {
    update: isKnown ? update : withoutKnown(update, byClient, state),
    structs: byClient,
    size: structs.length + deletions.size,
    to: integration.reached,
    known: isKnown,
  }
}

/**
 * What is deleted must be there, each of it named once: as Yjs writes it. Whoever named the same again and again would
 * have the server look at all of it each time. @returns whether any of it is not deleted yet
 */
function checkDeletions(deletions: Deletions, integration: Integration, doc: Y.Doc): boolean {
  let undeleted = false
  for (const [clientId, ranges] of deletions.clients) {
    ranges.sort((a, b) => a.clock - b.clock)
    let end = 0
    for (const range of ranges) {
      if (range.len < 1) throw invalid('it deletes nothing')
      if (range.clock < end) throw invalid('it deletes the same twice')
      end = range.clock + range.len
    }
    if (end > integration.clock(clientId)) throw invalid('it deletes something that nobody has')
    undeleted ||= ranges.some((range) => !isDeleted(doc, clientId, range.clock, range.clock + range.len))
  }
  return undeleted
}

/**
 * A client that never heard of a commit repeats what it wrote, also under an earlier client id, with what is new. Yjs
 * would skip the repetition when applying, but not safely: it takes the rest of a struct half known for a neighbour of
 * that half, which may be collected garbage by now.
 */
function withoutKnown(update: Uint8Array, byClient: Map<number, Struct[]>, state: KnownState): Uint8Array {
  const known = new Map<number, number>()
  for (const [clientId, [first]] of byClient) {
    const clock = state.clock(clientId)
    if (first && first.id.clock < clock) known.set(clientId, clock)
  }
  return known.size > 0 ? Y.diffUpdate(update, Y.encodeStateVector(known)) : update
}

/** A parent must be a shared type (or be collected): Yjs would throw in the middle of applying otherwise. */
function checkParent(struct: Struct, byClient: Map<number, Struct[]>, state: KnownState): void {
  if (!(struct instanceof Y.Item) || !isId(struct.parent)) return
  const id = struct.parent
  const parent = inStructs(byClient.get(id.client), id.clock) ?? inDocument(state.doc, id) ?? inFlight(state, id)
  if (parent instanceof Y.Item && !(parent.content instanceof Y.ContentType) && !parent.deleted) {
    throw invalid('it puts content into something that holds none')
  }
}

function inStructs(structs: Struct[] | undefined, clock: number): Struct | null {
  const [first] = structs ?? []
  const last = structs?.at(-1)
  if (!structs || !first || !last || clock < first.id.clock || clock >= last.id.clock + last.length) return null
  const struct = structs[Y.findIndexSS(structs, clock)] ?? null
  return struct instanceof Y.Skip ? null : struct
}

function inDocument(doc: Y.Doc, id: Id): Struct | null {
  const structs = doc.store.clients.get(id.client)
  if (!structs || id.clock >= Y.getState(doc.store, id.client)) return null
  return structs[Y.findIndexSS(structs, id.clock)] ?? null
}

function inFlight(state: KnownState, id: Id): Struct | null {
  for (const structs of state.inFlight(id.client)) {
    const found = inStructs(structs, id.clock)
    if (found) return found
  }
  return null
}

function isDeleted(doc: Y.Doc, clientId: number, from: number, to: number): boolean {
  const structs = doc.store.clients.get(clientId)
  if (!structs || to > Y.getState(doc.store, clientId)) return false
  for (let index = Y.findIndexSS(structs, from); index < structs.length; index++) {
    const struct = structs[index]
    if (!struct || struct.id.clock >= to) return true
    if (!struct.deleted) return false
  }
  return true
}
