import { MAX_IMAGE_PIXELS, Problem } from '@realtime/contracts'
import { fileTypeFromBuffer } from 'file-type'
import { imageSize } from 'image-size'
import { readSvg } from './svg.ts'

/** What the bytes of an image say of themselves. */
export interface Image {
  type: string
  /** In pixels as shown; null where an SVG says none. */
  width: number | null
  height: number | null
}

const raster = new Set(['image/png', 'image/apng', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'])
const SVG = 'image/svg+xml'

/** The head of an image in which its size must stand: a search in more could hold up the service. */
const HEAD_BYTES = 2 * 1024 * 1024

/** Whether a stored type is one that a page may show as it is: pixels, which run nothing. */
export function isRaster(type: string): boolean {
  return raster.has(type)
}

/** Reads what an image is by its bytes. @throws Problem `invalid-file` */
export async function readImage(bytes: Uint8Array): Promise<Image> {
  if (bytes.length === 0) throw new Problem('invalid-file', 'The file is empty.')
  const type = (await fileTypeFromBuffer(bytes).catch(() => undefined))?.mime
  const image = type !== undefined && raster.has(type) ? { type, ...rasterSize(bytes) } : svgOf(bytes)
  if (!image) throw new Problem('invalid-file', 'Only PNG, JPEG, GIF, WebP, AVIF and SVG images can be used.')
  const { width, height } = image
  if ((width !== null && width <= 0) || (height !== null && height <= 0)) {
    throw new Problem('invalid-file', 'The image has no size.')
  }
  if ((width ?? 1) * (height ?? 1) > MAX_IMAGE_PIXELS) {
    const most = MAX_IMAGE_PIXELS / 1_000_000
    throw new Problem('invalid-file', `The image is too large: ${width} × ${height} pixels, at most ${most} million.`)
  }
  return image
}

function svgOf(bytes: Uint8Array): Image | null {
  const size = readSvg(bytes)
  return size && { type: SVG, ...size }
}

function rasterSize(bytes: Uint8Array): { width: number; height: number } {
  try {
    // A copy: image-size would read on behind the end of a view, in what else the memory holds.
    const { width, height, orientation = 1 } = imageSize(new Uint8Array(bytes.subarray(0, HEAD_BYTES)))
    // From 5 on, the camera was held upright: browsers show it turned.
    return orientation >= 5 ? { width: height, height: width } : { width, height }
  } catch (cause) {
    throw new Problem('invalid-file', 'The image is damaged: its size cannot be read.', { cause })
  }
}
