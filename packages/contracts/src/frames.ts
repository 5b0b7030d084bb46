/**
 * The internal binary form of the update log between document and collaboration. Numbers are unsigned LEB128 varints
 * (as in lib0); bytes and UTF-8 strings are length-prefixed.
 *
 * `load` answers frames of [seq, principal, origin, update]; the first may be a folded snapshot (origin `snapshot`,
 * principal empty) that stands for all rows up to its seq. `append` takes frames of
 * [principal, origin, client ids it writes under (count, then each), update].
 */
export interface LogFrame {
  seq: number
  principal: string
  origin: string
  update: Uint8Array
}

export interface AppendFrame {
  principal: string
  origin: string
  /** Client ids of the update's structs, each to be bound to the principal or refused. */
  clientIds: number[]
  update: Uint8Array
}

/** Writes `load` frames. */
export function encodeLog(frames: Iterable<LogFrame>): Uint8Array {
  const writer = new Writer()
  for (const frame of frames) {
    writer.number(frame.seq)
    writer.text(frame.principal)
    writer.text(frame.origin)
    writer.bytes(frame.update)
  }
  return writer.finish()
}

/** Reads `load` frames. @throws RangeError when the bytes are cut or not frames */
export function decodeLog(bytes: Uint8Array): LogFrame[] {
  const reader = new Reader(bytes)
  const frames: LogFrame[] = []
  while (!reader.done()) {
    frames.push({ seq: reader.number(), principal: reader.text(), origin: reader.text(), update: reader.bytes() })
  }
  return frames
}

/** Writes `append` frames. */
export function encodeAppend(frames: Iterable<AppendFrame>): Uint8Array {
  const writer = new Writer()
  for (const frame of frames) {
    writer.text(frame.principal)
    writer.text(frame.origin)
    writer.number(frame.clientIds.length)
    for (const clientId of frame.clientIds) writer.number(clientId)
    writer.bytes(frame.update)
  }
  return writer.finish()
}

/** What is to be appended to one log. */
export interface GroupedAppend {
  document: string
  epoch: string
  frames: AppendFrame[]
}

/** Writes a group of appends: (document, epoch, length-prefixed `append` frames)*. */
export function encodeGroup(group: Iterable<GroupedAppend>): Uint8Array {
  const writer = new Writer()
  for (const { document, epoch, frames } of group) {
    writer.text(document)
    writer.text(epoch)
    writer.bytes(encodeAppend(frames))
  }
  return writer.finish()
}

/** Reads a group of appends; the frames of each stay encoded. @throws RangeError when the bytes are cut or no group */
export function decodeGroup(bytes: Uint8Array): { document: string; epoch: string; frames: Uint8Array }[] {
  const reader = new Reader(bytes)
  const group: { document: string; epoch: string; frames: Uint8Array }[] = []
  while (!reader.done()) group.push({ document: reader.text(), epoch: reader.text(), frames: reader.bytes() })
  return group
}

/** Reads `append` frames. @throws RangeError when the bytes are cut or not frames */
export function decodeAppend(bytes: Uint8Array): AppendFrame[] {
  const reader = new Reader(bytes)
  const frames: AppendFrame[] = []
  while (!reader.done()) {
    const principal = reader.text()
    const origin = reader.text()
    const count = reader.number()
    if (count > bytes.length) throw new RangeError('more client ids than bytes')
    const clientIds: number[] = []
    for (let index = 0; index < count; index++) clientIds.push(reader.number())
    frames.push({ principal, origin, clientIds, update: reader.bytes() })
  }
  return frames
}

class Writer {
  #parts: Uint8Array[] = []
  #length = 0

  number(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} cannot be written`)
    const out: number[] = []
    let rest = value
    while (rest >= 0x80) {
      out.push((rest % 0x80) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    out.push(rest)
    this.#push(Uint8Array.from(out))
  }

  bytes(value: Uint8Array): void {
    this.number(value.length)
    this.#push(value)
  }

  text(value: string): void {
    this.bytes(new TextEncoder().encode(value))
  }

  finish(): Uint8Array {
    const all = new Uint8Array(this.#length)
    let offset = 0
    for (const part of this.#parts) {
      all.set(part, offset)
      offset += part.length
    }
    return all
  }

  #push(part: Uint8Array): void {
    this.#parts.push(part)
    this.#length += part.length
  }
}

class Reader {
  #bytes: Uint8Array
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  done(): boolean {
    return this.#offset >= this.#bytes.length
  }

  number(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const byte = this.#bytes[this.#offset++]
      if (byte === undefined || factor > 2 ** 49) throw new RangeError('cut or oversized number')
      value += (byte & 0x7f) * factor
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) throw new RangeError('cut or oversized number')
        return value
      }
      factor *= 0x80
    }
  }

  bytes(): Uint8Array {
    const length = this.number()
    if (this.#offset + length > this.#bytes.length) throw new RangeError('cut bytes')
    const value = this.#bytes.subarray(this.#offset, this.#offset + length)
    this.#offset += length
    return value
  }

  text(): string {
    return new TextDecoder().decode(this.bytes())
  }
}
