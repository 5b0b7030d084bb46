/** Edge of a stored picture in pixels. */
export const PICTURE_EDGE = 256
/** Longest data URL that the server takes. */
export const LONGEST_PICTURE = 200_000
/** Largest file that is opened here, in bytes: a photo of a good camera, not a film. */
const LARGEST_FILE = 30_000_000

/** The square in the middle of an image: where it begins, and its edge, in pixels. */
export function middleOf(width: number, height: number): { x: number; y: number; edge: number } {
  const edge = Math.min(width, height)
  return { x: Math.floor((width - edge) / 2), y: Math.floor((height - edge) / 2), edge }
}

/** How an image is written: the first that is small enough is taken. */
const ways = [
  ['image/webp', 0.9],
  ['image/jpeg', 0.85],
  ['image/jpeg', 0.6],
] as const

/**
 * Makes a small square picture of an image file: its middle, 256 pixels wide, as a data URL.
 * @throws Error with words for the person
 */
export async function squareOf(file: Blob): Promise<string> {
  if (file.size > LARGEST_FILE) throw new Error('The image is too large: 30 MB at most.')
  const image = await load(file)
  const canvas = document.createElement('canvas')
  canvas.width = PICTURE_EDGE
  canvas.height = PICTURE_EDGE
  const brush = canvas.getContext('2d')
  if (!brush) throw new Error('This browser cannot draw the image.')
  const { x, y, edge } = middleOf(image.naturalWidth, image.naturalHeight)
  brush.imageSmoothingQuality = 'high'
  brush.drawImage(image, x, y, edge, edge, 0, 0, PICTURE_EDGE, PICTURE_EDGE)
  return smallest((type, quality) => canvas.toDataURL(type, quality))
}

/** The first way of writing an image that is small enough. Browsers that cannot write a type give PNG. */
export function smallest(write: (type: string, quality: number) => string): string {
  for (const [type, quality] of ways) {
    const url = write(type, quality)
    if (url.length <= LONGEST_PICTURE) return url
  }
  throw new Error('The image cannot be made small enough.')
}

async function load(file: Blob): Promise<HTMLImageElement> {
  const url = URL.createObjectURL(file)
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    if (image.naturalWidth === 0 || image.naturalHeight === 0) throw new Error('empty')
    return image
  } catch (cause) {
    throw new Error('This file is not an image that the browser can read.', { cause })
  } finally {
    URL.revokeObjectURL(url)
  }
}
