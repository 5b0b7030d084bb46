import type { SceneElement } from '@realtime/resources'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { bytesOf, followImages, type ImageSource, type Images, refusalOf } from './images.ts'

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
let failing: 'passing' | 'final' | null
let stored: Uint8Array[]
let asked: string[][]
let troubles: string[]
let waiting: number

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
}

beforeEach(() => {
  stage = new FilmStage()
  editable = true
  failing = null
  stored = []
  asked = []
  troubles = []
  waiting = 0
  images = followImages({
    stage,
    source,
    editable: () => editable,
    onTrouble: ({ kind }) => void troubles.push(kind),
    onWaiting: (count) => {
      waiting = count
    },
  })
})
afterEach(() => images.destroy())

test('an image of this page is stored, and then named by what it is stored as', async () => {
  stage.put(LOCAL, PIXEL)
  images.changed()
  expect(waiting).toBe(1)
  await vi.waitFor(() => expect(stage.list[0]?.fileId).toBe(STORED))
  expect(stored).toEqual([new Uint8Array([1, 2, 3])])
  expect(waiting).toBe(0)
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

test('without a server it waits, tells so once, and goes on when the connection is back', async () => {
  failing = 'passing'
  stage.put(LOCAL, PIXEL)
  images.changed()
  await vi.waitFor(() => expect(troubles).toEqual(['waiting']))
  window.dispatchEvent(new Event('online'))
  await Promise.resolve()
  expect(waiting).toBe(1)
  failing = null
  await vi.waitFor(() => {
    window.dispatchEvent(new Event('online'))
    expect(stage.list[0]?.fileId).toBe(STORED)
  })
  expect(waiting).toBe(0)
})

test('what the server refuses stays on the page, until it is tried again', async () => {
  failing = 'final'
  stage.put(LOCAL, PIXEL)
  images.changed()
  await vi.waitFor(() => expect(troubles).toEqual(['refused']))
  images.changed()
  expect(stage.list[0]?.fileId).toBe(LOCAL)
  failing = null
  images.retry()
  await vi.waitFor(() => expect(stage.list[0]?.fileId).toBe(STORED))
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
