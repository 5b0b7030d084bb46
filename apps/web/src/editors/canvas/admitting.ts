import { MAX_FILE_BYTES, MAX_IMAGE_PIXELS } from '@realtime/contracts'

const TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/svg+xml']

/** Why a file cannot be put on a canvas, or null. Asked before anything of it is read. */
export function refusalOf(file: File): string | null {
  if (!TYPES.includes(file.type)) return 'Only images can be put on a canvas: PNG, JPEG, GIF, WebP, AVIF or SVG.'
  const most = Math.round(MAX_FILE_BYTES / 1024 / 1024)
  const size = Math.ceil(file.size / 1024 / 1024)
  if (file.size > MAX_FILE_BYTES) return `This image has ${size} MB; the most is ${most} MB.`
  return file.size === 0 ? 'This file is empty.' : null
}

/**
 * Looks at an image before it is put on a canvas.
 * @returns an id for it while it is not stored @throws Error that says why it cannot be taken
 */
export async function admitImage(file: File): Promise<string> {
  const reason = refusalOf(file)
  if (reason !== null) throw new Error(reason)
  const url = URL.createObjectURL(file)
  try {
    const image = new Image()
    image.src = url
    // Scripts in an SVG do not run in an image.
    await image.decode().catch(() => {
      throw new Error('This image cannot be read. The file may be damaged.')
    })
    if (image.naturalWidth * image.naturalHeight > MAX_IMAGE_PIXELS) {
      const size = `${image.naturalWidth} × ${image.naturalHeight}`
      throw new Error(`This image has ${size} pixels, more than browsers can handle well. Make it smaller first.`)
    }
  } finally {
    URL.revokeObjectURL(url)
  }
  return localId()
}

/** A random id of something that only this device knows. */
export function localId(): string {
  return [...crypto.getRandomValues(new Uint8Array(20))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
