import { Problem } from '@realtime/contracts'
import * as Y from 'yjs'

type Struct = ReturnType<typeof Y.decodeUpdate>['structs'][number]
type Id = { client: number; clock: number }

/** What the check may ask of the room: its committed document and the updates on their way into it. */
export interface KnownState {
  doc: Y.Doc
  /** The clock that a client id has reached, counting updates that are being committed. */
  clock(clientId: number): number
  /** Structs of updates that are being committed. */
  inFlight(): Iterable<CheckedUpdate>
}

export interface CheckedUpdate {
  /** The update without the structs that are known: what it writes is new, under the client ids in `to` alone. */
  update: Uint8Array
  /** What came, by client id, each without gaps: holes are structs too. */
  structs: Map<number, Struct[]>
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
  const { structs, ds } = decode(update)
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
  const reached = new Map<number, number>()
  const clock = (clientId: number): number => reached.get(clientId) ?? state.clock(clientId)
  const fresh = integrate(byClient, clock, (clientId, value) => reached.set(clientId, value))
  const find = (id: Id): Struct | null =>
    inStructs(byClient.get(id.client), id.clock) ?? inDocument(state.doc, id) ?? inFlight(state, id)
  for (const struct of structs) checkParent(struct, find)
  let undeleted = false
  for (const [clientId, ranges] of ds.clients) {
    for (const range of ranges) {
      if (range.clock + range.len > clock(clientId)) throw invalid('it deletes something that nobody has')
      if (range.len < 1) throw invalid('it deletes nothing')
      undeleted ||= !isDeleted(state.doc, clientId, range.clock, range.clock + range.len)
    }
  }
  const isKnown = !fresh && !undeleted
  return {
    update: isKnown ? update : withoutKnown(update, byClient, state),
    structs: byClient,
    to: reached,
    known: isKnown,
  }
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

function decode(update: Uint8Array): ReturnType<typeof Y.decodeUpdate> {
  try {
    // Cheap, and throws on most garbage before anything is built from it.
    Y.parseUpdateMeta(update)
    let rest: Y.UpdateDecoderV1['restDecoder'] | undefined
    class Watched extends Y.UpdateDecoderV1 {
      constructor(decoder: Y.UpdateDecoderV1['restDecoder']) {
        super(decoder)
        rest = decoder
      }
    }
    const decoded = Y.decodeUpdateV2(update, Watched)
    // A V2 update reads as an empty V1 update with something behind it: taken for known, it would be lost.
    if (rest?.pos !== update.length) throw new RangeError('bytes are left over')
    return decoded
  } catch (cause) {
    throw new Problem('invalid-update', undefined, { cause })
  }
}

/**
 * Runs Yjs's own order of integration without integrating: a struct is taken once all it depends on is there. What
 * is left in the end would have stayed pending. @returns whether anything is new
 */
function integrate(
  byClient: Map<number, Struct[]>,
  clock: (clientId: number) => number,
  reach: (clientId: number, value: number) => void,
): boolean {
  const next = new Map([...byClient.keys()].map((clientId) => [clientId, 0]))
  let left = [...byClient.values()].reduce((sum, list) => sum + list.length, 0)
  let fresh = false
  while (left > 0) {
    const before = left
    for (const [clientId, list] of byClient) {
      for (let index = next.get(clientId) ?? 0; index < list.length; index++) {
        const struct = list[index]
        if (!struct || !ready(struct, clock)) break
        const end = struct.id.clock + struct.length
        // A hole adds nothing; what follows it is only taken when the hole is known.
        if (end > clock(clientId) && !(struct instanceof Y.Skip)) {
          reach(clientId, end)
          fresh = true
        }
        next.set(clientId, index + 1)
        left--
      }
    }
    if (left === before) throw invalid('it depends on something that nobody has')
  }
  return fresh
}

function ready(struct: Struct, clock: (clientId: number) => number): boolean {
  const { client } = struct.id
  if (struct instanceof Y.Skip) return true
  if (struct.id.clock > clock(client)) return false
  if (!(struct instanceof Y.Item)) return true
  const has = (id: Id | null): boolean =>
    id === null || id.clock < (id.client === client ? struct.id.clock : clock(id.client))
  return has(struct.origin) && has(struct.rightOrigin) && (!isId(struct.parent) || has(struct.parent))
}

function isId(parent: unknown): parent is Id {
  return parent instanceof Y.ID
}

/** A parent must be a shared type (or be collected): Yjs would throw in the middle of applying otherwise. */
function checkParent(struct: Struct, find: (id: Id) => Struct | null): void {
  if (!(struct instanceof Y.Item) || !isId(struct.parent)) return
  const parent = find(struct.parent)
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
  for (const update of state.inFlight()) {
    const found = inStructs(update.structs.get(id.client), id.clock)
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

function invalid(why: string): Problem {
  return new Problem('invalid-update', `The update cannot be applied: ${why}.`)
}
