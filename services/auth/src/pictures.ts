import { Problem } from '@realtime/contracts'

/** Most bytes, and most pixels on a side: a picture of a person goes out with every list of people. */
const MOST_BYTES = 150_000
const MOST_PIXELS = 512

interface Size {
  width: number
  height: number
}

/**
 * Refuses a data URL whose bytes are not the picture that it says, or too large.
 * @throws Problem `invalid-input` with `path`
 */
export function assertPicture(dataUrl: string, path: string): void {
  const [, type = '', base64 = ''] = /^data:image\/([a-z]+);base64,(.*)$/s.exec(dataUrl) ?? []
  const bytes = Buffer.from(base64, 'base64')
  const size = readers[type]?.(bytes) ?? null
  const fits = size && size.width > 0 && size.height > 0 && Math.max(size.width, size.height) <= MOST_PIXELS
  if (fits && bytes.length <= MOST_BYTES) return
  const message = size ? `must be at most ${MOST_PIXELS} pixels wide and high` : 'is not a picture of that type'
  throw new Problem('invalid-input', `${path}: ${message}`, { errors: [{ path, message }] })
}

/** How each type says its size; null where it does not. */
const readers: Record<string, (bytes: Buffer) => Size | null> = { png, jpeg, webp }

function png(bytes: Buffer): Size | null {
  if (bytes.length < 33 || bytes.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') return null
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return null
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
}

/** Walks from segment to segment until the one of a frame, which begins with its size. */
function jpeg(bytes: Buffer): Size | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return null
  let at = 2
  while (at + 9 <= bytes.length) {
    const [mark, kind] = [bytes[at], bytes[at + 1] ?? 0]
    if (mark !== 0xff) return null
    const isFrame = kind >= 0xc0 && kind <= 0xcf && kind !== 0xc4 && kind !== 0xc8 && kind !== 0xcc
    if (isFrame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
    // Fill bytes may stand before a mark.
    at += kind === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2)
  }
  return null
}

function webp(bytes: Buffer): Size | null {
  if (bytes.length < 30 || bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP') {
    return null
  }
  const kind = bytes.toString('latin1', 12, 16)
  if (kind === 'VP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }
  if (kind === 'VP8L') {
    const bits = bytes.readUInt32LE(21)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (kind !== 'VP8 ') return null
  return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
}
