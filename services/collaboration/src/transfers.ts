import { type Assembler, type Chunk, createAssembler } from '@realtime/client/wire'
import { Problem, socketLimits } from '@realtime/contracts'

/** Bytes of unfinished transfers that a process holds. */
const MOST_BYTES = 256 * 1024 * 1024
/** A transfer whose next part does not come for so long is dropped, in milliseconds. */
const SILENT_MS = 30_000

let held = 0

/** The large message that a socket is sending in parts, one at a time. */
export class Transfer {
  #assembler: Assembler = createAssembler(socketLimits.update + 64)
  #bytes = 0
  #at = 0

  /** The whole message with its last part, else null. @throws RangeError as the assembler does; Problem `unavailable` */
  add(chunk: Chunk): Uint8Array | null {
    if (chunk.index === 0) this.drop()
    if (held + chunk.bytes.length > MOST_BYTES) {
      throw new Problem('unavailable', 'Too much is being received; try again.')
    }
    this.#at = performance.now()
    try {
      // The part keeps the buffer that it was read into, unless it is copied.
      const whole = this.#assembler.add({ ...chunk, bytes: chunk.bytes.slice() })
      this.#bytes += chunk.bytes.length
      held += chunk.bytes.length
      if (whole) this.drop()
      return whole
    } catch (error) {
      this.drop()
      throw error
    }
  }

  tidy(now: number): void {
    if (this.#bytes > 0 && now - this.#at > SILENT_MS) this.drop()
  }

  /** Forgets what has come. */
  drop(): void {
    held -= this.#bytes
    this.#bytes = 0
    this.#assembler = createAssembler(socketLimits.update + 64)
  }
}
