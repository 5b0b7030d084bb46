import { Problem } from '@realtime/contracts'
import * as Y from 'yjs'

export type Struct = ReturnType<typeof Y.decodeUpdate>['structs'][number]
type Id = { client: number; clock: number }
type Deletions = { clients: Map<number, { clock: number; len: number }[]>; size: number }

/** Of one update: more would hold up everybody else for too long. A paste of 40,000 paragraphs has fewer. */
const MOST_STRUCTS = 150_000
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
  const reached = new Map<number, number>()
  const clock = (clientId: number): number => reached.get(clientId) ?? state.clock(clientId)
  const fresh = integrate(byClient, clock, (clientId, value) => reached.set(clientId, value))
  const find = (id: Id): Struct | null =>
    inStructs(byClient.get(id.client), id.clock) ?? inDocument(state.doc, id) ?? inFlight(state, id)
  for (const struct of structs) checkParent(struct, find)
  const undeleted = checkDeletions(deletions, clock, state.doc)
  const isKnown = !fresh && !undeleted
  return {
    update: isKnown ? update : withoutKnown(update, byClient, state),
    structs: byClient,
    size: structs.length + deletions.size,
    to: reached,
    known: isKnown,
  }
}

/**
 * What is deleted must be there, each of it named once: as Yjs writes it. Whoever named the same again and again would
 * have the server look at all of it each time. @returns whether any of it is not deleted yet
 */
function checkDeletions(deletions: Deletions, clock: (clientId: number) => number, doc: Y.Doc): boolean {
  let undeleted = false
  for (const [clientId, ranges] of deletions.clients) {
    ranges.sort((a, b) => a.clock - b.clock)
    let end = 0
    for (const range of ranges) {
      if (range.len < 1) throw invalid('it deletes nothing')
      if (range.clock < end) throw invalid('it deletes the same twice')
      end = range.clock + range.len
    }
    if (end > clock(clientId)) throw invalid('it deletes something that nobody has')
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

/** Decodes without applying; each struct and each deletion is counted before it is built. */
function decode(update: Uint8Array): { structs: Struct[]; deletions: Deletions } {
  try {
    let rest: Y.UpdateDecoderV1['restDecoder'] | undefined
    let left = MOST_STRUCTS
    const count = (): void => {
      if (--left < 0) throw new TooMany()
    }
    class Watched extends Y.UpdateDecoderV1 {
      constructor(decoder: Y.UpdateDecoderV1['restDecoder']) {
        super(decoder)
        rest = decoder
      }

      override readInfo(): number {
        count()
        return super.readInfo()
      }

      override readDsLen(): number {
        count()
        return super.readDsLen()
      }
    }
    const { structs, ds } = Y.decodeUpdateV2(update, Watched)
    // A V2 update reads as an empty V1 update with something behind it: taken for known, it would be lost.
    if (rest?.pos !== update.length) throw new RangeError('bytes are left over')
    const size = [...ds.clients.values()].reduce((sum, ranges) => sum + ranges.length, 0)
    return { structs, deletions: { clients: ds.clients, size } }
  } catch (cause) {
    if (cause instanceof TooMany) {
      throw new Problem('payload-too-large', `An update may hold ${MOST_STRUCTS} parts; send it in several.`)
    }
    throw new Problem('invalid-update', undefined, { cause })
  }
}

class TooMany extends Error {}

/**
 * Runs Yjs's own order of integration without integrating: a struct is taken once all it depends on is there. What
 * is left in the end would have stayed pending. Each turn to another client id takes at least one struct, so that it
 * takes as long as there are structs, in whatever order they depend on each other. @returns whether anything is new
 */
function integrate(
  byClient: Map<number, Struct[]>,
  clock: (clientId: number) => number,
  reach: (clientId: number, value: number) => void,
): boolean {
  const next = new Map<number, number>()
  let fresh = false
  /** Takes what it can of a client id. @returns the client id it waits for, or null at the end */
  const take = (clientId: number): number | null => {
    const list = byClient.get(clientId) ?? []
    let index = next.get(clientId) ?? 0
    let waits: number | null = null
    for (; index < list.length; index++) {
      const struct = list[index] as Struct
      waits = waitsFor(struct, clock)
      if (waits !== null) break
      const end = struct.id.clock + struct.length
      // A hole adds nothing; what follows it is only taken when the hole is known.
      if (end > clock(clientId) && !(struct instanceof Y.Skip)) {
        reach(clientId, end)
        fresh = true
      }
    }
    next.set(clientId, index)
    return waits
  }
  for (const root of byClient.keys()) {
    const under = new Set<number>()
    const turns: { clientId: number; from: number }[] = []
    const turnTo = (clientId: number): void => {
      under.add(clientId)
      turns.push({ clientId, from: next.get(clientId) ?? 0 })
    }
    turnTo(root)
    for (let turn = turns.at(-1); turn; turn = turns.at(-1)) {
      const waits = take(turn.clientId)
      if (waits !== null && !under.has(waits) && waits !== turn.clientId && byClient.has(waits)) {
        turnTo(waits)
        continue
      }
      // At its end, or waiting for one that waits for it: that one goes on if this one came any further.
      if (waits !== null && (turns.length === 1 || next.get(turn.clientId) === turn.from)) {
        throw invalid('it depends on something that nobody has')
      }
      turns.pop()
      under.delete(turn.clientId)
    }
  }
  return fresh
}

/** The client id of something that a struct depends on and that is not there; null when all is. */
function waitsFor(struct: Struct, clock: (clientId: number) => number): number | null {
  const { client } = struct.id
  if (struct instanceof Y.Skip) return null
  if (struct.id.clock > clock(client)) return client
  if (!(struct instanceof Y.Item)) return null
  const lacks = (id: Id | null): boolean =>
    id !== null && id.clock >= (id.client === client ? struct.id.clock : clock(id.client))
  if (lacks(struct.origin)) return (struct.origin as Id).client
  if (lacks(struct.rightOrigin)) return (struct.rightOrigin as Id).client
  return isId(struct.parent) && lacks(struct.parent) ? struct.parent.client : null
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

function invalid(why: string): Problem {
  return new Problem('invalid-update', `The update cannot be applied: ${why}.`)
}
