import { sameDigest, stateDigest, write } from '@realtime/client/wire'
import { type Permission, Problem } from '@realtime/contracts'
import * as Y from 'yjs'
import { type Frame, framed } from './frames.ts'

interface Joiner {
  epoch: string
  seq: number
  permission: Permission
  digest: Uint8Array
  stateVector: Uint8Array
}

/** A state of fewer bytes is encoded for each joiner: nothing then follows it. */
const SHARED_ABOVE = 64 * 1024
/** After so many bytes of updates since a whole state was encoded, the next who needs it gets another. */
const MOST_TAIL = 256 * 1024
const NOTHING = new Uint8Array()

/**
 * What joiners are told first. Those who come with nothing share one encoded state and the updates since, so that many
 * at once cost hardly more than one; those who have all of it are told so in a few bytes; all others get what they lack.
 */
export class Welcome {
  #doc: Y.Doc
  /** One for each permission: it is a part of the message. */
  #whole = new Map<Permission, Frame>()
  /** What they are of. */
  #encoded: { state: Uint8Array; vector: Uint8Array } | null = null
  #tail: Uint8Array[] = []
  #tailBytes = 0
  #present: { seq: number; stateVector: Uint8Array; digest: Uint8Array | null } | null = null

  constructor(doc: Y.Doc) {
    this.#doc = doc
  }

  /** Notes what was applied to the document. */
  grew(updates: Uint8Array[]): void {
    this.#present = null
    if (!this.#encoded) return
    for (const update of updates) this.#tailBytes += update.length
    this.#tail.push(...updates)
    if (this.#tailBytes > MOST_TAIL) this.#forget()
  }

  /** The frames for somebody who joins. @throws Problem `invalid-input` for a state vector that is none */
  to({ epoch, seq, permission, digest, stateVector }: Joiner): Frame[] {
    if (stateVector.length <= 1) {
      const whole = this.#wholeFor(epoch, permission)
      return this.#tail.length > 0 ? [whole, framed(write.updates(this.#tail))] : [whole]
    }
    const present = this.#presentAt(seq)
    if (equal(stateVector, present.stateVector)) {
      present.digest ??= stateDigest(this.#doc)
      if (sameDigest(digest, present.digest)) return [framed(write.joined(epoch, permission, NOTHING, NOTHING))]
    }
    return [framed(write.joined(epoch, permission, present.stateVector, missing(this.#doc, stateVector)))]
  }

  #wholeFor(epoch: string, permission: Permission): Frame {
    const known = this.#whole.get(permission)
    if (known) return known
    const encoded = this.#encoded ?? { state: Y.encodeStateAsUpdate(this.#doc), vector: Y.encodeStateVector(this.#doc) }
    const whole = framed(write.joined(epoch, permission, encoded.vector, encoded.state))
    if (whole.length > SHARED_ABOVE) {
      this.#encoded = encoded
      this.#whole.set(permission, whole)
    }
    return whole
  }

  #presentAt(seq: number): { stateVector: Uint8Array; digest: Uint8Array | null } {
    if (this.#present?.seq !== seq) {
      this.#present = { seq, stateVector: Y.encodeStateVector(this.#doc), digest: null }
    }
    return this.#present
  }

  #forget(): void {
    this.#whole.clear()
    this.#encoded = null
    this.#tail = []
    this.#tailBytes = 0
  }
}

function missing(doc: Y.Doc, stateVector: Uint8Array): Uint8Array {
  try {
    return Y.encodeStateAsUpdate(doc, stateVector)
  } catch (cause) {
    throw new Problem('invalid-input', 'The state vector cannot be read.', { cause })
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}
