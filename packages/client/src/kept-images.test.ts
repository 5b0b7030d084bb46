import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import { indexedDbImages } from './kept-images.ts'

let users = 0
const open = () => indexedDbImages<{ x: number }>(`user-${users++}`)
const image = (id: string, x = 0, file = 'f') => ({ id, element: { x }, file, url: `data:image/png;base64,${file}` })

test('images wait by document and owner, as they were last put', async () => {
  const images = open()
  await images.put('doc', 'one', image('a'))
  await images.put('doc', 'one', image('a', 5))
  await images.put('doc', 'two', image('b', 1, 'g'))
  await images.put('doc2', 'one', image('c'))
  expect((await images.owners('doc')).sort()).toEqual(['one', 'two'])
  expect(await images.take('doc', 'one', 'three')).toEqual([image('a', 5)])
  expect((await images.owners('doc')).sort()).toEqual(['three', 'two'])
  expect(await images.take('doc', 'one', 'four')).toEqual([])
  expect(await images.owners('doc2')).toEqual(['one'])
})

test('bytes that several elements show stay until the last of them is removed', async () => {
  const images = open()
  await images.put('doc', 'one', image('a'))
  await images.put('doc', 'one', image('b'))
  await images.remove('doc', ['a', 'unknown'])
  expect(await images.take('doc', 'one', 'two')).toEqual([image('b')])
  await images.remove('doc', ['b'])
  expect(await images.owners('doc')).toEqual([])
  // Were the first bytes still there, they would not be replaced.
  await images.put('doc', 'one', { ...image('a'), url: 'data:new' })
  expect(await images.take('doc', 'one', 'two')).toMatchObject([{ url: 'data:new' }])
})

test('each person has an own place', async () => {
  const [ann, bob] = [open(), open()]
  await ann.put('doc', 'one', image('a'))
  expect(await bob.owners('doc')).toEqual([])
})

test('an element that cannot be kept says so, and leaves no bytes', async () => {
  const images = indexedDbImages<unknown>(`user-${users++}`)
  await expect(images.put('doc', 'one', { ...image('a'), element: () => {} })).rejects.toThrow()
  expect(await images.owners('doc')).toEqual([])
})
