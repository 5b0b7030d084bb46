import { createHash } from 'node:crypto'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'

// States as they are stored. Measured with a blog post of 137,154 keystrokes (its log: 4.05 MB): plain 338 kB, gzip 126
// kB, Brotli 5 116 kB, and 101 kB for fifty times the time.

/** How a state of so many bytes is compressed. */
export function packing(bytes: number): { params: Record<number, number> } {
  return { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: bytes } }
}

/** Compresses a state, in threads only: it holds up whoever calls it. */
export function packState(state: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(brotliCompressSync(state, packing(state.length)))
}

/** The state again, in threads only. @throws Error when the bytes are none */
export function unpackState(packed: Uint8Array): Uint8Array {
  return brotliDecompressSync(packed)
}

/** SHA-256, hex. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
