import { Problem } from '@realtime/contracts'
import * as Y from 'yjs'

export type Struct = ReturnType<typeof Y.decodeUpdate>['structs'][number]
/** What an update deletes: `size` ranges. */
export type Deletions = { clients: Map<number, { clock: number; len: number }[]>; size: number }

/** Of one update: more would hold up everybody else for too long. A paste of 40,000 paragraphs has fewer. */
const MOST_STRUCTS = 150_000

/** Counts each struct and each deletion before it is built. */
class CountingDecoder extends Y.UpdateDecoderV1 {
  /** The last one made: Yjs makes it and keeps it to itself. */
  static last: CountingDecoder | null = null
  readonly bytes: Y.UpdateDecoderV1['restDecoder']
  #left = MOST_STRUCTS

  constructor(decoder: Y.UpdateDecoderV1['restDecoder']) {
    super(decoder)
    this.bytes = decoder
    CountingDecoder.last = this
  }

  override readInfo(): number {
    if (--this.#left < 0) throw new TooMany()
    return super.readInfo()
  }

  override readDsLen(): number {
    if (--this.#left < 0) throw new TooMany()
    return super.readDsLen()
  }
}

/** Decodes a V1 update without applying it. @throws Problem `invalid-update`, `payload-too-large` */
export function decode(update: Uint8Array): { structs: Struct[]; deletions: Deletions } {
  try {
    const { structs, ds } = Y.decodeUpdateV2(update, CountingDecoder)
    // A V2 update reads as an empty V1 update with something behind it: taken for known, it would be lost.
    if (CountingDecoder.last?.bytes.pos !== update.length) throw new RangeError('bytes are left over')
    let size = 0
    for (const ranges of ds.clients.values()) size += ranges.length
    return { structs, deletions: { clients: ds.clients, size } }
  } catch (cause) {
    if (cause instanceof TooMany) {
      throw new Problem('payload-too-large', `An update may hold ${MOST_STRUCTS} parts; send it in several.`)
    }
    throw new Problem('invalid-update', undefined, { cause })
  } finally {
    CountingDecoder.last = null
  }
}

class TooMany extends Error {}

/** The problem of an update that is none, or that the document cannot take. */
export function invalid(why: string): Problem {
  return new Problem('invalid-update', `The update cannot be applied: ${why}.`)
}
