import { fileId, MAX_FILE_BYTES, MAX_IMAGE_PIXELS } from '@realtime/contracts'
import type { SceneElement } from '@realtime/resources'

/** What images are stored in and fetched from. */
export interface ImageSource {
  /** Stores bytes for this resource. @returns their id @throws Problem */
  store(bytes: Uint8Array): Promise<string>
  /** Addresses of stored files; unknown ones have none. @throws Problem */
  links(files: string[]): Promise<{ file: string; url: string; type: string }[]>
  fetch(url: string): Promise<Blob>
  /** Whether a failure may be over in a moment. */
  isPassing(error: unknown): boolean
}

/** The part of a stage that has to do with images. */
export interface ImageStage {
  elements(): readonly SceneElement[]
  image(fileId: string): string | undefined
  addImage(fileId: string, type: string, dataUrl: string): void
  renameImage(from: string, to: string): void
}

export interface ImagesOptions {
  stage: ImageStage
  source: ImageSource
  /** Whether this person may store images. */
  editable(): boolean
  /** An image cannot be stored: now (it will be tried again), or at all. */
  onTrouble(trouble: { kind: 'waiting' } | { kind: 'refused'; error: unknown }): void
  /** How many images are only on this page. */
  onWaiting(count: number): void
}

/** Brings images of this page into the store, and those of the store onto the page. */
export interface Images {
  /** Something in the scene may have changed. */
  changed(): void
  /** Tries again whatever failed, now. */
  retry(): void
  destroy(): void
}

/** How long after a failure it is tried again, in milliseconds. */
const AGAIN_MS = { first: 2_000, most: 30_000 }
/** Most addresses asked for at once. */
const MOST_LINKS = 200

/** What became of bytes that are to be stored. */
type Storing = 'under way' | 'failed' | 'refused' | { id: string }

export function followImages({ stage, source, editable, onTrouble, onWaiting }: ImagesOptions): Images {
  const stores = new Map<string, Storing>()
  const fetches = new Map<string, 'under way' | 'failed' | 'there'>()
  let failures = 0
  let waiting = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false

  function changed(): void {
    if (over) return
    const wanted = new Set<string>()
    const unstored = new Set<string>()
    for (const element of stage.elements()) {
      const id = element.fileId
      if (element.type !== 'image' || element.isDeleted || typeof id !== 'string') continue
      if (stage.image(id) === undefined) {
        if (fileId.safeParse(id).success) wanted.add(id)
      } else if (fetches.get(id) !== 'there') unstored.add(id)
    }
    for (const id of unstored) keep(id)
    const missing = [...wanted].filter((id) => !fetches.has(id))
    for (let at = 0; at < missing.length; at += MOST_LINKS) void load(missing.slice(at, at + MOST_LINKS))
    const now = [...unstored].filter((id) => typeof stores.get(id) !== 'object').length
    if (now !== waiting) onWaiting(now)
    waiting = now
  }

  function keep(id: string): void {
    const state = stores.get(id)
    if (typeof state === 'object') {
      // An undone and redone insertion names the bytes as it did before they were stored.
      if (state.id !== id) stage.renameImage(id, state.id)
    } else if (state === undefined && editable()) void store(id)
  }

  async function store(id: string): Promise<void> {
    const dataUrl = stage.image(id)
    if (dataUrl === undefined) return
    stores.set(id, 'under way')
    try {
      const stored = await source.store(bytesOf(dataUrl))
      stores.set(id, { id: stored })
      stores.set(stored, { id: stored })
      failures = 0
    } catch (error) {
      const passing = source.isPassing(error)
      stores.set(id, passing ? 'failed' : 'refused')
      if (!passing) onTrouble({ kind: 'refused', error })
      else {
        if (failures === 0) onTrouble({ kind: 'waiting' })
        again()
      }
    }
    changed()
  }

  async function load(ids: string[]): Promise<void> {
    for (const id of ids) fetches.set(id, 'under way')
    try {
      const links = await source.links(ids)
      await Promise.all(
        links.map(async ({ file, url, type }) => {
          const blob = await source.fetch(url)
          const dataUrl = await dataUrlOf(blob, type)
          if (over) return
          fetches.set(file, 'there')
          stage.addImage(file, type, dataUrl)
        }),
      )
      failures = 0
    } catch {
      // Told by the frames that stay empty; it is tried again.
    }
    const left = ids.filter((id) => fetches.get(id) !== 'there')
    for (const id of left) fetches.set(id, 'failed')
    if (left.length > 0) again()
    changed()
  }

  function again(): void {
    if (over || timer !== undefined) return
    timer = setTimeout(retry, Math.min(AGAIN_MS.most, AGAIN_MS.first * 2 ** failures++))
  }

  function retry(): void {
    clearTimeout(timer)
    timer = undefined
    for (const [id, state] of stores) if (state === 'failed' || state === 'refused') stores.delete(id)
    for (const [id, state] of fetches) if (state === 'failed') fetches.delete(id)
    changed()
  }

  window.addEventListener('online', retry)
  return {
    changed,
    retry,
    destroy() {
      over = true
      clearTimeout(timer)
      window.removeEventListener('online', retry)
    },
  }
}

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
  return [...crypto.getRandomValues(new Uint8Array(20))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The bytes of a data URL, base64 or not. */
export function bytesOf(dataUrl: string): Uint8Array {
  const comma = dataUrl.indexOf(',')
  const body = dataUrl.slice(comma + 1)
  if (!dataUrl.slice(0, comma).endsWith(';base64')) return new TextEncoder().encode(decodeURIComponent(body))
  return Uint8Array.from(atob(body), (char) => char.charCodeAt(0))
}

function dataUrlOf(blob: Blob, type: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(new Blob([blob], { type }))
  })
}
