/**
 * A message as one WebSocket frame of a server: final, binary, not masked (RFC 6455, 5.2). Made once and written to
 * every socket of a room as it is.
 */
export type Frame = Buffer & { readonly brand?: 'frame' }

const FINAL_BINARY = 0x82

/** Frames a message. */
export function framed(message: Uint8Array): Frame {
  const { length } = message
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafeSlow(head + length)
  frame[0] = FINAL_BINARY
  if (head === 2) frame[1] = length
  else if (head === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.set(message, head)
  return frame
}

/** Frames that are written in one go. */
export function together(...frames: Frame[]): Frame {
  return frames.length === 1 ? (frames[0] as Frame) : Buffer.concat(frames)
}
