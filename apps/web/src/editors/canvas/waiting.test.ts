import type { KeptImage, KeptImages } from '@realtime/client/kept-images'
import { canvasElements, type SceneElement } from '@realtime/resources'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { keepWaiting, type Waiting } from './waiting.ts'

const PIXEL = 'data:image/png;base64,AQID'
const nothing = new Set<string>()

type Row = KeptImage<SceneElement> & { owner: string }

/** A device: what is kept, and which pages are open, for one document. */
class Device implements KeptImages<SceneElement> {
  rows = new Map<string, Row>()
  full = false
  #held = new Map<string, Promise<unknown>>()
  owners = async () => [...new Set([...this.rows.values()].map(({ owner }) => owner))]
  async take(_document: string, from: string, to: string) {
    const taken = [...this.rows.values()].filter(({ owner }) => owner === from)
    for (const row of taken) this.rows.set(row.id, { ...row, owner: to })
    return taken
  }
  async put(_document: string, owner: string, image: KeptImage<SceneElement>) {
    if (this.full) throw new Error('full')
    this.rows.set(image.id, { ...image, owner })
  }
  async remove(_document: string, ids: string[]) {
    for (const id of ids) this.rows.delete(id)
  }
  locks = {
    request: (name: string, ...rest: unknown[]) => {
      const then = rest.at(-1) as () => unknown
      const run = (this.#held.get(name) ?? Promise.resolve()).then(then)
      this.#held.set(name, run)
      return run
    },
  } as unknown as LockManager
}

/** A page with the canvas open. */
class OpenPage {
  doc = new Y.Doc()
  list: SceneElement[] = []
  files = new Map<string, string>()
  restored = 0
  waiting: Waiting
  constructor(device: Device, locks?: LockManager) {
    this.waiting = keepWaiting({
      documentId: 'doc',
      doc: this.doc,
      stage: {
        elements: () => this.list,
        show: (list) => {
          this.list = list
        },
        image: (id) => this.files.get(id),
        addImage: (id, type, url) => {
          expect(type).toBe('image/png')
          this.files.set(id, url)
        },
      },
      store: device,
      locks,
      onChange: () => {},
      onRestored: (count) => {
        this.restored += count
      },
    })
    pages.push(this)
  }
  put(id: string, changes: Partial<SceneElement> = {}) {
    const element = { id, type: 'image', fileId: `file-${id}`, index: 'a1', version: 1, versionNonce: 1, ...changes }
    this.list = [...this.list.filter((one) => one.id !== id), element as unknown as SceneElement]
    this.files.set(`file-${id}`, PIXEL)
    this.follow()
  }
  follow(refused: ReadonlySet<string> = nothing) {
    this.waiting.follow(
      this.list.filter((element) => !element.isDeleted && !refused.has(String(element.fileId))),
      refused,
    )
  }
  kept = (id: string) => vi.waitFor(() => expect(this.waiting.keeps(id)).toBe(true))
}

let device: Device
let pages: OpenPage[]

beforeEach(() => {
  device = new Device()
  pages = []
})
afterEach(() => {
  for (const page of pages) page.waiting.destroy()
})

const open = () => new OpenPage(device, device.locks)

test('an image comes back on the next page as it last was, below what lies above it', async () => {
  const first = open()
  first.put('i')
  first.put('i', { x: 7, version: 2 })
  await first.kept('i')
  await vi.waitFor(() => expect(device.rows.get('i')?.element.x).toBe(7))
  first.waiting.destroy()
  const next = open()
  next.list = ['a0', 'a2'].map((index) => ({ id: index, index }) as SceneElement)
  next.waiting.restore()
  await vi.waitFor(() => expect(next.restored).toBe(1))
  expect(next.list.map(({ id }) => id)).toEqual(['a0', 'i', 'a2'])
  expect(next.list[1]?.x).toBe(7)
  expect(next.files.get('file-i')).toBe(PIXEL)
  expect(next.waiting.keeps('i')).toBe(true)
})

test('a second page leaves it to the first, until that is closed', async () => {
  const first = open()
  first.put('i')
  await first.kept('i')
  const second = open()
  second.put('j')
  second.waiting.restore()
  await second.kept('j')
  expect(second.list.map(({ id }) => id)).toEqual(['j'])
  first.waiting.destroy()
  await vi.waitFor(() => expect(second.list.map(({ id }) => id)).toEqual(['j', 'i']))
})

test('where pages do not know of each other, both show one element', async () => {
  const first = new OpenPage(device)
  first.put('i')
  await first.kept('i')
  const second = new OpenPage(device)
  second.waiting.restore()
  await vi.waitFor(() => expect(second.list.map(({ id }) => id)).toEqual(['i']))
})

test('it is forgotten once it is shared, and not before', async () => {
  const page = open()
  page.put('i')
  await page.kept('i')
  page.waiting.follow([], nothing)
  expect(page.waiting.keeps('i')).toBe(true)
  page.doc.getMap(canvasElements).set('i', new Y.Map())
  await vi.waitFor(() => expect(device.rows.size).toBe(0))
  expect(page.waiting.keeps('i')).toBe(false)
})

test('what was shared before its page could forget it does not come back', async () => {
  const first = open()
  first.put('i')
  await first.kept('i')
  first.waiting.destroy()
  const next = open()
  next.doc.getMap(canvasElements).set('i', new Y.Map())
  next.waiting.restore()
  await vi.waitFor(() => expect(device.rows.size).toBe(0))
  expect(next.list).toEqual([])
})

test('deleted, it is forgotten; undone, it is kept again', async () => {
  const page = open()
  page.put('i')
  await page.kept('i')
  page.put('i', { isDeleted: true, version: 2 })
  await vi.waitFor(() => expect(device.rows.size).toBe(0))
  page.put('i', { version: 3 })
  await page.kept('i')
  expect(device.rows.size).toBe(1)
})

test('what the server refuses is forgotten', async () => {
  const page = open()
  page.put('i')
  await page.kept('i')
  page.follow(new Set(['file-i']))
  await vi.waitFor(() => expect(device.rows.size).toBe(0))
  expect(page.waiting.keeps('i')).toBe(false)
})

test('a device that keeps nothing is no more than a page', async () => {
  device.full = true
  const page = open()
  page.put('i')
  device.owners = () => Promise.reject(new Error('there is no IndexedDB'))
  page.waiting.restore()
  await Promise.resolve()
  expect(page.waiting.keeps('i')).toBe(false)
  expect(page.list).toHaveLength(1)
})
