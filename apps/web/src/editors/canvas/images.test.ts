import type { SceneElement } from '@realtime/resources'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { refusalOf } from './admitting.ts'
import { bytesOf, followImages, type ImageSource, type Images, type Unstored } from './images.ts'

const STORED = 'S'.repeat(43)
const LOCAL = 'a'.repeat(40)
const PIXEL = 'data:image/png;base64,AQID'

/** A stage that holds images, and nothing else. */
class FilmStage {
  files = new Map<string, string>()
  list: { id: string; type: string; fileId: string | null; isDeleted: boolean }[] = []
  elements = () => this.list as unknown as SceneElement[]
  image = (id: string) => this.files.get(id)
  addImage = (id: string, _type: string, url: string) => void this.files.set(id, url)
  renameImage(from: string, to: string) {
    const url = this.files.get(from)
    if (url) this.files.set(to, url)
    this.list = this.list.map((one) => (one.fileId === from ? { ...one, fileId: to } : one))
  }
  put(fileId: string, url?: string) {
    this.list = [...this.list, { id: `i${this.list.length}`, type: 'image', fileId, isDeleted: false }]
    if (url) this.files.set(fileId, url)
  }
}

let stage: FilmStage
let images: Images
let editable: boolean
let failing: 'passing' | 'final' | 'forbidden' | null
let stored: Uint8Array[]
let asked: string[][]
let troubles: [string, boolean][]
let unstored: Unstored
let followed: { waiting: string[]; refused: string[] }
let kept: Set<string>

const source: ImageSource = {
  async store(bytes) {
    if (failing) throw new Error(failing)
    stored.push(bytes)
    return STORED
  },
  async links(files) {
    asked.push(files)
    if (failing) throw new Error(failing)
    return files.filter((file) => file === STORED).map((file) => ({ file, url: '/there', type: 'image/png' }))
  },
  fetch: async () => new Blob([new Uint8Array([1, 2, 3])]),
  isPassing: (error) => (error as Error).message === 'passing',
  isRefusal: (error) => (error as Error).message === 'final',
}

beforeEach(() => {
  stage = new FilmStage()
  editable = true
  failing = null
  stored = []
  asked = []
  troubles = []
  unstored = { count: 0, late: 0, loose: 0 }
  followed = { waiting: [], refused: [] }
  kept = new Set()
  images = followImages({
    stage,
    source,
    editable: () => editable,
    waiting: {
      follow(elements, refused) {
        followed = { waiting: elements.map(({ id }) => id), refused: [...refused] }
      },
      keeps: (id) => kept.has(id),
    },
    onTrouble: (error, kept) => void troubles.push([(error as Error).message, kept]),
    onUnstored: (now) => {
      unstored = now
    },
  })
})
afterEach(() => images.destroy())

test('an image of this page is stored, and then named by what it is stored as', async () => {
  stage.put(LOCAL, PIXEL)
  images.changed()
  expect(unstored).toEqual({ count: 1, late: 0, loose: 1 })
  expect(followed.waiting).toEqual(['i0'])
  await vi.waitFor(() => expect(stage.list[0]?.fileId).toBe(STORED))
  expect(followed.waiting).toEqual([])
  expect(stored).toEqual([new Uint8Array([1, 2, 3])])
  expect(unstored).toEqual({ count: 0, late: 0, loose: 0 })
  // Undoing and redoing the insertion brings the first name back.
  stage.put(LOCAL)
  images.changed()
  expect(stage.list.map(({ fileId }) => fileId)).toEqual([STORED, STORED])
  expect(stored).toHaveLength(1)
})

test('whoever may not edit stores nothing', () => {
  editable = false
  stage.put(LOCAL, PIXEL)
  images.changed()
  expect(stored).toEqual([])
})

test('without a server it waits, says so, and goes on when the connection is back', async () => {
  failing = 'passing'
  stage.put(LOCAL, PIXEL)
  images.changed()
  await vi.waitFor(() => expect(unstored).toEqual({ count: 1, late: 1, loose: 1 }))
  kept.add('i0')
  images.changed()
  expect(unstored).toEqual({ count: 1, late: 1, loose: 0 })
  window.dispatchEvent(new Event('online'))
  await Promise.resolve()
  expect(unstored.late).toBe(1)
  failing = null
  await vi.waitFor(() => {
    window.dispatchEvent(new Event('online'))
    expect(stage.list[0]?.fileId).toBe(STORED)
  })
  expect(unstored).toEqual({ count: 0, late: 0, loose: 0 })
})

test('what the server refuses is on this page only, until it is tried again', async () => {
  failing = 'final'
  stage.put(LOCAL, PIXEL)
  images.changed()
  await vi.waitFor(() => expect(troubles).toEqual([['final', false]]))
  images.changed()
  expect(followed).toEqual({ waiting: [], refused: [LOCAL] })
  expect(unstored).toEqual({ count: 1, late: 0, loose: 1 })
  expect(stage.list[0]?.fileId).toBe(LOCAL)
  failing = null
  images.retry()
  await vi.waitFor(() => expect(stage.list[0]?.fileId).toBe(STORED))
})

test('what this person cannot store now, for nothing in the bytes, goes on waiting', async () => {
  failing = 'forbidden'
  kept.add('i0')
  stage.put(LOCAL, PIXEL)
  images.changed()
  await vi.waitFor(() => expect(troubles).toEqual([['forbidden', true]]))
  expect(followed).toEqual({ waiting: ['i0'], refused: [] })
  expect(unstored).toEqual({ count: 1, late: 1, loose: 0 })
})

test('images of others are fetched once, those that nobody knows are asked for again later', async () => {
  stage.put(STORED)
  stage.put('U'.repeat(43))
  images.changed()
  images.changed()
  await vi.waitFor(() => expect(stage.files.get(STORED)).toBe(PIXEL))
  expect(asked).toEqual([[STORED, 'U'.repeat(43)]])
  images.retry()
  expect(asked).toHaveLength(2)
  expect(asked[1]).toEqual(['U'.repeat(43)])
  expect(stored).toEqual([])
})

test('files that are no images, too large or empty are refused with a reason', () => {
  const file = (type: string, size: number) => ({ type, size, name: 'x' }) as File
  expect(refusalOf(file('image/png', 10))).toBeNull()
  expect(refusalOf(file('image/svg+xml', 10))).toBeNull()
  expect(refusalOf(file('application/pdf', 10))).toContain('Only images')
  expect(refusalOf(file('image/bmp', 10))).toContain('Only images')
  expect(refusalOf(file('image/png', 200 * 1024 * 1024))).toBe('This image has 200 MB; the most is 25 MB.')
  expect(refusalOf(file('image/png', 0))).toBe('This file is empty.')
})

test('data URLs are read without asking anybody', () => {
  expect(bytesOf('data:image/png;base64,AQID')).toEqual(new Uint8Array([1, 2, 3]))
  expect(new TextDecoder().decode(bytesOf('data:image/svg+xml,%3Csvg%2F%3E'))).toBe('<svg/>')
})
