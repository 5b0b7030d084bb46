import { fileId } from '@realtime/contracts'
import type { SceneElement } from '@realtime/resources'
import type { Waiting } from './waiting.ts'

/** What images are stored in and fetched from. */
export interface ImageSource {
  /** Stores bytes for this resource. @returns their id @throws Problem */
  store(bytes: Uint8Array): Promise<string>
  /** Addresses of stored files; unknown ones have none. @throws Problem */
  links(files: string[]): Promise<{ file: string; url: string; type: string }[]>
  fetch(url: string): Promise<Blob>
  /** Whether a failure may be over in a moment. */
  isPassing(error: unknown): boolean
  /** Whether a failure says that these bytes will never be taken. */
  isRefusal(error: unknown): boolean
}

/** Images that the server does not have, by their bytes. */
export interface Unstored {
  count: number
  /** Those of them that could not be stored at the first try. */
  late: number
  /** Those of them that are on this page only: they would be gone with it. */
  loose: number
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
  /** Where images outlive this page until they are stored; without it they do not. */
  waiting?: Pick<Waiting, 'follow' | 'keeps'>
  /** Trying again by itself will not help: `kept` says whether the image is there when the page is opened again. */
  onTrouble(error: unknown, kept: boolean): void
  onUnstored(unstored: Unstored): void
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

/** What became of bytes that are to be stored; `held`: this person cannot store them, as things are. */
type Storing = 'under way' | 'failed' | 'held' | 'refused' | { id: string }

export function followImages(options: ImagesOptions): Images {
  const { stage, source, editable, waiting, onTrouble, onUnstored } = options
  const stores = new Map<string, Storing>()
  const fetches = new Map<string, 'under way' | 'failed' | 'there'>()
  let failures = 0
  const late = new Set<string>()
  let told: Unstored = { count: 0, late: 0, loose: 0 }
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false

  function changed(): void {
    if (over) return
    const wanted = new Set<string>()
    const unstored = new Map<string, SceneElement[]>()
    for (const element of stage.elements()) {
      const id = element.fileId
      if (element.type !== 'image' || element.isDeleted || typeof id !== 'string') continue
      if (stage.image(id) === undefined) {
        if (fileId.safeParse(id).success) wanted.add(id)
      } else if (fetches.get(id) !== 'there') unstored.set(id, [...(unstored.get(id) ?? []), element])
    }
    for (const id of unstored.keys()) keep(id)
    const missing = [...wanted].filter((id) => !fetches.has(id))
    for (let at = 0; at < missing.length; at += MOST_LINKS) void load(missing.slice(at, at + MOST_LINKS))
    tell([...unstored].filter(([id]) => typeof stores.get(id) !== 'object'))
  }

  function tell(unstored: [string, SceneElement[]][]): void {
    const isRefused = (id: string) => stores.get(id) === 'refused'
    const refused = new Set([...stores.keys()].filter(isRefused))
    waiting?.follow(
      unstored.flatMap(([id, elements]) => (isRefused(id) ? [] : elements)),
      refused,
    )
    const now = {
      count: unstored.length,
      late: unstored.filter(([id]) => late.has(id)).length,
      loose: unstored.filter(([, elements]) => elements.some(({ id }) => !waiting?.keeps(id))).length,
    }
    const same = now.count === told.count && now.late === told.late && now.loose === told.loose
    told = now
    if (!same) onUnstored(now)
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
      const refused = source.isRefusal(error)
      stores.set(id, source.isPassing(error) ? 'failed' : refused ? 'refused' : 'held')
      if (refused) late.delete(id)
      else late.add(id)
      if (source.isPassing(error)) again()
      else {
        const shown = stage.elements().filter((element) => element.fileId === id && !element.isDeleted)
        onTrouble(error, !refused && shown.every((element) => waiting?.keeps(element.id)))
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
    for (const [id, state] of stores) if (state !== 'under way' && typeof state === 'string') stores.delete(id)
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
