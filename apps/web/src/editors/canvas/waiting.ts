import type { KeptImages } from '@realtime/client/kept-images'
import { canvasElements, type SceneElement } from '@realtime/resources'
import type * as Y from 'yjs'
import { localId } from './admitting.ts'

/** The part of a stage that shows what waited. */
export interface WaitingStage {
  elements(): readonly SceneElement[]
  show(elements: SceneElement[]): void
  image(fileId: string): string | undefined
  addImage(fileId: string, type: string, dataUrl: string): void
}

export interface WaitingOptions {
  documentId: string
  doc: Y.Doc
  stage: WaitingStage
  store: KeptImages<SceneElement>
  /** Tells which pages are still open; browsers have none on plain HTTP, where every page takes what it finds. */
  locks?: LockManager
  /** Something is kept now, or is not. */
  onChange(): void
  /** Images of an earlier page were put on the stage. */
  onRestored(count: number): void
}

/** Keeps images on this device from when they are put on a canvas until they are stored and shared. */
export interface Waiting {
  /** Brings back what pages kept that are closed now, and of those open now once they are. */
  restore(): void
  /**
   * Keeps these images, as they are now. One that is not among them any more goes once it is shared, deleted, or drawn
   * from bytes that are refused.
   */
  follow(images: readonly SceneElement[], refused: ReadonlySet<string>): void
  /** Whether the image of an element would outlive this page. */
  keeps(id: string): boolean
  destroy(): void
}

export function keepWaiting(options: WaitingOptions): Waiting {
  const { documentId, doc, stage, store, locks, onChange, onRestored } = options
  const owner = localId()
  const shared = doc.getMap(canvasElements)
  const known = new Map<string, { file: string; stamp: string; kept: boolean }>()
  const puts = new Map<string, { element: SceneElement; file: string; url: string }>()
  const removals = new Set<string>()
  const leave = new AbortController()
  let over = false
  let restoring = false
  let writing: Promise<void> | null = null
  /** From here on other pages know that this one is open. */
  const standing = new Promise<void>((resolve) => {
    if (!locks) return resolve()
    const held = new Promise<void>((release) => leave.signal.addEventListener('abort', () => release()))
    locks
      .request(lockOf(owner), () => {
        resolve()
        return held
      })
      .catch(() => resolve())
  })

  function restore(): void {
    if (restoring || over) return
    restoring = true
    void standing
      .then(() => store.owners(documentId))
      .then((owners) => {
        for (const from of owners) if (from !== owner) void whenGone(from, () => adopt(from)).catch(() => {})
      })
      .catch(() => {})
  }

  async function whenGone(from: string, then: () => Promise<void>): Promise<void> {
    if (over) return
    if (!locks) return then()
    await locks.request(lockOf(from), { signal: leave.signal }, then)
  }

  async function adopt(from: string): Promise<void> {
    const images = await store.take(documentId, from, owner)
    // Whoever comes next takes them.
    if (over) return
    let elements = stage.elements()
    const present = new Set(elements.map(({ id }) => id))
    const added = images.filter(({ id }) => !shared.has(id) && !present.has(id))
    for (const { id, element, file } of images) {
      // Shared before its page could forget it.
      if (shared.has(id)) removals.add(id)
      else known.set(id, { file, stamp: stampOf(element), kept: true })
    }
    for (const { element } of added) elements = placed(elements, element)
    if (added.length > 0) stage.show([...elements])
    for (const { file, url } of added) stage.addImage(file, url.slice('data:'.length, url.search(/[;,]/)), url)
    write()
    if (added.length > 0) onRestored(added.length)
    onChange()
  }

  function follow(images: readonly SceneElement[], refused: ReadonlySet<string>): void {
    if (over) return
    for (const element of images) {
      const file = String(element.fileId)
      const url = stage.image(file)
      const stamp = stampOf(element)
      const last = known.get(element.id)
      if (url === undefined || last?.stamp === stamp) continue
      known.set(element.id, { file, stamp, kept: last?.kept ?? false })
      puts.set(element.id, { element, file, url })
    }
    forget(refused)
    write()
  }

  function forget(refused: ReadonlySet<string>): void {
    if (known.size === 0) return
    const deleted = new Set(stage.elements().flatMap(({ id, isDeleted }) => (isDeleted ? [id] : [])))
    for (const [id, { file }] of known) {
      if (!deleted.has(id) && !shared.has(id) && !refused.has(file)) continue
      known.delete(id)
      puts.delete(id)
      removals.add(id)
    }
  }

  function write(): void {
    if (writing || (puts.size === 0 && removals.size === 0)) return
    writing = work().finally(() => {
      writing = null
    })
  }

  /** One after the other, so that the last that became of an image is what is kept. */
  async function work(): Promise<void> {
    await standing
    while (puts.size > 0 || removals.size > 0) {
      const ids = [...removals]
      removals.clear()
      if (ids.length > 0) await store.remove(documentId, ids).catch(() => {})
      const [next] = puts
      if (!next) continue
      const [id, image] = next
      puts.delete(id)
      try {
        await store.put(documentId, owner, { id, ...image })
        const now = known.get(id)
        if (now) now.kept = true
      } catch {
        // It is on this page only, which says so.
      }
      if (!over) onChange()
    }
  }

  // Sharing changes nothing on the stage.
  const updated = (): void => {
    forget(new Set())
    write()
  }
  doc.on('update', updated)

  return {
    restore,
    follow,
    keeps: (id) => known.get(id)?.kept ?? false,
    destroy() {
      over = true
      doc.off('update', updated)
      // Until all is written, nobody takes it.
      void (writing ?? Promise.resolve()).finally(() => leave.abort())
    },
  }
}

const lockOf = (owner: string): string => `images-of-${owner}`

const stampOf = ({ version, versionNonce }: SceneElement): string => `${version}/${versionNonce}`

/** The elements with one more, where its index has it. */
function placed(elements: readonly SceneElement[], element: SceneElement): SceneElement[] {
  const above = elements.findIndex(({ index }) => index !== null && element.index !== null && index > element.index)
  const at = above === -1 ? elements.length : above
  return [...elements.slice(0, at), element, ...elements.slice(at)]
}
